import {
  CompactSign,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { generateSigningKey, type Tokens, tokensOf } from '../../src/auth/access-token.ts';
import { CONFIG, DAYS } from './setup.ts';

/** What this service itself would write, for the forger to change one thing of. */
const CLAIMS = {
  iss: CONFIG.tokens.issuer,
  aud: CONFIG.tokens.audience,
  sub: '7',
  sid: 'session-1',
  iat: now(),
  exp: now() + 600,
  jti: 'token-1',
  auth_time: now(),
  amr: ['otp'],
};
const SERVICE_CLAIMS = {
  iss: CLAIMS.iss,
  aud: CLAIMS.aud,
  sub: 'service:orders',
  scope: 'customer:read',
  iat: now(),
  exp: now() + 600,
  jti: 'token-2',
};
const ownKey = await generateSigningKey();
let tokens: Tokens;
let header: JWTHeaderParameters;

beforeAll(async () => {
  tokens = await tokensOf([ownKey], CONFIG.tokens);
  header = { alg: 'EdDSA', typ: 'at+jwt', kid: tokens.jwks.keys[0]?.kid ?? '' };
});

function now(): number {
  return Math.floor(Date.now() / 1000);
}
async function signed(payload: JWTPayload, head: JWTHeaderParameters, key = ownKey): Promise<string> {
  return new SignJWT(payload).setProtectedHeader(head).sign(await importJWK(key, head.alg));
}
function unsigned(payload: object, head: object, signature = ''): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(head)}.${part(payload)}.${signature}`;
}

test('the token that the forgeries start from is good', async () => {
  expect(await tokens.verifyAccess(await signed(CLAIMS, header))).not.toBeNull();
  const service = await signed(SERVICE_CLAIMS, { ...header, typ: 'service+jwt' });
  expect(await tokens.verifyService(service)).not.toBeNull();
});

describe('S2: refused is a token', () => {
  test.each(['none', 'None', 'NONE'])('without signature, alg %s', async (alg) => {
    expect(await tokens.verifyAccess(unsigned(CLAIMS, { ...header, alg }))).toBeNull();
    expect(await tokens.verifyAccess(unsigned(CLAIMS, { ...header, alg }, 'AAAA'))).toBeNull();
  });

  test('whose secret is our public key, alg HS256', async () => {
    const [shown] = tokens.jwks.keys;
    for (const secret of [shown?.x ?? '', JSON.stringify(shown)]) {
      const key = { kty: 'oct', k: Buffer.from(secret).toString('base64url') };
      expect(await tokens.verifyAccess(await signed(CLAIMS, { ...header, alg: 'HS256' }, key))).toBeNull();
    }
  });

  test('under a foreign key, with our kid or its own or none', async () => {
    const foreign = await generateSigningKey();
    for (const kid of [header.kid, 'foreign', undefined]) {
      const token = await signed(CLAIMS, { alg: 'EdDSA', typ: 'at+jwt', ...(kid && { kid }) }, foreign);
      expect(await tokens.verifyAccess(token)).toBeNull();
    }
  });

  test('with our signature under a foreign kid', async () => {
    expect(await tokens.verifyAccess(await signed(CLAIMS, { ...header, kid: 'foreign' }))).toBeNull();
  });

  test('that brings its own key as jwk or jku', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
    const [key, jwk] = [await exportJWK(privateKey), await exportJWK(publicKey)];
    const brought = [{ jwk }, { jku: 'https://evil.example/jwks.json' }, { jwk, kid: undefined }];
    for (const extra of brought) {
      expect(await tokens.verifyAccess(await signed(CLAIMS, { ...header, ...extra }, key))).toBeNull();
    }
  });

  test('of another algorithm family than our keys', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const token = await signed(CLAIMS, { ...header, alg: 'ES256' }, await exportJWK(privateKey));
    expect(await tokens.verifyAccess(token)).toBeNull();
  });

  test.each(['JWT', 'service+jwt', 'id+jwt', undefined])('of the type %s', async (typ) => {
    const { typ: _, ...untyped } = header;
    expect(await tokens.verifyAccess(await signed(CLAIMS, { ...untyped, ...(typ && { typ }) }))).toBeNull();
  });

  test.each([...Object.keys(CLAIMS)])('without %s', async (claim) => {
    const { [claim]: _, ...rest } = CLAIMS as Record<string, unknown>;
    expect(await tokens.verifyAccess(await signed(rest, header))).toBeNull();
  });

  test.each<[string, object]>([
    ['issuer', { iss: 'somebody-else' }],
    ['audience', { aud: 'another-api' }],
    ['list of other audiences', { aud: ['another-api', 'a-third'] }],
    ['expiry in the past', { exp: now() - 61 }],
    ['start in the future', { nbf: now() + 120 }],
    ['empty subject', { sub: '' }],
    ['empty session', { sid: '' }],
    ['session of a wrong type', { sid: 7 }],
    ['expiry of a wrong type', { exp: 'never' }],
  ])('with another %s', async (_, change) => {
    const [head, , signature] = (await signed(CLAIMS, header)).split('.');
    const [, body] = unsigned({ ...CLAIMS, ...change }, header).split('.');
    expect(await tokens.verifyAccess(`${head}.${body}.${signature}`), 'put under a signature').toBeNull();
    expect(
      await tokens.verifyAccess(await signedAnyhow({ ...CLAIMS, ...change })),
      'signed by us',
    ).toBeNull();
  });

  test.each(['', '.', '..', 'a.b.c', 'eyJhbGciOiJFZERTQSJ9', '{}', 'null', '\u0000'])(
    'that is none: %j',
    async (text) => {
      expect(await tokens.verifyAccess(text)).toBeNull();
      expect(await tokens.verifyService(text)).toBeNull();
    },
  );
});

describe('S2: refused is a service token', () => {
  const service = { alg: 'EdDSA', typ: 'service+jwt' };

  test.each<[string, object]>([
    ['with a session', { sid: 'session-1' }],
    ['of a customer', { sub: '7' }],
    ['without scope', { scope: undefined }],
    ['without id', { jti: undefined }],
    ['for longer than a day', { exp: now() + DAYS + 60 }],
  ])('%s', async (_, change) => {
    const token = await signed({ ...SERVICE_CLAIMS, ...change }, { ...service, kid: header.kid ?? '' });
    expect(await tokens.verifyService(token)).toBeNull();
  });

  test('of the type of access tokens', async () => {
    expect(await tokens.verifyService(await signed(SERVICE_CLAIMS, header))).toBeNull();
  });
});

/** Signed by us whatever the claims look like, as a bug of ours might. */
async function signedAnyhow(claims: object): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader(header)
    .sign(await importJWK(ownKey, 'EdDSA'));
}
