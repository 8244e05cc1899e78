/** A shop that misbehaves under load: clients are told the truth, in time, and all is well as soon as it is. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { rowOf, signIn } from '../journeys/steps.ts';
import { AddAddressDocument, DevicesDocument } from '../support/operations.ts';
import { type Fate, startProxy, type UpstreamProxy } from '../support/proxy.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { expectHonest, isHonestFailure, load, type Verdict } from './load.ts';
import { MISBEHAVIOURS, seededRandom } from './misbehaviours.ts';

const UPSTREAM_TIMEOUT_MS = 500;
const OPERATION_TIMEOUT_MS = 2_000;
const CIRCUIT_OPEN_MS = 500;
// Besides the operation's own time the machine is busy with other tests.
const WITHIN_MS = OPERATION_TIMEOUT_MS + 1_500;
const LOAD = { requests: 40, atOnce: 12 };
// What is asked for several times at once is asked of the shop but once: 24 questions of which no two are the same.
const PEOPLE = ['501234567', '502345678', '551234567'];
const PARTS = ['addresses { id }', 'phone { e164 }', 'subscriptions { code }'];
const QUERIES = Array.from({ length: 8 }, (_, at) => {
  const parts = PARTS.filter((_part, bit) => at & (1 << bit));
  return `{ customer { id ${parts.join(' ')} } }`;
});
vi.setConfig({ testTimeout: 20_000 });

let upstreams: Sandbox;
let m2: UpstreamProxy;
let service: RunningService;
let token: string;
let customers: { token: string; id: string }[];
beforeAll(async () => {
  upstreams = await startSandbox({ log: createLogger('silent') });
  m2 = await startProxy(upstreams.m2.url);
});
// A service of its own for each test: what the circuit remembers of one must not count in the next.
beforeEach(async () => {
  service = await startTestService({
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    M2_URL: `${m2.url}/rest/default`,
    M2_ACCESS_TOKEN: upstreams.m2AccessToken,
    ESERVICES_URL: upstreams.eservicesUrl,
    SMS_URL: upstreams.smsUrl,
    SMTP_URL: upstreams.smtpUrl,
    UPSTREAM_TIMEOUT_MS: String(UPSTREAM_TIMEOUT_MS),
    OPERATION_TIMEOUT_MS: String(OPERATION_TIMEOUT_MS),
    CIRCUIT_OPEN_MS: String(CIRCUIT_OPEN_MS),
  });
  customers = await Promise.all(PEOPLE.map((number) => signIn(service, number)));
  token = customers[0]?.token ?? '';
});
afterAll(async () => {
  await m2.close();
  await upstreams.close();
});
afterEach(async () => {
  m2.fate = () => 'pass';
  await service.close();
});

async function askForCustomer(index = 0): Promise<Verdict> {
  const customer = customers[index % PEOPLE.length];
  const query = QUERIES[Math.floor(index / PEOPLE.length) % QUERIES.length] ?? '';
  const answer = await service.ask<{ customer: { id: string } | null }, object>(
    query,
    {},
    { token: customer?.token ?? '' },
  );
  if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`);
  if (isHonestFailure(answer)) return answer.data?.customer === null ? 'failed' : 'wrong';
  const isRight = answer.errors.length === 0 && answer.data.customer?.id === customer?.id;
  return isRight ? 'answered' : 'wrong';
}

/** The positions that the shop's circuit has taken so far. */
const circuitPositions = (): unknown[] =>
  service.logged.map((line) => JSON.parse(line).circuit).filter((position) => position !== undefined);

/** Resolves once everything is answered again; how long that took. */
async function recovery(): Promise<number> {
  const startedAt = performance.now();
  await vi.waitFor(async () => expect(await askForCustomer()).toBe('answered'), {
    timeout: CIRCUIT_OPEN_MS + 3_000,
    interval: 20,
  });
  return performance.now() - startedAt;
}

