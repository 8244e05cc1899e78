/** Custom attributes of customers and addresses: what Magento takes, stores and shows of them. */
import { type Attribute, backendOf } from './attributes.ts';
import { readDate } from './dates.ts';
import { badRequest, processing } from './errors.ts';
import { isObject, printed, properties, toInt } from './input.ts';

/** The values to write by code; `null` clears. Codes that the shop does not know are gone already. */
export type CustomValues = Map<string, string | null>;

const COLUMN_LENGTH = 255;
const WHERE = processing('custom_attributes');

function invalid(code: string, value: string, expected: string): Error {
  return badRequest(
    `${WHERE} Attribute "${code}" has invalid value. The "${value}" value's type is invalid. ` +
      `The "${expected}" type was expected. Verify and try again.`,
  );
}

function optionIds({ input, options }: Attribute): string[] {
  return input === 'boolean' ? ['0', '1'] : Object.keys(options ?? {});
}

function readOption(attribute: Attribute, value: unknown): string {
  const text = printed(value) ?? 'array';
  const id = typeof value === 'boolean' ? null : toInt(text);
  if (id === null) throw invalid(attribute.code, text, 'int');
  if (!optionIds(attribute).includes(String(id))) {
    throw badRequest(`Attribute ${attribute.code} does not contain option with Id ${id}`);
  }
  return String(id);
}

function readValue(attribute: Attribute, value: unknown): string | null {
  if (value === null) return null;
  if (backendOf(attribute) === 'int') return readOption(attribute, value);
  const text = printed(value);
  if (text === null) throw invalid(attribute.code, 'array', 'string');
  if (text === '') return null;
  switch (backendOf(attribute)) {
    case 'varchar':
      return text.slice(0, COLUMN_LENGTH);
    case 'datetime':
      return `${readDate(text)} 00:00:00`;
    case 'decimal':
      return (Number.parseFloat(text) || 0).toFixed(4);
    default:
      return text;
  }
}

/** Both forms that Magento takes: the list, and a map of values by code. */
function entriesOf(json: unknown): { code: string; value: unknown }[] {
  if (json === undefined || json === null) return [];
  if (isObject(json)) return Object.entries(json).map(([code, value]) => ({ code, value }));
  if (!Array.isArray(json)) return [];
  return json.map((item: unknown) => {
    const entry = properties(item);
    const code = entry.text('attribute_code');
    if (code === undefined || code === null || code === '') {
      throw badRequest(
        `${WHERE} A custom attribute is specified with a missing attribute code. Verify the code and try again.`,
      );
    }
    if (!entry.has('value')) {
      throw badRequest(
        `${WHERE} The "${code}" attribute code doesn't have a value set. Enter the value and try again.`,
      );
    }
    return { code, value: entry.raw('value') };
  });
}

/** Reads `custom_attributes` of a body. The last entry of a code wins; unknown codes vanish without a word. */
export function readCustomAttributes(json: unknown, attributes: readonly Attribute[]): CustomValues {
  const values: CustomValues = new Map();
  for (const { code, value } of entriesOf(json)) {
    const attribute = attributes.find((known) => known.code === code);
    if (attribute) values.set(code, readValue(attribute, value));
  }
  return values;
}

/** Writes `values` over what is `stored`; what they do not name stays. */
export function writeCustomAttributes(stored: Map<string, string>, values: CustomValues): void {
  for (const [code, value] of values) {
    if (value === null) stored.delete(code);
    else stored.set(code, value);
  }
}

const TABLES = ['varchar', 'int', 'datetime', 'decimal', 'text'];

/**
 * The answer's `custom_attributes`, or nothing when none is set.
 *
 * Magento reads one table after the other, so the order is never the one that was sent.
 */
export function customAttributesView(
  stored: ReadonlyMap<string, string>,
  attributes: readonly Attribute[],
): { custom_attributes?: { attribute_code: string; value: string }[] } {
  const list = TABLES.flatMap((table) =>
    attributes
      .filter((attribute) => backendOf(attribute) === table)
      .flatMap(({ code }) => {
        const value = stored.get(code);
        return value === undefined ? [] : [{ attribute_code: code, value }];
      }),
  );
  return list.length > 0 ? { custom_attributes: list } : {};
}
