/** Sign-in: bearer tokens of admins and customers, the throttle of wrong passwords, the revocation by seconds. */
import { createHash, randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { rejected, required } from './errors.ts';
import { type Properties, requiredTexts } from './input.ts';
import type { Caller, Route } from './router.ts';
import { type CustomerRow, findByEmail, type Shop } from './shop.ts';

const LIFETIME_SECONDS = 3600;
const MAX_FAILURES = 6;
const THROTTLE_MS = 30 * 60_000;
const USER_TYPES = { admin: 2, customer: 3 };

const REFUSED =
  'The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.';

/** The tokens of one shop. */
export interface Tokens {
  /** A customer's token as the sign-in answers it, without asking for the password. */
  issue(customer: CustomerRow): Promise<string>;
  /** Who a bearer token stands for; every token that is not good is nobody's. */
  callerOf(authorization: string | undefined): Promise<Caller>;
  routes: readonly Route[];
}

// The stand-in keeps made-up passwords in memory only: a slow hash would slow tests and protect nothing.
const PEPPER = randomBytes(16);

/** What the stand-in keeps of a password. */
export function hashOf(password: string): string {
  return createHash('sha256').update(PEPPER).update(password).digest('hex');
}

function credentials(body: Properties): { username: string; password: string } {
  const text = requiredTexts(body, ['username', 'password']);
  const given = { username: text('username'), password: text('password') };
  const empty = Object.entries(given).flatMap(([name, value]) => (value === '' ? [name] : []));
  if (empty.length > 0) throw required(empty);
  return given;
}

/** Issues and reads the tokens of one shop. */
export function tokensOf(shop: Shop): Tokens {
  const key = randomBytes(32);
  const nowSeconds = () => Math.floor(shop.now().getTime() / 1000);

  // Without a random part, so two sign-ins within a second answer the very same token, as M2's do.
  function sign(userId: number, userType: number): Promise<string> {
    return new SignJWT({ uid: userId, utypid: userType })
      .setProtectedHeader({ kid: '1', alg: 'HS256' })
      .setIssuedAt(nowSeconds())
      .setExpirationTime(nowSeconds() + LIFETIME_SECONDS)
      .sign(key);
  }

  async function callerOfJwt(token: string): Promise<Caller> {
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], currentDate: shop.now() });
    if (payload.utypid === USER_TYPES.admin) return { kind: 'admin' };
    const customer = shop.customers.get(Number(payload.uid));
    const issuedAt = payload.iat ?? 0;
    if (!customer || issuedAt <= customer.secrets.revokedAt) return { kind: 'nobody' };
    return { kind: 'customer', customer };
  }

  async function callerOf(authorization: string | undefined): Promise<Caller> {
    const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return { kind: 'nobody' };
    if (token === shop.integrationToken) {
      return shop.settings.integrationAsBearer ? { kind: 'admin' } : { kind: 'nobody' };
    }
    return callerOfJwt(token).catch((): Caller => ({ kind: 'nobody' }));
  }

  /** Counts by name, whether it exists or not, and answers every refusal alike. */
  async function throttled(name: string, signIn: () => Promise<string | null>): Promise<string> {
    const now = shop.now();
    const entry = shop.throttle.get(name);
    const recent = entry && now.getTime() - entry.lastAt.getTime() < THROTTLE_MS ? entry.failures : 0;
    if (recent >= MAX_FAILURES) throw rejected(REFUSED);
    const token = await signIn();
    if (token === null) {
      shop.throttle.set(name, { failures: recent + 1, lastAt: now });
      throw rejected(REFUSED);
    }
    shop.throttle.delete(name);
    return token;
  }

  async function signInCustomer(email: string, password: string, websiteId: number): Promise<string | null> {
    const customer = findByEmail(shop, email, websiteId);
    if (!customer) return null;
    const { secrets } = customer;
    const isLocked = secrets.lockedUntil !== null && secrets.lockedUntil > shop.now();
    if (isLocked || customer.confirmation !== null || secrets.passwordHash !== hashOf(password)) {
      secrets.failures += 1;
      return null;
    }
    secrets.failures = 0;
    return sign(customer.id, USER_TYPES.customer);
  }

  const routes: Route[] = [
    {
      method: 'POST',
      path: '/V1/integration/customer/token',
      access: 'anonymous',
      answer({ body, store }) {
        const { username, password } = credentials(body);
        return throttled(`customer:${username}`, () => signInCustomer(username, password, store.website_id));
      },
    },
    {
      method: 'POST',
      path: '/V1/integration/admin/token',
      access: 'anonymous',
      answer({ body }) {
        const { username, password } = credentials(body);
        return throttled(`admin:${username}`, async () =>
          shop.admins.get(username) === password ? sign(1, USER_TYPES.admin) : null,
        );
      },
    },
    {
      method: 'POST',
      path: '/V1/integration/customer/revoke-customer-token',
      access: 'self',
      answer(call) {
        call.self().secrets.revokedAt = nowSeconds();
        return true;
      },
    },
  ];

  return { issue: (customer) => sign(customer.id, USER_TYPES.customer), callerOf, routes };
}
