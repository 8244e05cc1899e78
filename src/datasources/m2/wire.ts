/** M2's JSON as it comes over the wire, and the readers that check it. Renaming is the nouns' own. */
import { z } from 'zod';
import { reader } from '../http.ts';

/**
 * One value, read by `read`; what that answers `undefined` for does not fit.
 *
 * A single step each: a page of customers holds thousands of values, and every step of zod's makes objects.
 */
function value<Read>(read: (given: unknown) => Read | undefined): z.ZodType<Read> {
  return z.transform((given, context) => {
    const known = read(given);
    if (known !== undefined) return known;
    context.issues.push({ code: 'custom', input: given, message: 'not of its form' });
    return z.NEVER;
  });
}

const isAbsent = (given: unknown) => given === null || given === undefined;

// M2 answers numbers, but a module or a proxy cache may hand them on as text.
function readId(given: unknown): string | undefined {
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 0) return String(given);
  return typeof given === 'string' && /^\d+$/.test(given) ? given : undefined;
}
function readText(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  return typeof given === 'number' && Number.isFinite(given) ? String(given) : undefined;
}
function readCount(given: unknown): number | undefined {
  const isNumber = typeof given === 'number' || (typeof given === 'string' && /^-?\d+$/.test(given));
  return isNumber && Number.isSafeInteger(Number(given)) ? Number(given) : undefined;
}
function readFlag(given: unknown): boolean | undefined {
  if (isAbsent(given)) return false;
  if (typeof given === 'boolean') return given;
  return given === 0 || given === 1 || given === '0' || given === '1' || given === ''
    ? Number(given) === 1
    : undefined;
}
/** `null` stands for absence too. */
const orNull =
  <Read>(read: (given: unknown) => Read | undefined) =>
  (given: unknown): Read | null | undefined =>
    isAbsent(given) ? null : read(given);

const id = value(readId);
const text = value(readText);
const optionalId = value(orNull(readId));
const optionalText = value(orNull(readText));
const count = value(readCount);
const optionalCount = value(orNull(readCount));
// "0" is what M2 keeps of a default that was taken away.
const defaultId = value(orNull((given) => (given === '0' || given === 0 ? null : readId(given))));
const flag = value(readFlag);

/** `[]` is how PHP says "no object". */
function objectOrAbsent<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(
    (value) => (Array.isArray(value) && value.length === 0 ? null : value),
    schema.nullish(),
  );
}

interface WireAttribute {
  attribute_code: string;
  value?: unknown;
}

function isAttribute(given: unknown): given is WireAttribute {
  return (
    typeof given === 'object' &&
    given !== null &&
    'attribute_code' in given &&
    typeof given.attribute_code === 'string'
  );
}

/** A list; `null` or left out means an empty one. */
function listOf<Schema extends z.ZodType>(schema: Schema) {
  return z
    .array(schema)
    .nullish()
    .transform((items) => items ?? []);
}

/**
 * Codes with their text; values that are no text (a multi-line upload, a nested object) are left out.
 *
 * Checked as one value: a page of customers has thousands of them.
 */
const customAttributes = z
  .custom<WireAttribute[]>((list) => Array.isArray(list) && list.every(isAttribute))
  .nullish()
  .transform((list) => {
    const attributes = new Map<string, string>();
    for (const { attribute_code, value } of list ?? []) {
      if (typeof value === 'string') attributes.set(attribute_code, value);
      if (typeof value === 'number') attributes.set(attribute_code, String(value));
      if (typeof value === 'boolean') attributes.set(attribute_code, value ? '1' : '0');
    }
    return attributes;
  });

const address = z.object({
  id,
  firstname: optionalText,
  lastname: optionalText,
  middlename: optionalText,
  prefix: optionalText,
  suffix: optionalText,
  company: optionalText,
  vat_id: optionalText,
  fax: optionalText,
  street: z
    .array(z.string().nullable())
    .nullish()
    .transform((lines) => (lines ?? []).filter((line) => line !== null)),
  city: optionalText,
  region: objectOrAbsent(
    z.object({ region_code: optionalText, region: optionalText, region_id: optionalCount }),
  ),
  postcode: optionalText,
  country_id: optionalText,
  telephone: optionalText,
  custom_attributes: customAttributes,
});

const customer = z.object({
  id,
  group_id: optionalId,
  default_billing: defaultId,
  default_shipping: defaultId,
  created_at: z.string(),
  updated_at: z.string(),
  created_in: optionalText,
  dob: optionalText,
  email: z.string(),
  firstname: z.string(),
  middlename: optionalText,
  lastname: z.string(),
  gender: optionalCount,
  store_id: optionalId,
  website_id: id,
  // Not optional: a list that only looks empty would be written back as one.
  addresses: z.array(address),
  extension_attributes: objectOrAbsent(z.object({ is_subscribed: flag })),
  custom_attributes: customAttributes,
});

/** The large parts of a customer's record. */
export type RecordPart = 'addresses' | 'extension_attributes' | 'custom_attributes';

