/** `Idempotency-Key`: what a client sends twice happens once, and is answered alike. */
import { randomUUID } from 'node:crypto';
import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { addressBook, NEW } from '../journeys/address-book.ts';
import { cutOffAtWill, UNAVAILABLE } from '../journeys/cut-off.ts';
import { as, askToLogIn, dataOf, giveCode, rowOf, saudi, signIn, writesOf } from '../journeys/steps.ts';
import { AddAddressDocument, AddressesDocument, LoginDocument } from '../support/operations.ts';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.ts';
import type { GraphQLAnswer, RunningService } from '../support/service.ts';

const under = (key: string) => ({ headers: { 'idempotency-key': key } });
const isReplayed = ({ headers }: GraphQLAnswer<unknown>) => headers.get('idempotency-replayed') === 'true';

describe('a mutation under an Idempotency-Key', () => {
  const book = addressBook();
  const add = (key: string, input = NEW, token = book.token) =>
    book.service.ask(AddAddressDocument, { input }, { token, ...under(key) });

  it('is done once and answered alike when it comes again', async () => {
    const key = randomUUID();
    const first = await add(key);
    const written = writesOf(book.service).length;
    const second = await add(key);
    expect([first, second].map(isReplayed)).toEqual([false, true]);
    expect(second.data).toEqual(first.data);
    expect(writesOf(book.service)).toHaveLength(written);
    expect(book.rowNow().addresses).toHaveLength(3);
  });

  it('is done once when it comes ten times at once', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => add(key)));
    const ids = answers.map((answer) => as('CustomerAddress', dataOf(answer).addAddress).id);
    expect(new Set(ids).size).toBe(1);
    expect(answers.filter(isReplayed)).toHaveLength(9);
    expect(book.rowNow().addresses).toHaveLength(3);
  });

  it('is another one under another key, and without any', async () => {
    await add(randomUUID());
    await add(randomUUID());
    await book.add(NEW);
    expect(book.rowNow().addresses).toHaveLength(5);
  });

  it('takes the key in quotes, as its standard writes it, for the same', async () => {
    const key = randomUUID();
    await add(key);
    expect(isReplayed(await add(`"${key}"`))).toBe(true);
  });

  it('refuses the key for other content, and does nothing then', async () => {
    const key = randomUUID();
    await add(key);
    const other = await add(key, { ...NEW, city: 'Jeddah' });
    expect(other.status).toBe(422);
    expect(other.errors).toEqual([
      {
        message: 'This `Idempotency-Key` was sent with another request: make a new one.',
        extensions: { code: 'BAD_REQUEST' },
      },
    ]);
    expect(book.rowNow().addresses).toHaveLength(3);
  });

  it("leaves another customer's key of the same name alone", async () => {
    const key = randomUUID();
    await add(key);
    const omar = await signIn(book.service, '502345678');
    const his = await add(key, { ...NEW, city: 'Jeddah' }, omar.token);
    expect(isReplayed(his)).toBe(false);
    expect(dataOf(his).addAddress).toMatchObject({ city: 'Jeddah' });
  });

  it.for(['1', 'fifteen-letters', 'with a space in its midst', 'ö'.repeat(20), 'x'.repeat(256)])(
    'does nothing under a key that others may think of or that is none: %s',
    async (key) => {
      const given = /ö/.test(key) ? Buffer.from(key).toString('latin1') : key;
      const answer = await add(given);
      expect(answer.status).toBe(400);
      expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }]);
      expect(book.rowNow().addresses).toHaveLength(2);
    },
  );

  it('keeps what a person can act on as well: the same input error comes again', async () => {
    const key = randomUUID();
    const wrong = { ...NEW, telephone: 'at home' };
    const [first, second] = [await add(key, wrong), await add(key, wrong)];
    expect(dataOf(first).addAddress).toMatchObject({ __typename: 'CustomerInputError' });
    expect(second.data).toEqual(first.data);
    expect(isReplayed(second)).toBe(true);
  });

  it('keeps nothing for who was not signed in', async () => {
    const key = randomUUID();
    const refused = await book.service.ask(AddAddressDocument, { input: NEW }, under(key));
    expect(refused.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(isReplayed(await add(key))).toBe(false);
    expect(book.rowNow().addresses).toHaveLength(3);
  });

  it('counts for mutations alone: queries are read anew', async () => {
    const asking = { token: book.token, ...under(randomUUID()) };
    const before = dataOf(await book.service.ask(AddressesDocument, {}, asking)).addresses ?? [];
    await book.add(NEW);
    const after = await book.service.ask(AddressesDocument, {}, asking);
    expect(dataOf(after).addresses).toHaveLength(before.length + 1);
    expect(isReplayed(after)).toBe(false);
  });
});

