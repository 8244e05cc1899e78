import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { challengesOf } from '../../src/auth/challenge.ts';
import { secretsOf } from '../../src/auth/secrets.ts';
import { memoryStore } from '../../src/stores/memory.ts';
import { as, CONFIG, MINUTES, pass, SECRET, stopTime, wrong } from './setup.ts';

const LOGIN = { purposes: ['login'] as const, customerId: null };

async function opened() {
  const challenges = challengesOf(memoryStore(), secretsOf(SECRET), CONFIG.challenge);
  const { challenge, code } = await challenges.open({
    purpose: 'login',
    to: '+966501234567',
    details: null,
  });
  return {
    ...challenges,
    id: challenge.id,
    code,
    enter: () => challenges.attempt(challenge.id, code, LOGIN),
  };
}

beforeEach(stopTime);
afterEach(() => {
  vi.useRealTimers();
});

describe('a code that somebody is acting on', () => {
  test('is busy for others who know it, and costs them no attempt', async () => {
    const { enter, find, id } = await opened();
    await enter();
    pass(10);
    expect(await enter()).toEqual({ kind: 'busy', retryAfterSeconds: 20 });
    expect(await find(id)).toMatchObject({ attemptsRemaining: 5 });
  });

  test('O4: is still counted for those who do not know it', async () => {
    const { enter, attempt, id, code, finish, find } = await opened();
    const { entry } = as('right', await enter());
    for (let wrongs = 0; wrongs < 5; wrongs++) await attempt(id, wrong(code), LOGIN);
    expect(await attempt(id, wrong(code), LOGIN)).toEqual({ kind: 'gone' });
    await finish(entry);
    expect(await find(id)).toBeNull();
  });

  test('cannot be replaced by another code', async () => {
    const { enter, resend, id } = await opened();
    pass(1 * MINUTES);
    await enter();
    expect(await resend(id)).toEqual({ kind: 'gone' });
  });
});

describe('a holder that never comes back', () => {
  test('loses nobody their sign-in: the same code resumes with the same session and step', async () => {
    const { enter, note } = await opened();
    const crashed = as('right', await enter()).entry;
    await note(crashed, 'customer 7');
    pass(31);
    const { entry } = as('right', await enter());
    expect(entry).toMatchObject({ sessionId: crashed.sessionId, step: 'customer 7' });
    expect(entry.holder).not.toBe(crashed.holder);
  });

  test('loses nobody their sign-in in the last second of the code', async () => {
    const { enter } = await opened();
    pass(5 * MINUTES - 1);
    await enter();
    pass(31);
    expect(await enter()).toMatchObject({ kind: 'right' });
  });

  test('and wakes up late can note, release and finish nothing of its successor', async () => {
    const { enter, note, release, finish } = await opened();
    const late = as('right', await enter()).entry;
    pass(31);
    const { entry } = as('right', await enter());
    await expect(note(late, 'late')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    await release(late);
    await finish(late);
    expect(await enter()).toMatchObject({ kind: 'busy' });
    await note(entry, 'in time');
    await finish(entry);
    expect(await enter()).toEqual({ kind: 'gone' });
  });

  test('and was only slow goes on while nobody has taken its place', async () => {
    const { enter, note, finish } = await opened();
    const { entry } = as('right', await enter());
    pass(45);
    await note(entry, 'slow');
    expect(await enter()).toMatchObject({ kind: 'busy', retryAfterSeconds: 30 });
    await finish(entry);
    expect(await enter()).toEqual({ kind: 'gone' });
  });
});

test('O13: a code given back is as good as before', async () => {
  const { enter, release, find, id } = await opened();
  const { entry } = as('right', await enter());
  await release(entry);
  expect(await find(id)).toMatchObject({ attemptsRemaining: 5 });
  expect(await enter()).toMatchObject({ kind: 'right', entry: { sessionId: entry.sessionId } });
});

describe('a code that was spent under a key of the client', () => {
  const KEYED = { ...LOGIN, repeatableBy: 'a key of the one phone' };

  async function spent() {
    const test = await opened();
    const { entry } = as('right', await test.enter());
    await test.finish(entry, KEYED.repeatableBy);
    return { ...test, entry };
  }

  test('opens the same session again for who knows the key, and nothing for others', async () => {
    const { attempt, enter, id, code, entry } = await spent();
    expect(as('right', await attempt(id, code, KEYED)).entry.sessionId).toBe(entry.sessionId);
    expect(await enter()).toEqual({ kind: 'gone' });
    expect(await attempt(id, code, { ...KEYED, repeatableBy: 'another key' })).toEqual({ kind: 'gone' });
  });

  test('is over after a minute, however often it was repeated', async () => {
    const { attempt, id, code, finish } = await spent();
    pass(40);
    await finish(as('right', await attempt(id, code, KEYED)).entry, KEYED.repeatableBy);
    pass(20);
    expect(await attempt(id, code, KEYED)).toEqual({ kind: 'gone' });
  });

  test('is known to nobody else and replaced by no other code', async () => {
    const { find, resend, id } = await spent();
    expect(await find(id)).toBeNull();
    expect(await resend(id)).toEqual({ kind: 'gone' });
  });

  test('O4: counts wrong codes like any other', async () => {
    const { attempt, id, code } = await spent();
    for (let wrongs = 0; wrongs < 5; wrongs++) await attempt(id, wrong(code), KEYED);
    expect(await attempt(id, code, KEYED)).toEqual({ kind: 'gone' });
  });
});