/** What is asked for with some parts only: the rest of the record always is. */
const OTHER_FIELDS = Object.keys(customer.shape).filter(
  (name) => !/^(?:addresses|\w+_attributes)$/.test(name),
);

/** The value of `fields=` for a page of customers with these parts. */
export function fieldsOfPage(parts: readonly RecordPart[]): string {
  return `items[${[...OTHER_FIELDS, ...parts].join()}],total_count`;
}

/** An address of a customer; default flags are on the customer. */
export type WireAddress = z.output<typeof address>;
export type WireCustomer = z.output<typeof customer>;

/** Checks the customer of `GET`, `POST` and `PUT V1/customers[/{id}]`. */
export const readCustomer = reader('a customer', customer);

/** Checks `GET V1/customers/addresses/{id}` for whose address it is. */
export const readAddressOwner = reader('an address', z.object({ customer_id: id }));

/** Checks a page of `GET V1/customers/search`; with `fields=` M2 answers `items: null` for none. */
export const readCustomerPage = reader(
  'a page of customers',
  z.object({ items: listOf(customer), total_count: count }),
);

/**
 * Checks the same as asked with `fieldsOfPage`, where a list that is empty or was not asked for is `null` or left out.
 * What it reads is to be shown, never written back.
 */
export const readPartsPage = reader(
  'a page of parts of customers',
  z.object({ items: listOf(customer.extend({ addresses: listOf(address) })), total_count: count }),
);

/** Checks `GET V1/store/storeViews`; the view 0 is the admin's own. */
export const readStoreViews = reader(
  'the store views',
  z.array(z.object({ id, code: z.string(), website_id: id })),
);

/** Checks `GET V1/customerGroups/{id}`; its name is called `code`. */
export const readGroup = reader('a customer group', z.object({ id, code: z.string() }));

const region = z.object({ id, code: optionalText, name: text });
export type WireRegion = z.output<typeof region>;

const country = z.object({
  id: z.string(),
  full_name_english: optionalText,
  // Countries without regions lack the list.
  available_regions: listOf(region),
});
export type WireCountry = z.output<typeof country>;

/** Checks `GET V1/directory/countries/{code}`. */
export const readCountry = reader('a country', country);

/** Checks `GET V1/directory/countries`. */
export const readCountries = reader('the countries', z.array(country));

const card = z.object({
  id: text,
  last_4_digits: text,
  expiration_date: text,
  requires_cvv: flag,
  payment_method: text,
  type: optionalText,
});
export type WireCard = z.output<typeof card>;

/** Checks `GET V1/hmg/customers/{id}/cards`. */
export const readCards = reader(
  'saved cards',
  z.preprocess(
    // An empty PHP array is a list wherever it stands, at the root too.
    (body) => (Array.isArray(body) && body.length === 0 ? { cards: [] } : body),
    z.object({ cards: z.array(card).nullable() }).transform(({ cards }) => cards ?? []),
  ),
);

const loyalty = z.object({
  status: z.enum(['not_enrolled', 'pending', 'active']),
  member_id: optionalText,
  points: count.nullish().transform((points) => points ?? 0),
});
export type WireLoyalty = z.output<typeof loyalty>;

/** Checks `GET` and `POST V1/hmg/customers/{id}/loyalty`. */
export const readLoyalty = reader('a loyalty membership', loyalty);

const appInfo = z.object({
  support_email: optionalText,
  support_phone: optionalText,
  terms_url: optionalText,
  terms_version: optionalText,
  privacy_url: optionalText,
  minimum_versions: listOf(z.object({ platform: z.string(), version: text })),
  social_accounts: listOf(z.object({ name: text, url: z.string() })),
});
export type WireAppInfo = z.output<typeof appInfo>;

/** Checks `GET V1/hmg/app-info`; lists may be missing. */
export const readAppInfo = reader('the app info', appInfo);

/** Checks `GET V1/hmg/faqs`. */
export const readFaqs = reader(
  'the questions',
  z.preprocess(
    (body) => (Array.isArray(body) && body.length === 0 ? { faqs: [] } : body),
    z.object({ faqs: listOf(z.object({ question: text, answer: text })) }).transform(({ faqs }) => faqs),
  ),
);

/** Checks a token route's bare string. */
export const readToken = reader('a token', z.string().min(1));

/** Checks the bare `true` that M2 answers when something was done. */
export const readTrue = reader('a bare true', z.literal(true));

const placeholders = z.union([
  z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  z.array(z.unknown()),
]);
const refusal = z.object({
  message: z.string(),
  parameters: placeholders.optional().catch(undefined),
  errors: z
    .array(z.object({ message: z.string(), parameters: placeholders.optional().catch(undefined) }))
    .nullish()
    .catch(undefined),
});
export type WireRefusal = z.output<typeof refusal>;

/** The body of a 4xx; one of another shape counts as one without words. */
export function readRefusal(body: unknown): WireRefusal {
  const read = refusal.safeParse(body);
  return read.success ? read.data : { message: '' };
}

/** The kinds of value that every module on M2 sends alike, for readers that live beside their noun. */
export const wire = { id, text, count, flag };
