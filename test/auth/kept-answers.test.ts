import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Keyed, keptAnswersOf } from '../../src/auth/kept-answers.ts';
import { secretsOf } from '../../src/auth/secrets.ts';
import { lockOf } from '../../src/stores/lock.ts';
import { listedStore } from './listed-store.ts';

const ASKED: Keyed = {
  customerId: '7',
  key: '7f3c0e0a-9f5b-4d0e-8b1a-2f9f6f0a1c11',
  operation: 'addAddress',
  content: 'a house in Dammam',
};
const ANSWER = { data: { addAddress: { city: 'Dammam' } } };
const HOUR_MS = 60 * 60 * 1000;

function setUp() {
  const { store, written } = listedStore();
  const secrets = secretsOf('an invented secret of enough characters');
  return { answers: keptAnswersOf(store, lockOf(store), secrets), written };
}

type Answers = ReturnType<typeof setUp>['answers'];

async function turnOf(answers: Answers, asked: Partial<Keyed> = {}) {
  const begun = await answers.begin({ ...ASKED, ...asked });
  if (begun.kind !== 'turn') throw new Error(`it is nobody's turn: ${begun.kind}`);
  return begun;
}

async function answerOnce(answers: Answers, asked: Partial<Keyed> = {}, tokens = false) {
  await (await turnOf(answers, asked)).end(ANSWER, { tokens });
}

describe('answers kept under a key', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are given again for the same content, and the key is refused for another', async () => {
    const { answers } = setUp();
    await answerOnce(answers);
    expect(await answers.begin(ASKED)).toEqual({ kind: 'answered', answer: ANSWER });
    expect(await answers.begin({ ...ASKED, content: 'a house in Jeddah' })).toEqual({ kind: 'otherContent' });
    expect(await answers.begin(ASKED)).toEqual({ kind: 'answered', answer: ANSWER });
  });

  it("are one caller's alone: the same key of another, and of nobody, is another key", async () => {
    const { answers } = setUp();
    await answerOnce(answers);
    for (const customerId of ['8', null]) {
      expect(await answers.begin({ ...ASKED, customerId })).toMatchObject({ kind: 'turn', isRepeat: false });
    }
  });

  it('are kept for each operation, for a gateway sends the parts of one under one key', async () => {
    const { answers } = setUp();
    await answerOnce(answers);
    expect(await answers.begin({ ...ASKED, operation: 'deleteAddress' })).toMatchObject({ kind: 'turn' });
  });

  it.for([
    { who: 'a customer', customerId: '7', tokens: false, keptMs: 24 * HOUR_MS },
    { who: 'nobody in particular', customerId: null, tokens: false, keptMs: HOUR_MS / 4 },
    { who: 'whoever got tokens', customerId: null, tokens: true, keptMs: HOUR_MS / 60 },
  ])('are kept for their time: those to $who', async ({ customerId, tokens, keptMs }) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { answers } = setUp();
    await answerOnce(answers, { customerId }, tokens);
    vi.advanceTimersByTime(keptMs - 1000);
    expect(await answers.begin({ ...ASKED, customerId })).toMatchObject({ kind: 'answered' });
    vi.advanceTimersByTime(1000);
    expect(await answers.begin({ ...ASKED, customerId })).toMatchObject({ kind: 'turn', isRepeat: false });
  });

  it('stand in the store under the key of the client: neither the key, the content nor the answer is there', async () => {
    const { answers, written } = setUp();
    await answerOnce(answers);
    const all = written.join('\n');
    expect(all).toContain('answer:');
    for (const secret of [ASKED.key, ASKED.content, 'Dammam']) expect(all).not.toContain(secret);
  });

  it('are waited for by a second one that comes meanwhile', async () => {
    const { answers } = setUp();
    const first = await turnOf(answers);
    const second = answers.begin(ASKED);
    await first.end(ANSWER, { tokens: false });
    expect(await second).toEqual({ kind: 'answered', answer: ANSWER });
  });

  it('let one try after another when there is none, and tell that there was a try', async () => {
    const { answers } = setUp();
    const first = await turnOf(answers);
    expect(first.isRepeat).toBe(false);
    const second = turnOf(answers);
    await first.end(null, { tokens: false });
    expect((await second).isRepeat).toBe(true);
  });

  it('refuse other content also while the first is at it', async () => {
    const { answers } = setUp();
    const first = await turnOf(answers);
    const other = answers.begin({ ...ASKED, content: 'a house in Jeddah' });
    await first.end(ANSWER, { tokens: false });
    expect(await other).toEqual({ kind: 'otherContent' });
  });
});
