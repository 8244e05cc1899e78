/** What answers held that later requests hand back: ids, codes, tokens. */

import { mapTexts } from './texts.ts';

/** The newest of each by its name in answers; ids by the name of their type. */
export type Journal = Map<string, string>;

const KEPT = new Set(['identifier', 'key', 'otpCode', 'otpId', 'phoneProof', 'refreshToken', 'version']);

/** Notes everything of interest in the data of an answer. */
export function note(journal: Journal, data: unknown): void {
  if (Array.isArray(data)) {
    for (const item of data) note(journal, item);
    return;
  }
  if (typeof data !== 'object' || data === null) return;
  for (const [name, value] of Object.entries(data)) {
    if (typeof value !== 'string') note(journal, value);
    else if (KEPT.has(name)) keep(journal, name, value);
    else if (name === 'id' && '__typename' in data) keep(journal, String(data.__typename), value);
  }
}

function keep(journal: Journal, name: string, value: string): void {
  const before = journal.get(name);
  if (name === 'refreshToken' && before !== undefined && before !== value) {
    journal.set('spentRefreshToken', before);
  }
  journal.set(name, value);
}

/** `value` with each `@name` in its texts replaced by what the journal holds under it; unknown ones stay. */
export function filledIn<Value>(journal: Journal, value: Value): Value {
  return mapTexts(value, (text) =>
    text.replace(/@([A-Za-z]+)/g, (written, name: string) => journal.get(name) ?? written),
  );
}
