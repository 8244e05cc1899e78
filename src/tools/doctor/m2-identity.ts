/** Whether anonymous and customer callers can write what decides here who somebody is; and M2's password rules. */
import type { CustomerAttribute } from '../../datasources/m2/customer-body.ts';
import { saysPasswordRefused } from '../../datasources/m2/refusal.ts';
import { readToken } from '../../datasources/m2/wire.ts';
import { type Check, type Finding, fail, ok, warn } from './check.ts';
import { type AttributeValue, updateBody, type Visitor, type Visitors, withVisitors } from './m2-visitors.ts';
import type { Shop } from './shop.ts';

/** What identifies a customer, with invented values that a shop's own checks of form let pass. */
const IDENTITY: Readonly<Partial<Record<CustomerAttribute, string | number>>> = {
  phone_number: '500000000',
  zip_code: '+966',
  national_id: '1000000008',
  file_no: '999999999',
  google_sub: 'doctor-probe',
  apple_sub: 'doctor-probe',
  is_patient: 1,
  phone_verified: 1,
  email_verified: 1,
  verified_without_otp: 1,
};

const VALUES: readonly AttributeValue[] = Object.entries(IDENTITY).map(([attribute_code, value]) => ({
  attribute_code,
  value,
}));

const PROBE_MS = 90_000;
const MEND =
  'whoever writes these becomes somebody else here: have the shop refuse or drop them from all but the integration';

interface Probe {
  /** Whether invented customers may be made. */
  isAllowed: boolean;
  placeholderDomain: string;
}

/** Nothing but a customer of our own proves it: M2 answers an unknown attribute and a refused one alike. */
export function identityChecks(shop: Shop, { isAllowed, placeholderDomain }: Probe): Check[] {
  const callers = [
    { who: 'anonymous callers', writable: writableByNobody },
    { who: 'customers', writable: writableByCustomer },
  ];
  return callers.map(({ who, writable }) => ({
    name: `identity attributes, ${who}`,
    timeoutMs: PROBE_MS,
    async run() {
      const what = `identity attributes, ${who}:`;
      if (!isAllowed) {
        return warn(
          `${what} not probed, and stock M2 lets anybody write them`,
          'run with --probe, which makes invented customers in M2 and deletes them again',
        );
      }
      return withVisitors(shop, placeholderDomain, async (visitors) => {
        const codes = await writable(shop, visitors);
        if (codes === null) {
          return [
            warn(
              `${what} not proven, M2 let the probe do nothing at all`,
              'try it by hand, past captchas and the like',
            ),
          ];
        }
        if (codes.length > 0) return [fail(`${what} can write ${codes.join(', ')} over REST`, MEND)];
        return [ok(`${what} cannot write them over REST`)];
      });
    },
  }));
}

/** Which attributes hold something that they do not hold for a customer left alone; the shop may rewrite a value. */
async function written(
  visitors: Visitors,
  id: string,
  alone: ReadonlyMap<string, string>,
): Promise<string[]> {
  const stored = await visitors.attributesOf(id);
  return Object.keys(IDENTITY).filter((code) => {
    const value = stored.get(code) ?? '';
    return value !== '' && value !== '0' && value !== alone.get(code);
  });
}

/** `null`: nobody but us can make a customer, or not from here. */
async function writableByNobody(_shop: Shop, visitors: Visitors): Promise<string[] | null> {
  const create = (attributes: AttributeValue[]) => visitors.create('nobody', { attributes });
  const { id: ours } = await visitors.create('us');
  const alone = ours === null ? new Map<string, string>() : await visitors.attributesOf(ours);
  const all = await create([...VALUES]);
  if (all.id !== null) return written(visitors, all.id, alone);
  if (all.reply.status === 401) return [];
  // One of them may have been refused, and the others not.
  const found = new Set<string>();
  for (const attribute of VALUES) {
    const { id } = await create([attribute]);
    if (id !== null) for (const code of await written(visitors, id, alone)) found.add(code);
  }
  const without = await create([]);
  return without.id === null && found.size === 0 ? null : [...found];
}

/** `null`: the invented customer could not sign in or change anything. */
async function writableByCustomer(shop: Shop, visitors: Visitors): Promise<string[] | null> {
  const customer = await visitors.create('us');
  const token = await tokenOf(shop, customer);
  const { id, email } = customer;
  if (token === null || id === null) return null;
  const alone = await visitors.attributesOf(id);
  const update = async (attributes: AttributeValue[]) =>
    shop.askAs(token, { method: 'PUT', path: 'V1/customers/me', json: updateBody(email, attributes) });
  if ((await update([...VALUES])).status === 200) return written(visitors, id, alone);
  for (const attribute of VALUES) await update([attribute]);
  const found = await written(visitors, id, alone);
  const without = await update([]);
  return without.status !== 200 && without.status !== 401 && found.length === 0 ? null : found;
}

async function tokenOf(shop: Shop, { email, password }: Visitor): Promise<string | null> {
  const { status, body } = await shop.askAs(null, {
    method: 'POST',
    path: 'V1/integration/customer/token',
    json: { username: email, password },
  });
  return status === 200 ? readToken(body) : null;
}

/** Whether M2 takes what this service tells people is a good password. */
export function passwordRulesCheck(
  shop: Shop,
  { isAllowed, placeholderDomain }: Probe,
  minLength: number,
): Check {
  return {
    name: 'password rules',
    timeoutMs: PROBE_MS,
    async run() {
      const mend =
        `in M2 set customer/password/minimum_password_length to ${minLength} or less and ` +
        'customer/password/required_character_classes_number to 1';
      if (!isAllowed) {
        return warn('password rules: M2 does not show its own over REST', `${mend}; --probe tries one`);
      }
      return withVisitors(shop, placeholderDomain, async (visitors): Promise<Finding[]> => {
        const { reply, id } = await visitors.create('us', {
          password: 'qzvkxwjy'.repeat(9).slice(0, minLength),
        });
        if (id !== null)
          return [ok(`password rules: M2 takes ${minLength} small letters, as this service does`)];
        if (saysPasswordRefused(reply)) {
          return [
            warn(`password rules: M2 refuses ${minLength} small letters, which this service takes`, mend),
          ];
        }
        return [warn(`password rules: not proven, M2 answers ${reply.status} to a new customer`, mend)];
      });
    },
  };
}
