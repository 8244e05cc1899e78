/** M2's JSON as it comes over the wire, and the readers that check it. Renaming is the nouns' own. */
import { z } from 'zod';
import { reader } from '../http.ts';
import * as form from './wire-forms.ts';

const { schemaOf } = form;

const id = schemaOf(form.id);
const text = schemaOf(form.text);
const count = schemaOf(form.count);
const flag = schemaOf(form.flag);
const optionalText = schemaOf(form.optional(form.text));

/** A list; `null` or left out means an empty one. */
function listOf<Schema extends z.ZodType>(schema: Schema) {
  return z
    .array(schema)
    .nullish()
    .transform((items) => items ?? []);
}

const optionalId = form.optional(form.id);
const optionalLine = form.optional(form.text);
const optionalCount = form.optional(form.count);
// "0" is what M2 keeps of a default that was taken away.
const defaultId = form.mapped(optionalId, (known) => (known === '0' ? null : known));

const address = form.object({
  id: form.id,
  firstname: optionalLine,
  lastname: optionalLine,
  middlename: optionalLine,
  prefix: optionalLine,
  suffix: optionalLine,
  company: optionalLine,
  vat_id: optionalLine,
  fax: optionalLine,
  street: form.mapped(form.optionalList(form.optional(form.string)), (lines) =>
    lines.filter((line) => line !== null),
  ),
  city: optionalLine,
  region: form.optionalObject(
    form.object({ region_code: optionalLine, region: optionalLine, region_id: optionalCount }),
  ),
  postcode: optionalLine,
  country_id: optionalLine,
  telephone: optionalLine,
  custom_attributes: form.attributes,
});

const CUSTOMER = {
  id: form.id,
  group_id: optionalId,
  default_billing: defaultId,
  default_shipping: defaultId,
  created_at: form.string,
  updated_at: form.string,
  created_in: optionalLine,
  dob: optionalLine,
  email: form.string,
  firstname: form.string,
  middlename: optionalLine,
  lastname: form.string,
  gender: optionalCount,
  store_id: optionalId,
  website_id: form.id,
  // Not optional: a list that only looks empty would be written back as one.
  addresses: form.list(address),
  extension_attributes: form.optionalObject(form.object({ is_subscribed: form.flag })),
  custom_attributes: form.attributes,
};
const customer = form.object(CUSTOMER);

/** The large parts of a customer's record. */
export type RecordPart = 'addresses' | 'extension_attributes' | 'custom_attributes';

/** What is asked for with some parts only: the rest of the record always is. */
const OTHER_FIELDS = Object.keys(CUSTOMER).filter((name) => !/^(?:addresses|\w+_attributes)$/.test(name));

/** The value of `fields=` for a page of customers with these parts. */
export function fieldsOfPage(parts: readonly RecordPart[]): string {
  return `items[${[...OTHER_FIELDS, ...parts].join()}],total_count`;
}

/** An address of a customer; default flags are on the customer. */
export type WireAddress = form.Read<typeof address>;
export type WireCustomer = form.Read<typeof customer>;

/** Checks the customer of `GET`, `POST` and `PUT V1/customers[/{id}]`. */
export const readCustomer = reader('a customer', schemaOf(customer));

/** Checks `GET V1/customers/addresses/{id}` for whose address it is. */
export const readAddressOwner = reader('an address', z.object({ customer_id: id }));

const pageOf = (one: form.Form<WireCustomer>) =>
  schemaOf(form.object({ items: form.optionalList(one), total_count: form.count }));

/** Checks a page of `GET V1/customers/search`; with `fields=` M2 answers `items: null` for none. */
export const readCustomerPage = reader('a page of customers', pageOf(customer));

const readParts = reader(
  'a page of parts of customers',
  pageOf(form.object({ ...CUSTOMER, addresses: form.optionalList(address) })),
);
const readBefore = new WeakMap<object, ReturnType<typeof readParts>>();

/**
 * Checks the same as asked with `fieldsOfPage`, where a list that is empty or was not asked for is `null` or left out.
 * What it reads is to be shown, never written back.
 *
 * Those who share an answer share what is read of it.
 */
export function readPartsPage(body: unknown): ReturnType<typeof readParts> {
  const shared = Object(body);
  const page = readBefore.get(shared) ?? readParts(body);
  readBefore.set(shared, page);
  return page;
}

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

const card = form.object({
  id: form.text,
  last_4_digits: form.text,
  expiration_date: form.text,
  requires_cvv: form.flag,
  payment_method: form.text,
  type: optionalLine,
});
export type WireCard = form.Read<typeof card>;

/** Checks `GET V1/hmg/customers/{id}/cards`. */
export const readCards = reader(
  'saved cards',
  z.preprocess(
    // An empty PHP array is a list wherever it stands, at the root too.
    (body) => (Array.isArray(body) && body.length === 0 ? { cards: [] } : body),
    z.object({ cards: z.array(schemaOf(card)).nullable() }).transform(({ cards }) => cards ?? []),
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

/** The forms of value that every module on M2 sends alike, for readers that live beside their noun. */
export const wire = { id, text, count, flag };