describe.each(Object.entries(MISBEHAVIOURS))('a shop that %s', (name, fate) => {
  it('makes nothing wrong, lost or late, and what is not the shop’s answers', async () => {
    m2.fate = () => fate;
    const tally = await load(LOAD, askForCustomer);
    expectHonest(tally, { withinMs: WITHIN_MS });
    expect(tally.answered).toBe(0);
    const { data, errors } = await service.ask(DevicesDocument, {}, { token });
    expect([errors, data.devices?.length]).toEqual([[], 1]);

    // Refusals and other JSON are answers, and close no circuit; all else opens it, and it closes again.
    const isAnswer = /40|42|JSON/.test(name);
    // One of several may be the probe, which takes its time.
    const several = await load({ requests: 4, atOnce: 4 }, askForCustomer);
    expectHonest(several, { withinMs: WITHIN_MS });
    expect(circuitPositions()).toEqual(isAnswer ? [] : expect.arrayContaining(['open']));
    m2.fate = () => 'pass';
    await recovery();
    const after = await load(LOAD, askForCustomer);
    expectHonest(after, { withinMs: WITHIN_MS });
    expect(after.answered).toBe(LOAD.requests);
  });
});

it('a shop that hangs costs its time only until the circuit opens: then failures come at once', async () => {
  m2.fate = () => () => {};
  await load({ requests: 24, atOnce: 24 }, askForCustomer);
  // One by one each would have taken the whole timeout; of these at most the probe does.
  const startedAt = performance.now();
  const tally = await load({ requests: 10, atOnce: 1 }, askForCustomer);
  expectHonest(tally, { withinMs: WITHIN_MS });
  expect(tally.failed).toBe(10);
  expect(performance.now() - startedAt).toBeLessThan(3 * UPSTREAM_TIMEOUT_MS);
  m2.fate = () => 'pass';
  expect(await recovery()).toBeLessThan(CIRCUIT_OPEN_MS + 2_000);
});

it('a shop that is slow, but answers in time, is waited for', async () => {
  m2.fate = () => sleep(150).then((): Fate => 'pass');
  const tally = await load(LOAD, askForCustomer);
  expectHonest(tally, { withinMs: WITHIN_MS });
  expect(tally.answered).toBe(LOAD.requests);
});

it('of addresses added meanwhile each is there once when it was said to be, and at most once otherwise', async () => {
  const random = seededRandom(5);
  const fates = [...Object.values(MISBEHAVIOURS), 'cut', 'lose', 'lose', 'lose'] as Fate[];
  m2.fate = () => (random() < 0.75 ? 'pass' : (fates[Math.floor(random() * fates.length)] ?? 'pass'));
  const before = rowOf(upstreams.m2.shop, 'sara@example.com').addresses.length;
  const said: string[] = [];
  const tally = await load({ requests: 24, atOnce: 3 }, async (index) => {
    const label = `Place ${index}`;
    const input = {
      label,
      firstName: 'Sara',
      lastName: 'Ali',
      street: ['1 Palm Street'],
      city: 'Riyadh',
      postcode: '12345',
      telephone: '0501234567',
    };
    const answer = await service.ask(AddAddressDocument, { input }, { token });
    if (answer.status !== 200) throw new Error(`HTTP ${answer.status}`);
    if (isHonestFailure(answer)) return 'failed';
    if (answer.errors.length > 0 || answer.data.addAddress.__typename !== 'CustomerAddress') return 'wrong';
    said.push(label);
    return 'answered';
  });
  expectHonest(tally, { withinMs: WITHIN_MS });
  expect(tally.answered).toBeGreaterThan(5);

  const labels = rowOf(upstreams.m2.shop, 'sara@example.com').addresses.map(({ custom }) =>
    custom.get('address_label'),
  );
  expect(new Set(labels).size).toBe(labels.length);
  expect(labels).toEqual(expect.arrayContaining([...said, 'Home', 'Work']));
  expect(labels.length - before).toBeLessThanOrEqual(tally.requests);
});
