/** The forms that values have in M2's JSON, read in one step each: a page of customers holds thousands of them. */
import { z } from 'zod';

/** What a value comes to; a `Misfit` for one that is not of the form. */
export type Form<Value> = (given: unknown) => Value | Misfit;
/** What is read of a value that is of the form. */
export type Read<F> = F extends Form<infer Value> ? Value : never;

/** A value that is not of its form, told by the places inside of it that are not. */
class Misfit {
  constructor(readonly places: readonly (readonly PropertyKey[])[]) {}

  static readonly itself = new Misfit([[]]);

  static among(parts: ReadonlyMap<PropertyKey, Misfit>): Misfit {
    return new Misfit([...parts].flatMap(([key, { places }]) => places.map((place) => [key, ...place])));
  }
}

// Most values are texts, and to ask those for their class takes as long as to read them.
function isMisfit(value: unknown): value is Misfit {
  return typeof value === 'object' && value instanceof Misfit;
}

function isAbsent(given: unknown): given is null | undefined {
  return given === null || given === undefined;
}

function isObject(given: unknown): given is Readonly<Record<string, unknown>> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

export const string: Form<string> = (given) => (typeof given === 'string' ? given : Misfit.itself);

// M2 answers numbers, but a module or a proxy cache may hand them on as text.
export const id: Form<string> = (given) => {
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 0) return String(given);
  return typeof given === 'string' && /^\d+$/.test(given) ? given : Misfit.itself;
};
export const text: Form<string> = (given) => {
  if (typeof given === 'string') return given;
  return typeof given === 'number' && Number.isFinite(given) ? String(given) : Misfit.itself;
};
export const count: Form<number> = (given) => {
  const isNumber = typeof given === 'number' || (typeof given === 'string' && /^-?\d+$/.test(given));
  return isNumber && Number.isSafeInteger(Number(given)) ? Number(given) : Misfit.itself;
};
export const flag: Form<boolean> = (given) => {
  if (isAbsent(given)) return false;
  if (typeof given === 'boolean') return given;
  const isNumber = given === 0 || given === 1 || given === '0' || given === '1' || given === '';
  return isNumber ? Number(given) === 1 : Misfit.itself;
};

/** `null` stands for absence too. */
export function optional<Value>(form: Form<Value>): Form<Value | null> {
  return (given) => (isAbsent(given) ? null : form(given));
}

/** `[]` is how PHP says "no object". */
export function optionalObject<Value>(form: Form<Value>): Form<Value | null> {
  return (given) => (isAbsent(given) || (Array.isArray(given) && given.length === 0) ? null : form(given));
}

export function list<Value>(form: Form<Value>): Form<readonly Value[]> {
  return (given) => {
    if (!Array.isArray(given)) return Misfit.itself;
    const read: Value[] = [];
    const misfits = new Map<number, Misfit>();
    for (const [at, one] of given.entries()) {
      const value = form(one);
      if (isMisfit(value)) misfits.set(at, value);
      else read.push(value);
    }
    return misfits.size === 0 ? read : Misfit.among(misfits);
  };
}

/** A list; `null` or left out means an empty one. */
export function optionalList<Value>(form: Form<Value>): Form<readonly Value[]> {
  const present = list(form);
  return (given) => (isAbsent(given) ? [] : present(given));
}

/** What becomes of a value that is of the form. */
export function mapped<Value, Result>(form: Form<Value>, map: (value: Value) => Result): Form<Result> {
  return (given) => {
    const value = form(given);
    return isMisfit(value) ? value : map(value);
  };
}

/** An object with these fields; what else it holds is left out. */
export function object<Fields extends Readonly<Record<string, Form<unknown>>>>(
  fields: Fields,
): Form<{ readonly [Name in keyof Fields]: Read<Fields[Name]> }> {
  const names: readonly (string & keyof Fields)[] = Object.keys(fields);
  const forms = Object.values(fields);
  // Copied and then filled: an object that grows field by field takes half as long again.
  const blank: Record<string, unknown> = Object.fromEntries(names.map((name) => [name, null]));
  return (given) => {
    if (!isObject(given)) return Misfit.itself;
    const read = { ...blank };
    let misfits: Map<string, Misfit> | undefined;
    for (let at = 0; at < names.length; at++) {
      const name = names[at] as string;
      const value = (forms[at] as Form<unknown>)(given[name]);
      if (isMisfit(value)) {
        misfits ??= new Map();
        misfits.set(name, value);
      } else {
        read[name] = value;
      }
    }
    return misfits ? Misfit.among(misfits) : (read as { [Name in keyof Fields]: Read<Fields[Name]> });
  };
}

interface WireAttribute {
  attribute_code: string;
  value?: unknown;
}

function isAttribute(given: unknown): given is WireAttribute {
  return isObject(given) && typeof given.attribute_code === 'string';
}

/**
 * Codes with their text; values that are no text (a multi-line upload, a nested object) are left out.
 *
 * A class, for each customer has them, and searched where they are asked for: of the thirty there are few are shown.
 */
export class Attributes implements Iterable<readonly [code: string, text: string]> {
  readonly #list: readonly WireAttribute[];

  constructor(list: readonly WireAttribute[]) {
    this.#list = list;
  }

  get(code: string): string | undefined {
    for (let at = this.#list.length - 1; at >= 0; at--) {
      const attribute = this.#list[at];
      const known = attribute?.attribute_code === code ? textOf(attribute) : undefined;
      if (known !== undefined) return known;
    }
    return undefined;
  }

  has(code: string): boolean {
    return this.get(code) !== undefined;
  }

  *[Symbol.iterator]() {
    for (const code of new Set(this.#list.map(({ attribute_code }) => attribute_code))) {
      const known = this.get(code);
      if (known !== undefined) yield [code, known] as const;
    }
  }
}

function textOf({ value }: WireAttribute): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return typeof value === 'boolean' ? (value ? '1' : '0') : undefined;
}

const NO_ATTRIBUTES = new Attributes([]);

/** What M2 calls custom attributes. */
export const attributes: Form<Attributes> = (given) => {
  if (isAbsent(given)) return NO_ATTRIBUTES;
  return Array.isArray(given) && given.every(isAttribute) ? new Attributes(given) : Misfit.itself;
};

/** The form as a part of a schema. */
export function schemaOf<Value>(form: Form<Value>): z.ZodType<Value> {
  return z.transform((given, context) => {
    const value = form(given);
    if (!isMisfit(value)) return value;
    for (const place of value.places) {
      context.issues.push({ code: 'custom', input: given, path: [...place], message: 'not of its form' });
    }
    return z.NEVER;
  });
}
