/** What every check of an input answers, and how checks of single fields make one of the whole. */
import type { z } from 'zod';
import { isTextKey, type Language, type TextKey, text } from '../texts/texts.ts';

/** What a check depends on besides the input. */
export interface InputRules {
  /** Of the messages. */
  language: Language;
  /** Whose mobile numbers get codes, as ISO 3166-1 alpha-2. */
  phoneCountries: ReadonlySet<string>;
  /** Pages that a password reset may lead to, each as a whole URL. */
  resetRedirects: ReadonlySet<string>;
}

export interface InputProblem {
  /** GraphQL's own names from the argument on: `['input', 'phone', 'number']`. */
  path: string[];
  /** For the person, in the language of the rules; never what was typed. */
  message: string;
}

/** The checked values, or everything that is wrong with what was typed. */
export type Checked<T> = { ok: true; value: T } | { ok: false; problems: InputProblem[] };

/** Keys of the texts for problems. */
export type ProblemKey = Extract<TextKey, `problem.${string}`>;

function isProblemKey(key: string): key is ProblemKey {
  return isTextKey(key) && key.startsWith('problem.');
}

/** A value with nothing wrong about it. */
export function accepted<T>(value: T): Checked<T> {
  return { ok: true, value };
}

/** One problem; `values` fill in the limits that its sentence names. */
export function problem(
  rules: Pick<InputRules, 'language'>,
  path: readonly string[],
  key: ProblemKey,
  values?: Readonly<Record<string, number>>,
): InputProblem {
  return { path: [...path], message: text(rules.language, key, values) };
}

/** A check that failed with one problem. */
export function refused(rules: InputRules, path: readonly string[], key: ProblemKey): Checked<never> {
  return { ok: false, problems: [problem(rules, path, key)] };
}

/** Whether a text was given at all: a form's empty field is no answer. */
export function isGiven(text: string | null | undefined): text is string {
  return text != null && text.trim() !== '';
}

/**
 * One field checked against a schema whose messages are `ProblemKey`s.
 *
 * Each place has at most one problem, the first. A message that is no key, which is zod's own and might
 * repeat the value, is replaced.
 */
export function field<T>(
  rules: InputRules,
  path: readonly string[],
  schema: z.ZodType<T>,
  value: unknown,
): Checked<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return accepted(parsed.data);
  const problems = new Map<string, InputProblem>();
  for (const issue of parsed.error.issues) {
    const place = [...path, ...issue.path.map(String)];
    if (problems.has(place.join('.'))) continue;
    const key = isProblemKey(issue.message) ? issue.message : 'problem.invalid';
    const values = issue.code === 'too_big' ? { max: Number(issue.maximum) } : undefined;
    problems.set(place.join('.'), problem(rules, place, key, values));
  }
  return { ok: false, problems: [...problems.values()] };
}

/**
 * The parts as one whole, or the problems of all of them together.
 *
 * A part whose value is `undefined` is left out, so that "absent keeps" survives the check.
 */
export function all<Parts extends object>(
  parts: {
    readonly [Name in keyof Parts]-?: Checked<Parts[Name]>;
  },
): Checked<Parts> {
  const problems: InputProblem[] = [];
  const whole: Partial<Parts> = {};
  for (const name in parts) {
    const part = parts[name];
    if (!part.ok) problems.push(...part.problems);
    else if (part.value !== undefined) whole[name] = part.value;
  }
  // Every name of `Parts` has been through the loop, which the compiler cannot see.
  return problems.length === 0 ? accepted(whole as Parts) : { ok: false, problems };
}

/** The value of a check after `change`, or its problems as they are. */
export function mapped<From, To>(checked: Checked<From>, change: (value: From) => To): Checked<To> {
  return checked.ok ? accepted(change(checked.value)) : checked;
}

/** Of two parts the one that was given (the other is `null`); both or neither is a problem of the input as a whole. */
export function exactlyOne<First, Second>(
  rules: InputRules,
  key: ProblemKey,
  first: Checked<First> | null,
  second: Checked<Second> | null,
): Checked<First | Second> {
  if (first && !second) return first;
  if (second && !first) return second;
  const problems = [refused(rules, ['input'], key), first, second];
  return { ok: false, problems: problems.flatMap((part) => (part && !part.ok ? part.problems : [])) };
}
