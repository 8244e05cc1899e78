/** Signing up with the REST service: a code by SMS, limits on sending, then the customer, a session and a token. */
import { createHash, createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { importJWK, SignJWT } from 'jose';
import { request } from 'undici';
import type { M2Pool } from './m2.ts';
import type { PeerSettings } from './settings.ts';
import { alone } from './shop.ts';

export interface Registration {
  phone: string;
  firstName: string;
  lastName: string;
  email: string;
}
interface Challenge extends Registration {
  hash: string;
  attempts: number;
}

const HOUR_SECONDS = 3600;
const CODE_SECONDS = 300;
const ACCESS_SECONDS = 600;
const SESSION_SECONDS = 14 * 24 * 3600;
const MOST_PER_PHONE = 5;
const MOST_PER_ADDRESS = 200;
const MOST_ATTEMPTS = 5;
const DIAL_CODE = '+966';

const refused = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode });

export function signUpOf(m2: M2Pool, redis: Redis, settings: PeerSettings) {
  const { key, issuer, audience, smsUrl, eservicesUrl } = settings;
  const signingKey = importJWK(key, 'ES256');
  const secret = randomBytes(32);
  const hashOf = (id: string, code: string) =>
    createHmac('sha256', secret).update(`${id}.${code}`).digest('hex');

  /** Counts one more within the hour. */
  async function admit(name: string, most: number): Promise<void> {
    const [[, count] = []] = (await redis.multi().incr(name).expire(name, HOUR_SECONDS, 'NX').exec()) ?? [];
    if (Number(count) > most) throw refused(429, 'too many codes');
  }

  async function post(url: string, json: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const { body } = await request(url, { method: 'POST', headers, body: JSON.stringify(json) });
    return body.json();
  }

  async function findOrCreate({ phone, firstName, lastName, email }: Challenge): Promise<string> {
    return alone(redis, `phone:${phone}`, async () => {
      const number = phone.slice(DIAL_CODE.length);
      const filter = 'searchCriteria[filterGroups][0][filters][0]';
      const spellings = [number, `0${number}`, phone, phone.slice(1), `00${phone.slice(1)}`].join(',');
      const query = `${filter}[field]=phone_number&${filter}[value]=${encodeURIComponent(spellings)}&${filter}[conditionType]=in`;
      const { items } = (await m2.get(`customers/search?${query}`)) as { items: { id: number }[] };
      if (items[0]) return String(items[0].id);
      const isPatient = await post(`${eservicesUrl}/api/customer/is_patient_exists`, { phoneNo: number });
      const attributes = {
        phone_number: number,
        zip_code: DIAL_CODE,
        phone_verified: 1,
        email_verified: 0,
        is_patient: isPatient === true ? 1 : 0,
        language: 'en',
      };
      const custom_attributes = Object.entries(attributes).map(([attribute_code, value]) => ({
        attribute_code,
        value,
      }));
      const customer = {
        website_id: 1,
        store_id: 1,
        email,
        firstname: firstName,
        lastname: lastName,
        custom_attributes,
      };
      return String(((await m2.post('customers', { customer })) as { id: number }).id);
    });
  }

  async function openSession(customerId: string): Promise<{ accessToken: string; refreshToken: string }> {
    const now = Date.now();
    const sessionId = randomUUID();
    const refreshToken = randomBytes(32).toString('base64url');
    const endsAt = now + SESSION_SECONDS * 1000;
    const session = {
      id: sessionId,
      createdAt: now,
      tokenHash: createHash('sha256').update(refreshToken).digest('base64url'),
      idleEndsAt: endsAt,
      endsAt,
    };
    await redis.set(
      `peer-sessions:${customerId}`,
      JSON.stringify({ sessions: [session] }),
      'EX',
      SESSION_SECONDS,
    );
    const seconds = Math.floor(now / 1000);
    const accessToken = await new SignJWT({ sid: sessionId, auth_time: seconds, amr: ['otp', 'sms'] })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(customerId)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + ACCESS_SECONDS)
      .setJti(randomUUID())
      .sign(await signingKey);
    return { accessToken, refreshToken };
  }

  return {
    async ask(registration: Registration, address: string): Promise<{ otpId: string }> {
      const { phone } = registration;
      await admit(`peer-sends:${address}`, MOST_PER_ADDRESS);
      await admit(`peer-sends:${phone}`, MOST_PER_PHONE);
      const otpId = randomUUID();
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      const challenge: Challenge = { ...registration, hash: hashOf(otpId, code), attempts: 0 };
      await redis.set(`peer-otp:${otpId}`, JSON.stringify(challenge), 'EX', CODE_SECONDS);
      void post(smsUrl, { to: phone, text: `Your code is ${code}.`, language: 'en' });
      return { otpId };
    },

    async verify({ otpId, otpCode }: { otpId: string; otpCode: string }) {
      const name = `peer-otp:${otpId}`;
      const stored = await redis.get(name);
      if (stored === null) throw refused(410, 'the code has expired');
      const challenge = JSON.parse(stored) as Challenge;
      if (challenge.hash !== hashOf(otpId, otpCode)) {
        const attempts = challenge.attempts + 1;
        if (attempts >= MOST_ATTEMPTS) await redis.del(name);
        else await redis.set(name, JSON.stringify({ ...challenge, attempts }), 'KEEPTTL');
        throw refused(400, 'wrong code');
      }
      const customerId = await findOrCreate(challenge);
      const tokens = await openSession(customerId);
      await redis.del(name);
      return { ...tokens, customer: { id: customerId } };
    },
  };
}
