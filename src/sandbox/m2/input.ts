/** What Magento does to a JSON object before a service sees it: names, types, nothing unknown. */
import { badRequest, internalError, required, wrongType } from './errors.ts';

/** A JSON object's properties by their snake_case names, each read as one type. */
export interface Properties {
  /** Absent is `undefined`, `null` is `null`. Numbers and yes/no become text, as PHP casts them. */
  text(name: string): string | null | undefined;
  int(name: string): number | null | undefined;
  flag(name: string): boolean | null | undefined;
  raw(name: string): unknown;
  has(name: string): boolean;
}

/** `phone_number` → `PhoneNumber`: how Magento names what it does not know. */
function upperCamel(name: string): string {
  return name.replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** True for what PHP calls an associative array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A scalar as PHP would print it; `null` for what has no such form. */
export function printed(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '';
  return null;
}

const NUMERIC = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i;
const INT64 = 2 ** 63;

/** The whole number in PHP's reading (`1.5` is 1, beyond 64 bits is clamped); `null` when it is no number. */
export function toInt(text: string): number | null {
  if (!NUMERIC.test(text)) return null;
  return Math.max(-INT64, Math.min(INT64, Math.trunc(Number(text))));
}

/**
 * Reads `json` as an object with the `known` properties, in snake_case or camelCase.
 *
 * Refuses others by name; without `known` every name passes. What is no object at all breaks the real
 * server, so it is a 500 here too.
 */
export function properties(json: unknown, known?: ReadonlySet<string>): Properties {
  if (!isObject(json)) throw internalError();
  const values = new Map<string, unknown>();
  for (const [key, value] of Object.entries(json)) {
    const name = snake(key);
    if (known && !known.has(name)) {
      throw badRequest('"%fieldName" is not supported. Correct the field name and try again.', {
        fieldName: upperCamel(name),
      });
    }
    values.set(name, value);
  }

  function scalar(name: string, expected: string): string | null | undefined {
    const value = values.get(name);
    if (value === undefined || value === null) return value;
    const text = printed(value);
    if (text === null) throw wrongType('array', expected, name);
    return text;
  }

  return {
    text: (name) => scalar(name, 'string'),
    int(name) {
      const text = scalar(name, 'int');
      if (text === undefined || text === null) return text;
      const value = toInt(text);
      if (value === null) throw wrongType(text, 'int', name);
      return value;
    },
    flag(name) {
      const text = scalar(name, 'boolean');
      return text === undefined || text === null ? text : !['', '0', 'false'].includes(text);
    },
    raw: (name) => values.get(name),
    has: (name) => values.has(name),
  };
}

/**
 * The texts of required parameters by their camelCase names; refused with 400 when any is absent or `null`.
 *
 * An empty text passes here: each service has its own words for it.
 */
export function requiredTexts<Name extends string>(body: Properties, names: Name[]): (name: Name) => string {
  const missing = names.filter((name) => (body.raw(snake(name)) ?? null) === null);
  if (missing.length > 0) throw required(missing);
  return (name) => body.text(snake(name)) ?? '';
}