describe('a sign-in under an Idempotency-Key', () => {
  const wires = cutOffAtWill();
  const phone = saudi('501234567');

  it('asks for one code, however often its answer is lost', async () => {
    const key = randomUUID();
    const ask = () => wires.service.ask(LoginDocument, { input: { phone } }, under(key));
    const [first, second] = [await ask(), await ask()];
    expect(second.data).toEqual(first.data);
    expect(isReplayed(second)).toBe(true);
  });

  it('that came too soon is tried anew: nobody is told to wait for ever', async () => {
    const service = await wires.start({ OTP_PAUSE_SECONDS: '1' });
    onTestFinished(() => service.close());
    const key = randomUUID();
    const ask = () => service.ask(LoginDocument, { input: { phone } }, under(key));
    await askToLogIn(service, { phone });
    expect(dataOf(await ask()).login).toMatchObject({ __typename: 'CustomerThrottledError' });
    await vi.waitFor(
      async () => expect(dataOf(await ask()).login).toMatchObject({ __typename: 'OtpChallenge' }),
      {
        timeout: 4_000,
        interval: 200,
      },
    );
    expect(isReplayed(await ask())).toBe(true);
  });

  it('gives the same tokens again, and to nobody without the key', async () => {
    const challenge = await askToLogIn(wires.service, { phone });
    const key = randomUUID();
    const first = await giveCode(wires.service, challenge, under(key));
    const again = await giveCode(wires.service, challenge, under(key));
    expect(as('CustomerSession', dataOf(again).verifyOtp)).toEqual(dataOf(first).verifyOtp);
    for (const asking of [under(randomUUID()), {}]) {
      const other = await giveCode(wires.service, challenge, asking);
      expect(dataOf(other).verifyOtp).toMatchObject({ __typename: 'OtpExpiredError' });
    }
  });
});

describe('an address whose answer was lost on its way', () => {
  const wires = cutOffAtWill();
  const sara = () => rowOf(wires.shop, 'sara@example.com');

  it('is not added a second time: neither by one that comes after a failure nor by one that was never answered', async () => {
    const { token } = await signIn(wires.service, '501234567');
    const before = sara().addresses.length;
    const key = randomUUID();
    const add = () => wires.service.ask(AddAddressDocument, { input: NEW }, { token, ...under(key) });

    // M2 takes it, and its answer and every later look at it is lost.
    let isWritten = false;
    wires.proxies.m2.fate = ({ method }) => {
      if (isWritten) return 'cut';
      isWritten = method === 'PUT';
      return isWritten ? 'lose' : 'pass';
    };
    const first = await add();
    expect(first.errors).toMatchObject([{ extensions: UNAVAILABLE }]);
    expect(sara().addresses).toHaveLength(before + 1);

    wires.proxies.m2.fate = () => 'pass';
    const second = await add();
    expect(dataOf(second).addAddress).toMatchObject({ __typename: 'CustomerAddress', city: NEW.city });
    expect(isReplayed(second)).toBe(false);
    expect(isReplayed(await add())).toBe(true);
    expect(sara().addresses).toHaveLength(before + 1);
  });

  it('is answered to a client that was cut off and asks again', async () => {
    const { token } = await signIn(wires.service, '501234567');
    const before = sara().addresses.length;
    const key = randomUUID();
    const input = { ...NEW, label: 'Office' };
    const cut = new AbortController();
    onTestFinished(() => cut.abort());
    wires.proxies.m2.fate = ({ method }) => {
      if (method === 'PUT') cut.abort();
      return 'pass';
    };
    const asked = fetch(wires.service.url, {
      method: 'POST',
      signal: cut.signal,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'idempotency-key': key,
      },
      body: JSON.stringify({ query: print(AddAddressDocument), variables: { input } }),
    });
    await expect(asked).rejects.toThrow('abort');
    wires.proxies.m2.fate = () => 'pass';
    const again = await wires.service.ask(AddAddressDocument, { input }, { token, ...under(key) });
    expect(dataOf(again).addAddress).toMatchObject({ __typename: 'CustomerAddress', label: 'Office' });
    expect(sara().addresses).toHaveLength(before + 1);
  });
});

describeWithRedis('two replicas on one Redis', () => {
  const wires = cutOffAtWill();
  let redis: TestRedis;
  let replicas: RunningService[] = [];
  const phone = saudi('501234567');
  const askEach = (key: string) =>
    Promise.all(replicas.map(({ ask }) => ask(LoginDocument, { input: { phone } }, under(key))));

  beforeAll(async () => {
    redis = await startRedis();
    const settings = { REDIS_URL: redis.url, OTP_SECRET: 'an invented secret of enough characters' };
    replicas = await Promise.all([wires.start(settings), wires.start(settings)]);
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await redis.stop();
  });

  it('do once what is sent to both at once', async () => {
    const answers = await askEach(randomUUID());
    const [first, second] = answers.map((answer) => as('OtpChallenge', dataOf(answer).login));
    expect(first).toEqual(second);
    expect(answers.filter(isReplayed)).toHaveLength(1);
  });

  it('do nothing under a key while Redis is away, and say that it may be tried again', async () => {
    await redis.kill();
    for (const answer of await askEach(randomUUID())) {
      expect(answer).toMatchObject({ status: 200, data: null, errors: [{ extensions: UNAVAILABLE }] });
    }
    await redis.restart();
    const key = randomUUID();
    await vi.waitFor(
      async () => {
        for (const answer of await askEach(key)) as('OtpChallenge', dataOf(answer).login);
      },
      { timeout: 10_000, interval: 200 },
    );
  }, 20_000);
});
