/** The custom attributes that the service writes: M2 drops what it does not know without a word. */
import { z } from 'zod';
import { reader } from '../../datasources/http.ts';
import { ADDRESS_ATTRIBUTES } from '../../datasources/m2/address-body.ts';
import { CUSTOMER_ATTRIBUTES } from '../../datasources/m2/customer-body.ts';
import { type Check, type Finding, fail, ok, warn } from './check.ts';
import type { Shop } from './shop.ts';

const Attribute = z.object({
  attribute_code: z.string(),
  frontend_input: z.string().nullish(),
  backend_type: z.string().nullish(),
  required: z.union([z.boolean(), z.literal([0, 1, '0', '1'])]).nullish(),
});
type Attribute = z.output<typeof Attribute>;

const readAttributes = reader('the attributes', z.array(Attribute));

const ENTITIES = [
  {
    entity: 'customer',
    path: 'V1/attributeMetadata/customer/custom',
    text: CUSTOMER_ATTRIBUTES.text,
    yesNo: CUSTOMER_ATTRIBUTES.yesNo,
  },
  {
    entity: 'address',
    path: 'V1/attributeMetadata/customerAddress/custom',
    text: ADDRESS_ATTRIBUTES,
    yesNo: [],
  },
];

/** Whether every attribute of customers and of addresses is there and keeps what is written to it. */
export function attributeChecks(shop: Shop): Check[] {
  return ENTITIES.map(({ entity, path, text, yesNo }) => ({
    name: `${entity} attributes`,
    async run() {
      const { status, body } = await shop.ask({ method: 'GET', path });
      if (status !== 200) {
        return fail(
          `${entity} attributes: M2 answers ${status} when asked for them`,
          'mend the M2 line first',
        );
      }
      const known = new Map(readAttributes(body).map((attribute) => [attribute.attribute_code, attribute]));
      const findings = [
        ...text.map((code) => [code, 'text'] as const),
        ...yesNo.map((code) => [code, 'yes/no'] as const),
      ].flatMap(([code, kind]) => findingOf(entity, code, kind, known.get(code)));
      const ours = new Set([...text, ...yesNo]);
      for (const { attribute_code: code, required } of known.values()) {
        if (ours.has(code) || !isOn(required)) continue;
        findings.push(
          fail(
            `${entity} attribute ${code}: is required, and the service does not write it`,
            'make it optional',
          ),
        );
      }
      const isWhole = findings.every(({ level }) => level !== 'fail');
      return isWhole
        ? [ok(`${entity} attributes: all ${ours.size} there and usable`), ...findings]
        : findings;
    },
  }));
}

function findingOf(
  entity: string,
  code: string,
  kind: 'text' | 'yes/no',
  attribute: Attribute | undefined,
): Finding[] {
  const what = `${entity} attribute ${code}:`;
  if (!attribute) {
    return [
      fail(
        `${what} missing, so M2 drops it without a word`,
        `create it as ${kind} and add it to the forms' attribute set`,
      ),
    ];
  }
  const { frontend_input: input, backend_type: type } = attribute;
  const found: Finding[] = [];
  if (isDecimalPlace(code, attribute)) {
    found.push(warn(`${what} is decimal and keeps four places, some ten metres`, 'create it as text'));
  } else if (!isUsable(kind, attribute)) {
    found.push(
      fail(`${what} is ${input}/${type}, which does not keep what is written`, `create it as ${kind}`),
    );
  }
  if (isOn(attribute.required)) {
    found.push(fail(`${what} is required, and not everybody has one`, 'make it optional'));
  }
  return found;
}

const TEXT_INPUTS = new Set(['text', 'textarea', 'hidden']);

/** A select would want the number of an option, a date a date; a yes/no kept as text holds 1 and 0 as well. */
function isUsable(
  kind: 'text' | 'yes/no',
  { frontend_input: input, backend_type: type }: Attribute,
): boolean {
  const isText = TEXT_INPUTS.has(input ?? 'text') && (type === 'varchar' || type === 'text');
  if (kind === 'text') return isText;
  const isNumber = type === 'int' && (input === 'boolean' || TEXT_INPUTS.has(input ?? 'text'));
  return isText || isNumber;
}

function isDecimalPlace(code: string, { backend_type: type }: Attribute): boolean {
  return type === 'decimal' && /^(latitude|longt?itude)$/.test(code);
}

function isOn(value: boolean | 0 | 1 | '0' | '1' | null | undefined): boolean {
  return value === true || Number(value ?? 0) === 1;
}
