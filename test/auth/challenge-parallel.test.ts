import { expect, test } from 'vitest';
import { challengesOf } from '../../src/auth/challenge.ts';
import { secretsOf } from '../../src/auth/secrets.ts';
import { as, CONFIG, SECRET, tally, times, wrong } from './setup.ts';
import { describeOnEveryStore } from './stores.ts';

const LOGIN = { purposes: ['login'] as const, customerId: null };

describeOnEveryStore('parallel attempts at one challenge', (replicas) => {
  async function opened() {
    const [one, other] = (await replicas()).map((store) =>
      challengesOf(store, secretsOf(SECRET), CONFIG.challenge),
    );
    if (!one || !other) throw new Error('there are two replicas');
    const { challenge, code } = await one.open({ purpose: 'login', to: '+966501234567', details: null });
    const replicaOf = (index: number) => (index % 2 === 0 ? one : other);
    return { id: challenge.id, code, replicaOf };
  }

  test('O3: of 50 wrong codes exactly five are compared', async () => {
    const { id, code, replicaOf } = await opened();
    const outcomes = await times(50, (index) => replicaOf(index).attempt(id, wrong(code), LOGIN));
    expect(tally(outcomes)).toEqual({ wrong: 5, gone: 45 });
    const left = outcomes.flatMap((one) => (one.kind === 'wrong' ? [one.attemptsRemaining] : []));
    expect(left.sort()).toEqual([0, 1, 2, 3, 4]);
  });

  test('O3: of 50 right codes exactly one gets in', async () => {
    const { id, code, replicaOf } = await opened();
    const outcomes = await times(50, (index) => replicaOf(index).attempt(id, code, LOGIN));
    expect(tally(outcomes).right).toBe(1);
    const { entry } = as('right', outcomes.find((one) => one.kind === 'right') ?? { kind: 'gone' });
    await replicaOf(1).finish(entry);
    expect(await replicaOf(0).attempt(id, code, LOGIN)).toEqual({ kind: 'gone' });
  });

  test('O3: among 49 wrong codes the right one gets in or was too late, and no sixth is compared', async () => {
    const { id, code, replicaOf } = await opened();
    const outcomes = await times(50, (index) =>
      replicaOf(index).attempt(id, index === 2 ? code : wrong(code), LOGIN),
    );
    expect(tally(outcomes).wrong).toBeLessThanOrEqual(5);
    expect(['right', 'gone']).toContain(outcomes[2]?.kind);
  });

  test('O3: a lapsed code is taken up by one of two replicas', async () => {
    const { id, code, replicaOf } = await opened();
    const { entry } = as('right', await replicaOf(0).attempt(id, code, LOGIN));
    await replicaOf(0).release(entry);
    const outcomes = await times(4, (index) => replicaOf(index).attempt(id, code, LOGIN));
    expect(tally(outcomes)).toEqual({ right: 1, busy: 3 });
  });

  test('O2: of parallel resends one sends a code', async () => {
    const { id, replicaOf } = await opened();
    await replicaOf(0).endPause(id);
    const outcomes = await times(20, (index) => replicaOf(index).resend(id));
    expect(tally(outcomes)).toEqual({ resent: 1, tooSoon: 19 });
  });
});
