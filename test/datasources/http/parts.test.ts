import { describe, expect, it } from 'vitest';
import { type Circuit, circuitOf } from '../../../src/datasources/http/circuit.ts';
import { retryBudget } from '../../../src/datasources/http/retry-budget.ts';
import { slidingCount } from '../../../src/datasources/http/sliding-count.ts';
import { type Patience, slotsOf } from '../../../src/datasources/http/slots.ts';

const patient = (ms = 5_000, gone: AbortSignal | null = null): Patience => ({
  endsAt: performance.now() + ms,
  gone,
});

describe('a sliding count', () => {
  it('forgets what is older than its window, tenth by tenth', () => {
    let now = 0;
    const count = slidingCount(1_000, () => now);
    for (now = 0; now < 1_000; now += 50) count.add();
    now = 950;
    expect(count.total()).toBe(20);
    now = 1_450;
    expect(count.total()).toBe(10);
    now = 5_000;
    expect(count.total()).toBe(0);
  });
});

describe('a retry budget', () => {
  it('is a tenth of the calls of the last ten seconds', () => {
    let now = 0;
    const budget = retryBudget(() => now);
    for (let call = 0; call < 200; call++) budget.called();
    expect(Array.from({ length: 30 }, budget.take).filter(Boolean)).toHaveLength(20);
    now = 11_000;
    expect(Array.from({ length: 30 }, budget.take).filter(Boolean)).toHaveLength(3);
  });

  it('lets three through where little is asked', () => {
    const budget = retryBudget();
    budget.called();
    expect([budget.take(), budget.take(), budget.take(), budget.take()]).toEqual([true, true, true, false]);
  });
});

describe('slots', () => {
  it('are given out in turn, and never more than there are', async () => {
    const slots = slotsOf({ most: 2, queue: 10 });
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const slot = await slots.take(patient());
        if (slot.kind === 'refused') throw new Error(slot.reason);
        most = Math.max(most, ++inside);
        order.push(index);
        await new Promise(setImmediate);
        inside--;
        slot.release();
      }),
    );
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('are refused at once when too many wait, and later to those whose time is up or who leave', async () => {
    const slots = slotsOf({ most: 1, queue: 3 });
    const first = await slots.take(patient());
    const gone = new AbortController();
    const waiting = [
      slots.take(patient(20)),
      slots.take(patient(5_000, gone.signal)),
      slots.take(patient(5_000)),
    ];
    expect(await slots.take(patient())).toEqual({ kind: 'refused', reason: 'queue' });
    gone.abort();
    expect(await waiting[1]).toEqual({ kind: 'refused', reason: 'gone' });
    expect(await waiting[0]).toEqual({ kind: 'refused', reason: 'deadline' });
    if (first.kind === 'taken') first.release();
    expect(await waiting[2]).toMatchObject({ kind: 'taken' });
    expect(await slots.take({ endsAt: performance.now() - 1, gone: null })).toMatchObject({
      reason: 'deadline',
    });
    expect(await slots.take(patient(1_000, gone.signal))).toMatchObject({ reason: 'gone' });
  });

  it('all come back, whoever of those that waited has left', async () => {
    const slots = slotsOf({ most: 1, queue: 2 });
    const first = await slots.take(patient());
    const waiting = [slots.take(patient()), slots.take(patient())];
    slots.refuseWaiting('circuit');
    expect(await Promise.all(waiting)).toEqual([
      { kind: 'refused', reason: 'circuit' },
      { kind: 'refused', reason: 'circuit' },
    ]);
    if (first.kind === 'taken') first.release();
    expect(await slots.take(patient())).toMatchObject({ kind: 'taken' });
    expect(await slots.take(patient(10))).toMatchObject({ kind: 'refused' });
  });
});

describe('a circuit', () => {
  const OPEN_MS = 150;
  const FINE = { isTrouble: false };
  const TROUBLE = { isTrouble: true };
  function call(circuit: Circuit, outcome: { isTrouble: boolean }): void {
    circuit.end({ isProbe: circuit.begin(), ...outcome });
  }
  function openOne() {
    const changes: string[] = [];
    const circuit = circuitOf({ openMs: OPEN_MS, onChange: (position) => changes.push(position) });
    for (let at = 0; at < 10; at++) call(circuit, TROUBLE);
    return { circuit, changes };
  }
  const untilItProbes = () => new Promise((resolve) => setTimeout(resolve, OPEN_MS + 5));

  it('opens at half of ten calls, not at fewer', () => {
    const few = circuitOf({ openMs: OPEN_MS });
    for (let at = 0; at < 9; at++) call(few, TROUBLE);
    expect(few.isOpen()).toBe(false);
    const some = circuitOf({ openMs: OPEN_MS });
    for (let at = 0; at < 20; at++) call(some, at % 3 === 0 ? TROUBLE : FINE);
    expect(some.isOpen()).toBe(false);
    expect(openOne().circuit.isOpen()).toBe(true);
  });

  it('then lets one call through, sends the others away meanwhile, and closes when it was well', async () => {
    const { circuit, changes } = openOne();
    await untilItProbes();
    expect(circuit.isOpen()).toBe(false);
    const isProbe = circuit.begin();
    expect(isProbe).toBe(true);
    expect(circuit.isOpen()).toBe(true);
    circuit.end({ isProbe, ...FINE });
    expect(circuit.isOpen()).toBe(false);
    expect(changes).toEqual(['open', 'halfOpen', 'closed']);
    // What came before it opened counts no more.
    call(circuit, TROUBLE);
    expect(circuit.isOpen()).toBe(false);
  });

  it('opens again when it was not', async () => {
    const { circuit, changes } = openOne();
    await untilItProbes();
    call(circuit, TROUBLE);
    expect(circuit.isOpen()).toBe(true);
    expect(changes).toEqual(['open', 'halfOpen', 'open']);
  });

  it.each([FINE, TROUBLE])(
    'leaves the decision to the probe when an earlier call ends with %o',
    async (late) => {
      const circuit = circuitOf({ openMs: OPEN_MS });
      const isProbe = circuit.begin();
      for (let at = 0; at < 10; at++) call(circuit, TROUBLE);
      circuit.end({ isProbe, ...late });
      expect(circuit.isOpen()).toBe(true);
      await untilItProbes();
      const isDeciding = circuit.begin();
      circuit.end({ isProbe, ...late });
      expect(circuit.isOpen()).toBe(true);
      circuit.end({ isProbe: isDeciding, ...FINE });
      expect(circuit.isOpen()).toBe(false);
    },
  );

  it('of 0 ms never opens', () => {
    const circuit = circuitOf({ openMs: 0 });
    for (let at = 0; at < 50; at++) call(circuit, TROUBLE);
    expect(circuit.isOpen()).toBe(false);
  });
});
