/** The REST service that one would write by hand: fastify, undici, answers serialized by schema. */
import { randomUUID } from 'node:crypto';
import { fastify } from 'fastify';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { Counter, Histogram, Registry } from 'prom-client';
import { callerFinderOf, type FindCaller } from './caller.ts';
import { m2PoolOf } from './m2.ts';
import type { Peer, PeerSettings } from './settings.ts';
import { addAddress, findCards, findCustomer, findCustomers, type NewAddress } from './shop.ts';
import { type Registration, signUpOf } from './sign-up.ts';

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const flag = { type: 'boolean' };
const numberOrNull = { type: ['number', 'null'] };
const record = (properties: Record<string, object>) => ({ type: 'object', properties });
const listOf = (items: object) => ({ type: 'array', items });

const Address = record({
  id: text,
  label: textOrNull,
  firstName: textOrNull,
  lastName: textOrNull,
  street: listOf(text),
  city: textOrNull,
  region: { ...record({ code: textOrNull, name: text }), nullable: true },
  postcode: textOrNull,
  countryCode: text,
  telephone: textOrNull,
  latitude: numberOrNull,
  longitude: numberOrNull,
  isDefaultBilling: flag,
  isDefaultShipping: flag,
});
const Card = record({
  id: text,
  brand: text,
  last4Digits: text,
  expirationDate: text,
  isExpired: flag,
  expiresSoon: flag,
});
const phone = { ...record({ e164: text }), nullable: true };
const Screen = record({
  id: text,
  fullName: textOrNull,
  firstName: textOrNull,
  lastName: textOrNull,
  email: textOrNull,
  phone,
  language: text,
  isProfileCompleted: flag,
  addresses: listOf(Address),
  cards: listOf(Card),
});
const Entity = record({
  id: text,
  firstName: textOrNull,
  lastName: textOrNull,
  email: textOrNull,
  phone,
  language: text,
  groupId: text,
});
const answers = (schema: object) => ({ schema: { response: { 200: schema } } });

/** The customer who calls; throws a 401 for everybody else. */
async function ownId(find: FindCaller, headers: Parameters<FindCaller>[0]): Promise<string> {
  const caller = await find(headers);
  if (caller?.customerId == null) throw Object.assign(new Error('sign in'), { statusCode: 401 });
  return caller.customerId;
}

export async function serve(settings: PeerSettings): Promise<Peer> {
  const redis = new Redis(settings.redisUrl);
  const m2 = m2PoolOf(settings);
  const find = callerFinderOf(redis, settings);
  const signUp = signUpOf(m2, redis, settings);
  const log = pino({ level: settings.logLevel });
  const app = fastify({ genReqId: () => randomUUID(), trustProxy: true });

  const registry = new Registry();
  const seconds = new Histogram({
    name: 'request_duration_seconds',
    help: 'Requests by route and status',
    labelNames: ['route', 'status'],
    registers: [registry],
  });
  const failed = new Counter({ name: 'errors_total', help: 'Requests that failed', registers: [registry] });
  app.addHook('onError', async () => failed.inc());
  app.addHook(
    'onResponse',
    async ({ id, method, routeOptions: { url: route } }, { elapsedTime, statusCode }) => {
      log.info({ requestId: id, method, route, ms: Math.round(elapsedTime), status: statusCode }, 'answered');
      seconds.observe({ route, status: statusCode }, elapsedTime / 1000);
    },
  );

  app.get('/screen', answers(Screen), async ({ headers }) => {
    const id = await ownId(find, headers);
    const [customer, cards] = await Promise.all([findCustomer(m2, id), findCards(m2, id)]);
    return { ...customer, cards };
  });
  app.post<{ Body: { ids: string[] } }>('/customers', answers(listOf(Entity)), async ({ headers, body }) => {
    const caller = await find(headers);
    if (caller?.customerId !== null) throw Object.assign(new Error('not for you'), { statusCode: 403 });
    return findCustomers(m2, body.ids);
  });
  app.post<{ Body: NewAddress }>('/addresses', answers(Address), async ({ headers, body }) => {
    return addAddress(m2, redis, await ownId(find, headers), body);
  });
  app.post<{ Body: Registration }>('/register', async ({ ip, body }) => signUp.ask(body, ip));
  app.post<{ Body: { otpId: string; otpCode: string } }>('/verify-otp', async ({ body }) =>
    signUp.verify(body),
  );

  await app.listen({ host: '127.0.0.1', port: settings.port });
  return {
    async close() {
      await app.close();
      await m2.close();
      redis.disconnect();
    },
  };
}
