/** The three ways in which M2 takes this service: a bearer token, OAuth 1.0a, an admin's name and password. */
import { createHmac, randomBytes } from 'node:crypto';
import OAuth from 'oauth-1.0a';
import { Failure } from '../../failures.ts';
import { apart } from '../../operation.ts';
import type { Authorization, Upstream } from '../http.ts';
import { readToken } from './wire.ts';

export type M2Credentials =
  | { kind: 'bearer'; token: string }
  | { kind: 'oauth'; consumerKey: string; consumerSecret: string; token: string; tokenSecret: string }
  | { kind: 'admin'; username: string; password: string };

/**
 * The headers that go with every call of our own.
 *
 * `open` is M2 without credentials; only the admin's sign-in asks it.
 */
export function authorizationOf(credentials: M2Credentials, open: Upstream): Authorization {
  switch (credentials.kind) {
    case 'bearer':
      return { headers: () => bearer(credentials.token) };
    case 'oauth':
      return signed(credentials);
    case 'admin':
      return signedIn(credentials, open);
  }
}

/** The header of a token, an integration's, an admin's or a customer's. */
export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

function signed(credentials: M2Credentials & { kind: 'oauth' }): Authorization {
  const oauth = new OAuth({
    consumer: { key: credentials.consumerKey, secret: credentials.consumerSecret },
    // M2 has dropped HMAC-SHA1 and answers 400 to it.
    signature_method: 'HMAC-SHA256',
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  });
  // The package's own nonce comes from Math.random.
  oauth.getNonce = () => randomBytes(16).toString('hex');
  const token = { key: credentials.token, secret: credentials.tokenSecret };
  return {
    headers({ method, url, query }) {
      // Handed over decoded: the package would sign names that are encoded in a URL as they stand there.
      const data: Record<string, string | string[]> = {};
      for (const [name, value] of query) data[name] = [data[name] ?? [], value].flat();
      const authorized = oauth.authorize({ method, url: withoutPort(url), data }, token);
      return { authorization: oauth.toHeader(authorized).Authorization };
    },
  };
}

/** M2 signs the host it was called by with the port cut off, whichever it is. */
function withoutPort(url: string): string {
  return url.replace(/^(https?:\/\/(?:\[[^\]]*\]|[^/:]+)):\d+(?=\/|$)/i, '$1');
}

// M2 locks a name after six failures, which must not come from us asking again and again.
const PAUSE_AFTER_REFUSAL_MS = 60_000;

function signedIn(credentials: M2Credentials & { kind: 'admin' }, open: Upstream): Authorization {
  let current: Promise<string> | null = null;
  /** What `current` has come to; `null` while it is asked for. */
  let issued: string | null = null;
  let refusedAt = Number.NEGATIVE_INFINITY;

  async function signIn(): Promise<string> {
    if (Date.now() - refusedAt < PAUSE_AFTER_REFUSAL_MS) throw refusal();
    const { status, body } = await open.call({
      method: 'POST',
      route: 'V1/integration/admin/token',
      json: { username: credentials.username, password: credentials.password },
    });
    if (status !== 200) {
      refusedAt = Date.now();
      throw refusal();
    }
    issued = readToken(body);
    return issued;
  }

  function token(): Promise<string> {
    if (current === null) {
      const asked = apart(signIn);
      current = asked;
      // The next call asks anew; those that wait for this one all get its trouble.
      asked.catch(() => {
        if (current === asked) current = null;
      });
    }
    return current;
  }

  return {
    headers: async () => bearer(await token()),
    async renew(refused) {
      // Of many calls refused at once the first throws the token away; the others wait for the new one.
      if (issued !== null && bearer(issued).authorization === refused.authorization) {
        issued = null;
        current = null;
      }
      return true;
    },
  };
}

function refusal(): Failure {
  return new Failure('UPSTREAM_UNAVAILABLE', { detail: 'M2 refused the admin name and password' });
}
