/** Three processes behind round robin on one Redis: to clients they are one, also when one of them is killed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { as, askToRegister, type Client, dataOf, enter, rowOf, saudi, signIn } from '../journeys/steps.ts';
import { askAt } from '../support/client.ts';
import {
  AddAddressDocument,
  CustomerDocument,
  DevicesDocument,
  LogoutDocument,
  RefreshSessionDocument,
} from '../support/operations.ts';
import type { Fate } from '../support/proxy.ts';
import { describeWithRedis } from '../support/redis.ts';
import { isHonestFailure, load } from './load.ts';
import { type RoundRobin, roundRobin } from './round-robin.ts';
import { type Instance, type Stage, startStage } from './stage.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const M2_DELAY_MS = 20;

const place = (label: string) => ({
  label,
  firstName: 'Sara',
  lastName: 'Ali',
  street: ['1 Palm Street'],
  city: 'Riyadh',
  postcode: '12345',
  telephone: '0501234567',
});

describeWithRedis('three instances behind round robin', () => {
  let stage: Stage;
  let instances: Instance[];
  let balancer: RoundRobin;
  let client: Client;
  beforeAll(async () => {
    stage = await startStage({ OTP_PAUSE_SECONDS: '0', OTP_PER_PHONE_HOUR: '50', OTP_PER_PHONE_DAY: '50' });
    stage.m2.fate = () => sleep(M2_DELAY_MS).then((): Fate => 'pass');
    instances = await Promise.all([stage.start(), stage.start(), stage.start()]);
    balancer = await roundRobin(instances.map(({ url }) => new URL(url).origin));
    client = { ask: askAt(balancer.url) };
  });
  afterAll(async () => {
    await balancer?.close();
    await stage?.close();
  });

  const labelsOf = (email: string) =>
    rowOf(stage.upstreams.m2.shop, email).addresses.map(({ custom }) => custom.get('address_label') ?? '');

  it('the steps of a registration, each at another instance, lead to one customer and one session', async () => {
    const before = new Map(balancer.sent);
    const input = {
      phone: saudi('561119902'),
      firstName: 'Huda',
      lastName: 'Salem',
      email: 'huda@example.com',
    };
    const { token, id } = await enter(client, await askToRegister(client, input));
    expect(dataOf(await client.ask(CustomerDocument, {}, { token })).customer?.id).toBe(id);
    for (const [origin, sent] of balancer.sent) expect(sent - (before.get(origin) ?? 0)).toBe(1);
    expect(dataOf(await client.ask(DevicesDocument, {}, { token })).devices).toHaveLength(1);
  });

  it('thirty refreshes of one token at once give one successor, which is good everywhere', async () => {
    const session = await signIn(client, '502345678');
    const successors = new Set<string>();
    const tally = await load({ requests: 30, atOnce: 30 }, async () => {
      const answer = await client.ask(RefreshSessionDocument, { refreshToken: session.refreshToken });
      if (isHonestFailure(answer)) return 'failed';
      const result = answer.data?.refreshSession;
      if (result?.__typename !== 'CustomerSession') return 'wrong';
      successors.add(result.refreshToken);
      return 'answered';
    });
    expect(tally).toMatchObject({ requests: 30, answered: 30, wrong: 0, lost: 0 });
    expect(successors.size).toBe(1);
    for (const one of instances) {
      const [refreshToken = ''] = successors;
      as('CustomerSession', dataOf(await one.ask(RefreshSessionDocument, { refreshToken })).refreshSession);
    }
  });

  it('of thirty addresses added at once every one is there, once', async () => {
    const { token } = await signIn(client, '501234567');
    const before = labelsOf('sara@example.com').length;
    const tally = await load({ requests: 30, atOnce: 30 }, async (index) => {
      const answer = await client.ask(AddAddressDocument, { input: place(`Place ${index}`) }, { token });
      if (isHonestFailure(answer)) return 'failed';
      return answer.data?.addAddress?.__typename === 'CustomerAddress' ? 'answered' : 'wrong';
    });
    expect(tally).toMatchObject({ requests: 30, answered: 30, wrong: 0, lost: 0, remarks: [] });
    const labels = labelsOf('sara@example.com');
    expect(labels).toHaveLength(before + 30);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('a session that was ended at one is over at all within a second', async () => {
    const { token } = await signIn(client, '551234567');
    for (const one of instances) expect((await one.ask(DevicesDocument, {}, { token })).errors).toEqual([]);
    const [first] = instances;
    as('SessionsEnded', dataOf(await (first ?? client).ask(LogoutDocument, {}, { token })).logout);
    const endedAt = performance.now();
    for (const one of instances) {
      const { errors } = await one.ask(DevicesDocument, {}, { token });
      expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    }
    expect(performance.now() - endedAt).toBeLessThan(1_000);
  });

  it('one that is killed under load loses its own requests under way and no others, and tried again they succeed', async () => {
    const people = ['501234567', '502345678', '551234567'];
    const sessions = await Promise.all(people.map((number) => signIn(client, number)));
    const ids = new Map(sessions.map(({ token, id }) => [token, id]));
    const tokens = [...ids.keys()];
    const [sara = ''] = tokens;
    const [victim] = instances;
    if (!victim) throw new Error('there is no instance');
    const { origin } = new URL(victim.url);

    const said: string[] = [];
    const cutOff: number[] = [];
    async function visit(index: number): Promise<'answered' | 'failed' | 'wrong'> {
      // One in six writes, which takes a lock that the killed one may die with.
      if (index % 6 === 0) {
        const label = `Written ${index}`;
        const answer = await client.ask(AddAddressDocument, { input: place(label) }, { token: sara });
        if (isHonestFailure(answer)) return 'failed';
        if (answer.data?.addAddress?.__typename !== 'CustomerAddress') return 'wrong';
        said.push(label);
        return 'answered';
      }
      const token = tokens[index % tokens.length] ?? sara;
      const answer = await client.ask(CustomerDocument, {}, { token });
      if (isHonestFailure(answer)) return 'failed';
      return answer.data?.customer?.id === ids.get(token) ? 'answered' : 'wrong';
    }
    const visiting = load({ requests: 240, atOnce: 12 }, async (index) => {
      try {
        return await visit(index);
      } catch (error) {
        cutOff.push(index);
        throw error;
      }
    });
    await vi.waitFor(() => expect(balancer.underWay(origin)).toBeGreaterThan(1), { interval: 1 });
    await sleep(300);
    // What is under way stays so until the process is dead, however fast it would have been.
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { fate } = stage.m2;
    stage.m2.fate = async (request) => {
      await released;
      return fate(request);
    };
    await vi.waitFor(() => expect(balancer.underWay(origin)).toBeGreaterThan(1), { interval: 1 });
    const inFlight = balancer.underWay(origin);
    balancer.leaveOut(origin);
    victim.process.signal('SIGKILL');
    expect(await victim.process.ended()).toBe('SIGKILL');
    stage.m2.fate = fate;
    release();
    const tally = await visiting;

    expect({ wrong: tally.wrong, failed: tally.failed }).toEqual({ wrong: 0, failed: 0 });
    expect(tally.lost).toBe(cutOff.length);
    expect(tally.lost).toBeGreaterThan(0);
    expect(tally.lost).toBeLessThanOrEqual(inFlight);
    expect(tally.answered).toBe(240 - tally.lost);
    // A write among them may have been done already: what must not be is that it cannot be done again.
    const again = await load({ requests: cutOff.length, atOnce: 12 }, (index) => visit(cutOff[index] ?? 0));
    expect(again).toMatchObject({ answered: cutOff.length, failed: 0, wrong: 0, lost: 0 });
    expect(labelsOf('sara@example.com')).toEqual(expect.arrayContaining(said));
  });
});
