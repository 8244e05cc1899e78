/** The forms that settings are written in; each refuses with words that do not repeat what was set. */
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { JWK } from 'jose';
import { z } from 'zod';

// A lone comma must not pass for "none": an empty list of router secrets would let everybody in.
const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter(Boolean),
  )
  .refine((items) => items.length > 0, 'holds nothing');
export const listOf = (item: z.ZodType<string, string>) => list.pipe(z.array(item));
export const url = (...protocols: string[]) =>
  z.string().refine(
    (text) => {
      if (!URL.canParse(text)) return false;
      const { protocol, hostname: host } = new URL(text);
      return protocols.includes(protocol) && host !== '';
    },
    { error: `is not a ${protocols.map((protocol) => `${protocol}//`).join(' or ')} URL` },
  );
export const http = url('http:', 'https:').refine(
  (text) => !/^\w+:\/\/[^/?#]*@/.test(text),
  'holds a name or a password',
);
export const page = http.refine((text) => !text.includes('#'), 'has a # of its own');
export const domain = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'is not a domain name');
export const origin = z
  .string()
  .refine((text) => URL.canParse(text) && new URL(text).origin === text, 'holds what is no origin of a page');
export const country = z.string().regex(/^[A-Z]{2}$/, 'holds what is no country code');
const StoreView = z.string().regex(/^(en|ar):[a-z][a-z0-9_]*$/i, 'is not a list such as en:default,ar:ar');
export const storeViews = listOf(StoreView).transform((pairs, context) => {
  const codes: Partial<Record<'en' | 'ar', string>> = {};
  for (const pair of pairs) {
    const [name = '', code] = pair.split(':');
    const language = name.toLowerCase() === 'ar' ? 'ar' : 'en';
    if (codes[language] !== undefined) context.addIssue('names a language twice');
    codes[language] = code;
  }
  return codes;
});
export const port = z
  .string()
  .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'must be 0 to 65535')
  .transform(Number);
/** Milliseconds, a minute at most. */
export const briefly = z
  .string()
  .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 60_000, 'must be 0 to 60000')
  .transform(Number);
/** A part of a whole. */
export const share = z
  .string()
  .refine((text) => /^(0|1|0?\.\d+|[01]\.0+)$/.test(text), 'must be 0 to 1')
  .transform(Number);
export const secret = z.string().min(32, 'is shorter than 32 characters');
export const flag = z
  .enum(['on', 'off'], { error: 'is neither on nor off' })
  .transform((text) => text === 'on');

/** A range of everything is none: anybody could then claim any address. */
function isNetwork(text: string): boolean {
  if (ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)) return true;
  const isRange = ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || ipaddr.IPv6.isValidCIDR(text);
  return isRange && ipaddr.parseCIDR(text)[1] > 0;
}
export const network = z
  .string()
  .refine(isNetwork, 'holds what is neither an IP address nor a range (CIDR) of some');

/** Whether the private key is usable and its public half belongs to it. */
function isKeyPair(key: JWK): boolean {
  const digest = key.crv === 'P-256' ? 'sha256' : null;
  const probe = Buffer.from('probe');
  const { d: _private, ...shown } = key;
  try {
    const signature = sign(digest, probe, createPrivateKey({ key, format: 'jwk' }));
    return verify(digest, probe, createPublicKey({ key: shown, format: 'jwk' }), signature);
  } catch {
    return false;
  }
}
const SigningKey = z
  .looseObject({
    kty: z.enum(['OKP', 'EC']),
    crv: z.enum(['Ed25519', 'P-256']),
    x: z.string(),
    d: z.string(),
    kid: z.string().min(1).optional(),
  })
  .refine(isKeyPair);
const SigningKeys = z
  .array(SigningKey)
  .min(1)
  .refine((keys) => new Set(keys.map(({ kid, x }) => kid ?? x)).size === keys.length);
export const signingKeys = z.string().transform((text, context): JWK[] => {
  try {
    return z.object({ keys: SigningKeys }).parse(JSON.parse(text)).keys;
  } catch {
    // Neither the parser's words nor zod's: they hold parts of the key.
    context.addIssue('is not a JWK set of private Ed25519 or P-256 keys, each with a kid of its own or none');
    return z.NEVER;
  }
});
