import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sharedReads } from '../../../src/datasources/http/shared-reads.ts';
import type { Gone } from '../../../src/operation.ts';

const soon = () => performance.now() + 1_000;
const waiting = (gone: AbortSignal | null = null) => ({ endsAt: soon(), gone });

/** Reads that are answered when the test says so. */
function setUp() {
  const asked: { answer: (text: string) => void; fail: (error: Error) => void; gone: Gone }[] = [];
  const reads = sharedReads<string>();
  const read = (key: string, patience = waiting()) =>
    reads.read(
      key,
      patience,
      (gone) => new Promise((answer, fail) => void asked.push({ answer, fail, gone })),
    );
  return { asked, read, forget: reads.forget };
}

describe('reads of the same', () => {
  it('at once are one, and all get its answer', async () => {
    const { asked, read } = setUp();
    const all = Array.from({ length: 20 }, () => read('customer 7'));
    const other = read('customer 8');
    expect(asked).toHaveLength(2);
    asked[0]?.answer('Sara');
    asked[1]?.answer('Omar');
    expect(new Set(await Promise.all(all))).toEqual(new Set(['Sara']));
    expect(await other).toBe('Omar');
  });

  it('at once share a failure, and the next one asks anew', async () => {
    const { asked, read } = setUp();
    const both = [read('customer 7'), read('customer 7')];
    asked[0]?.fail(new Error('the shop is away'));
    for (const one of await Promise.allSettled(both)) expect(one.status).toBe('rejected');
    void read('customer 7');
    expect(asked).toHaveLength(2);
  });

  it('after an answer are read anew: nothing is kept', async () => {
    const { asked, read } = setUp();
    const first = read('customer 7');
    asked[0]?.answer('Sara');
    await first;
    void read('customer 7');
    expect(asked).toHaveLength(2);
  });

  it('after a write are read anew, also while one from before it is under way', async () => {
    const { asked, read, forget } = setUp();
    const before = read('customer 7');
    forget();
    const after = read('customer 7');
    expect(asked).toHaveLength(2);
    asked[0]?.answer('as it was');
    expect(await before).toBe('as it was');
    // The one that is under way is still the one to join.
    const later = read('customer 7');
    expect(asked).toHaveLength(2);
    asked[1]?.answer('as it is');
    expect(await Promise.all([after, later])).toEqual(['as it is', 'as it is']);
  });

  it('are not joined for long: another replica may have written meanwhile', async () => {
    const { asked, read } = setUp();
    void read('customer 7');
    await sleep(80);
    void read('customer 7');
    expect(asked).toHaveLength(2);
  });

  it('are not joined by who cannot wait for as long', () => {
    const { asked, read } = setUp();
    void read('customer 7');
    void read('customer 7', { endsAt: performance.now() + 10, gone: null });
    expect(asked).toHaveLength(2);
  });
});

describe('a client that leaves', () => {
  it('leaves alone: the others get the answer', async () => {
    const { asked, read } = setUp();
    const leaving = new AbortController();
    void read('customer 7', waiting(leaving.signal));
    const stays = read('customer 7');
    leaving.abort();
    expect(asked[0]?.gone.aborted).toBe(false);
    asked[0]?.answer('Sara');
    expect(await stays).toBe('Sara');
  });

  it('before it asks has nothing sent, and nobody joins it', () => {
    const { asked, read } = setUp();
    void read('customer 7', waiting(AbortSignal.abort()));
    expect(asked[0]?.gone.aborted).toBe(true);
    void read('customer 7');
    expect(asked).toHaveLength(2);
    expect(asked[1]?.gone.aborted).toBe(false);
  });

  it('ends no read for those that go on without a client', async () => {
    const { asked, read } = setUp();
    const leaving = new AbortController();
    void read('customer 7');
    void read('customer 7', waiting(leaving.signal));
    leaving.abort();
    expect(asked).toHaveLength(1);
    expect(asked[0]?.gone.aborted).toBe(false);
  });

  it('ends the read when it is the last, and the next one is not joined to what was ended', () => {
    const { asked, read } = setUp();
    const clients = [new AbortController(), new AbortController()];
    for (const { signal } of clients) void read('customer 7', waiting(signal));
    for (const client of clients) client.abort();
    expect(asked[0]?.gone.aborted).toBe(true);
    void read('customer 7');
    expect(asked).toHaveLength(2);
  });
});
