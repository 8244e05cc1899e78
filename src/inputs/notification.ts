/** The inputs of what is done to several notifications at once. */
import { accepted, type Checked, type InputRules, problem } from './checked.ts';

const MAX_IDS = 100;

/** Each id once. Which of them there are is for the shop to say; more than 100 are a problem. */
export function checkNotificationIds(ids: readonly string[], rules: InputRules): Checked<string[]> {
  const different = [...new Set(ids)];
  if (different.length <= MAX_IDS) return accepted(different);
  return { ok: false, problems: [problem(rules, ['ids'], 'problem.tooMany', { max: MAX_IDS })] };
}
