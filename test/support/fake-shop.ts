/** A small shop in memory with M2's traits: e-mail addresses are unique whatever their case, phones are not. */
import type {
  CustomerFacts,
  Customers,
  NewAddress,
  NewCustomer,
  Passwords,
  ShopCustomer,
} from '../../src/auth/ports.ts';

export const PLACEHOLDER_DOMAIN = 'customers.invalid';
// M2 refuses a name after so many failures, the right password too.
const LOCKING_FAILURES = 6;
const SUBJECT = { GOOGLE: 'googleSub', APPLE: 'appleSub' } as const;

/** What the shop holds of a customer; `password` `null` when none was ever set. */
export interface ShopRow extends CustomerFacts {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  verifiedWithoutOtp: boolean;
  addresses: NewAddress[];
  password: string | null;
}

export type FakeShop = ReturnType<typeof fakeShop>;

export function fakeShop() {
  const rows = new Map<string, ShopRow>();
  const tokens = new Map<string, string>();
  const resetTokens = new Map<string, string>();
  const failures = new Map<string, number>();
  let lastNumber = 100;

  const sameEmail = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const byEmail = (email: string) => [...rows.values()].find((row) => sameEmail(row.email, email));
  const isTaken = (email: string | undefined, id: string | null) => {
    const holder = email === undefined ? undefined : byEmail(email);
    return holder !== undefined && holder.id !== id;
  };
  const where = (matches: (row: ShopRow) => boolean) => [...rows.values()].filter(matches).map(shown);

  function shown(row: ShopRow): ShopCustomer {
    return {
      id: row.id,
      email: row.email.endsWith(`@${PLACEHOLDER_DOMAIN}`) ? null : row.email,
      emailVerified: row.emailVerified ?? false,
      firstName: row.firstName === '-' ? null : row.firstName,
      lastName: row.lastName === '-' ? null : row.lastName,
      phone: row.phone ? { e164: row.phone.e164 } : null,
      phoneVerified: row.phoneVerified ?? false,
      verifiedWithoutOtp: row.verifiedWithoutOtp,
      isPatient: row.isPatient ?? false,
      nationalId: row.nationalId ?? null,
      fileNo: row.fileNo ?? null,
      language: row.language ?? 'EN',
      addresses: [...row.addresses],
    };
  }

  function insert(facts: NewCustomer & Partial<ShopRow>): ShopRow {
    lastNumber += 1;
    const row = { verifiedWithoutOtp: false, addresses: [], password: null, ...facts, id: `${lastNumber}` };
    rows.set(row.id, row);
    return row;
  }

  const customers: Customers = {
    async find(id) {
      const row = rows.get(id);
      return row ? shown(row) : null;
    },
    findByPhone: async (phone) => where((row) => row.phone?.e164 === phone.e164),
    async findByEmail(email) {
      const row = byEmail(email);
      return row ? shown(row) : null;
    },
    findByNationalId: async (nationalId) => where((row) => row.nationalId === nationalId),
    findByFileNo: async (fileNo) => where((row) => row.fileNo === fileNo),
    findBySubject: async (provider, subject) => where((row) => row[SUBJECT[provider]] === subject),
    async create(customer) {
      if (isTaken(customer.email, null)) return { kind: 'emailTaken' };
      return { kind: 'created', customer: shown(insert(customer)) };
    },
    async createWithPassword(customer, password) {
      if (isTaken(customer.email, null)) return { kind: 'emailTaken' };
      if (!/\d/.test(password)) return { kind: 'passwordRefused' };
      return { kind: 'created', customer: shown(insert({ ...customer, password })) };
    },
    async update(id, changes) {
      const row = rows.get(id);
      if (!row) return { kind: 'gone' };
      if (isTaken(changes.email, id)) return { kind: 'emailTaken' };
      const { addresses, ...facts } = changes;
      if (addresses && row.addresses.length === 0) row.addresses.push(...addresses);
      const told = Object.entries(facts).filter(([, value]) => value !== undefined);
      Object.assign(row, Object.fromEntries(told));
      return { kind: 'updated', customer: shown(row) };
    },
    async linkSubject(id, { provider, subject }, changes) {
      const row = rows.get(id);
      if (!row) return { kind: 'gone' };
      const key = SUBJECT[provider];
      if (row[key] !== undefined && row[key] !== subject) return { kind: 'otherSubject' };
      Object.assign(row, changes, { [key]: subject });
      return { kind: 'linked' };
    },
    remove: async (id) => rows.delete(id),
  };

  const passwords: Passwords = {
    async signIn(email, password) {
      const name = email.toLowerCase();
      const failed = failures.get(name) ?? 0;
      const row = byEmail(email);
      if (failed >= LOCKING_FAILURES || !row || row.password !== password) {
        failures.set(name, failed + 1);
        return null;
      }
      failures.delete(name);
      const token = `shop-token-${row.id}-${tokens.size}`;
      tokens.set(token, row.id);
      return token;
    },
    async change(token, current, next) {
      const row = rows.get(tokens.get(token) ?? '');
      if (row?.password !== current) return 'wrong';
      if (!/\d/.test(next)) return 'refused';
      row.password = next;
      return 'changed';
    },
    async revokeTokens(token) {
      const id = tokens.get(token);
      for (const [known, owner] of tokens) if (owner === id) tokens.delete(known);
    },
    requestReset: async (email) => byEmail(email) !== undefined,
    requestResetTo: async (email) => byEmail(email) !== undefined,
    checkResetToken: async (customerId, token) => resetTokens.get(customerId) === token,
    async reset(email, token, newPassword) {
      const row = byEmail(email);
      if (!row || resetTokens.get(row.id) !== token) return 'linkExpired';
      if (!/\d/.test(newPassword)) return 'refused';
      resetTokens.delete(row.id);
      failures.delete(email.toLowerCase());
      row.password = newPassword;
      return 'reset';
    },
  };

  return {
    customers,
    passwords,
    rows,
    tokens,
    resetTokens,
    /** Puts a customer there as if it had always been; without `email` it has an address of its own. */
    add: (facts: Partial<ShopRow> = {}): ShopRow =>
      insert({
        email: `customer-${lastNumber}@example.com`,
        firstName: 'Sara',
        lastName: 'Example',
        ...facts,
      }),
    /** The only customer there is. */
    sole(): ShopRow {
      const [row] = rows.values();
      if (!row || rows.size !== 1) throw new Error(`the shop has ${rows.size} customers`);
      return row;
    },
  };
}
