/** Keys for the service's own secrets, all derived from one setting. */
import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

export interface Secrets {
  /** HMAC-SHA-256 under a key of its own for each purpose; base64url. */
  mac(purpose: string, text: string): string;
  /** Encrypts any JSON value (JWE, AES-256-GCM). */
  seal(purpose: string, value: unknown): Promise<string>;
  /** Rejects on a value that was not sealed here for this purpose. */
  open(purpose: string, sealed: string): Promise<unknown>;
}

/** `root` is at least 32 characters; see RFC 5869 for the derivation. */
export function secretsOf(root: string): Secrets {
  const keys = new Map<string, Buffer>();

  function keyFor(purpose: string): Buffer {
    const known = keys.get(purpose);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', root, 'customer-subgraph', purpose, 32));
    keys.set(purpose, key);
    return key;
  }

  return {
    mac: (purpose, text) =>
      createHmac('sha256', keyFor(`mac:${purpose}`))
        .update(text)
        .digest('base64url'),
    seal: (purpose, value) => sealUnder(keyFor(`seal:${purpose}`), value),
    open: (purpose, sealed) => openUnder(keyFor(`seal:${purpose}`), sealed),
  };
}

/** Encrypts any JSON value (JWE, AES-256-GCM) under 32 bytes. */
export function sealUnder(key: Uint8Array, value: unknown): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(value)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(key);
}

/** Rejects on a value that was not sealed under this key. */
export async function openUnder(key: Uint8Array, sealed: string): Promise<unknown> {
  const { plaintext } = await compactDecrypt(sealed, key);
  return JSON.parse(new TextDecoder().decode(plaintext));
}

/** SHA-256 of a secret that is random enough to need no key; base64url. */
export function hashOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** Compares in a time that does not depend on where the two differ. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}
