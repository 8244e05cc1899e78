/** A Google and an Apple of our own: key sets served over HTTP, and ID tokens signed with them. */
import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import type { SocialProvider } from '../../src/auth/ports.ts';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>> & { kid: string; alg: string };

export const CLIENT_IDS = { GOOGLE: 'shop.apps.googleusercontent.example', APPLE: 'com.example.shop' };
export const ISSUERS = { GOOGLE: 'https://accounts.google.com', APPLE: 'https://appleid.apple.com' };

async function newKey(alg: string): Promise<KeyPair> {
  return { ...(await generateKeyPair(alg, { extractable: true })), kid: randomUUID(), alg };
}

// RSA keys take long to make: one for all tests of a file, and one that nobody publishes.
const published = { RS256: await newKey('RS256'), ES256: await newKey('ES256') };
const stranger = await newKey('RS256');

/** The claims of a person, as the provider words them. */
export interface Person {
  sub: string;
  email?: string;
  email_verified?: boolean | string;
  given_name?: string;
  family_name?: string;
}

/** What is unlike a good token. */
export interface Unlike {
  provider?: SocialProvider;
  /** Claims; `undefined` leaves one out. */
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: KeyPair;
}

export type TestProvider = Awaited<ReturnType<typeof startProvider>>;

/** Starts the key-set server on a free port. */
export async function startProvider() {
  let keys: KeyPair[] = [published.RS256, published.ES256];
  let isDown = false;
  let reads = 0;
  const server = createServer((_request, response) => {
    reads += 1;
    if (isDown) {
      response.writeHead(503).end('<html>maintenance</html>');
      return;
    }
    const shown = keys.map(async ({ publicKey, kid, alg }) => ({
      ...(await exportJWK(publicKey)),
      kid,
      alg,
      use: 'sig',
    }));
    void Promise.all(shown).then((set) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: set }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;

  /** An ID token of this person, issued now, good but for what is `unlike`. */
  async function tokenOf(person: Person, unlike: Unlike = {}): Promise<string> {
    const { provider = 'GOOGLE', claims = {}, header = {}, key = keys[0] ?? published.RS256 } = unlike;
    const issuedAt = Math.floor(Date.now() / 1000);
    const payload = {
      iss: ISSUERS[provider],
      aud: CLIENT_IDS[provider],
      iat: issuedAt,
      exp: issuedAt + 3600,
      // No two alike, as providers' are not.
      at_hash: randomUUID(),
      ...person,
      ...claims,
    };
    return new SignJWT(JSON.parse(JSON.stringify(payload)))
      .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header })
      .sign(key.privateKey);
  }

  return {
    url,
    tokenOf,
    published,
    stranger,
    /** How often the key set was read. */
    reads: () => reads,
    /** A token "signed" with the published RSA key taken for an HMAC secret. */
    async confusedTokenOf(person: Person): Promise<string> {
      const [, payload = ''] = (await tokenOf(person)).split('.');
      const header = { alg: 'HS256', kid: published.RS256.kid, typ: 'JWT' };
      const body = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}`;
      const secret = await exportSPKI(published.RS256.publicKey);
      return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
    },
    /** A token that says it needs no signature. */
    async unsignedTokenOf(person: Person): Promise<string> {
      const [, payload = ''] = (await tokenOf(person)).split('.');
      return `${Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url')}.${payload}.`;
    },
    /** From now on other keys sign, and the set shows only those. */
    async rotate(): Promise<void> {
      keys = [await newKey('ES256')];
    },
    goDown(): void {
      isDown = true;
    },
    comeBack(): void {
      isDown = false;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
