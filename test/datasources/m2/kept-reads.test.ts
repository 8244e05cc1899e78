import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Wanted } from '../../../src/datasources/m2/customer.ts';
import { type KeptReads, keptReads } from '../../../src/datasources/m2/kept-reads.ts';
import { connectM2, type M2 } from '../../../src/datasources/m2/m2.ts';
import { Failure } from '../../../src/failures.ts';
import { memoryStore } from '../../../src/stores/memory.ts';
import type { Store } from '../../../src/stores/store.ts';
import { CustomerAddress } from '../../../src/types/address.ts';
import { SavedCard } from '../../../src/types/card.ts';
import { Customer } from '../../../src/types/customer.ts';
import { capturedLog, processLock } from '../../support/m2.ts';

const SECONDS = 10;
const wanting = (...fields: string[]): Wanted => ({
  customerFields: new Set(fields),
  addressFields: new Set(['city']),
});
const CITY = wanting('city', 'addresses');
const SHOWN = { isShown: true };
const AWAY = new Failure('UPSTREAM_UNAVAILABLE', { detail: 'away' });

const log = capturedLog();
let nowMs: number;
let store: Store;
let city: string;
let asked: string[];
beforeEach(() => {
  nowMs = 1_000_000;
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  store = memoryStore();
  city = 'Abha';
  asked = [];
  log.lines.length = 0;
});
afterEach(async () => {
  await store.close();
  vi.restoreAllMocks();
});

/** The clock goes on; `lru-cache` looks at it once a millisecond. */
async function pass(seconds: number): Promise<void> {
  nowMs += seconds * 1000;
  await sleep(5);
}

function customer(id: string): Customer {
  const address = new CustomerAddress({ id: '5', city } as CustomerAddress);
  return new Customer({ id, city, addresses: [address], createdAt: new Date(0) } as Customer);
}

/** A shop in which every customer lives in the same city, and nothing can be written. */
function shop(): M2 {
  const config = {
    url: 'http://127.0.0.1:9/rest/default',
    mediaUrl: null,
    credentials: { kind: 'bearer', token: 'integration-token' },
    placeholderDomain: 'customers.invalid',
    storeViews: {},
    timeoutMs: 1000,
  } as const;
  const m2 = connectM2({ config, log: log.logger, lock: processLock() });
  for (const noun of [m2.customers, m2.addresses, m2.cards]) {
    for (const method of Object.keys(noun)) Object.assign(noun, { [method]: () => Promise.reject(AWAY) });
  }
  m2.customers.findMany = async (ids) => {
    asked.push(`customers ${ids}`);
    return ids.map((id) => (id === '404' ? null : customer(id)));
  };
  m2.cards.list = async (id) => {
    asked.push(`cards of ${id}`);
    return [new SavedCard({ id: `${id}1`, last4Digits: '4242' } as SavedCard)];
  };
  return m2;
}

const counted: string[] = [];
function replica(m2 = shop(), own = store): KeptReads {
  counted.length = 0;
  return keptReads(m2, {
    seconds: SECONDS,
    store: own,
    log: log.logger,
    observe: (kind, outcome) => counted.push(`${kind} ${outcome}`),
  });
}
async function cityOf({ m2 }: KeptReads, id = '7', wanted = CITY): Promise<string | null | undefined> {
  const [found] = await m2.customers.findMany([id], wanted);
  return found?.city;
}

describe('what is read to show one customer', () => {
  it('is asked of M2 once within the seconds, and told apart in what is counted', async () => {
    const here = replica();
    for (let time = 1; time <= 3; time++) {
      expect(await here.m2.customers.findMany(['7'], CITY)).toEqual([customer('7')]);
      expect(await here.m2.cards.list('7', SHOWN)).toMatchObject([{ id: '71' }]);
      await pass(3);
    }
    expect(asked).toEqual(['customers 7', 'cards of 7']);
    expect(counted.toSorted()).toEqual([
      ...['cards hit', 'cards hit', 'cards miss'],
      ...['customer hit', 'customer hit', 'customer miss'],
    ]);
    await pass(2);
    city = 'Taif';
    expect(await cityOf(here)).toBe('Taif');
  });

  it("is nobody else's", async () => {
    const here = replica();
    await cityOf(here, '7');
    await here.m2.cards.list('7', SHOWN);
    expect(await here.m2.customers.findMany(['8'], CITY)).toMatchObject([{ id: '8' }]);
    expect(await here.m2.cards.list('8', SHOWN)).toMatchObject([{ id: '81' }]);
    expect(asked).toEqual(['customers 7', 'cards of 7', 'customers 8', 'cards of 8']);
  });

  it('answers the same selection, whoever made it, and no other', async () => {
    const here = replica();
    await cityOf(here, '7', wanting('addresses', 'city'));
    await cityOf(here, '7', wanting('city', 'addresses'));
    expect(asked).toHaveLength(1);
    await cityOf(here, '7', wanting('city'));
    await cityOf(here, '7', { ...CITY, addressFields: new Set(['city', 'label']) });
    await cityOf(here, '7', { customerFields: CITY.addressFields, addressFields: CITY.customerFields });
    expect(asked).toHaveLength(4);
  });

  it('is as old as the question, however late its answer came', async () => {
    const m2 = shop();
    const { findMany } = m2.customers;
    m2.customers.findMany = async (...args) => {
      await pass(SECONDS - 1);
      return findMany(...args);
    };
    const here = replica(m2);
    await cityOf(here);
    await cityOf(here);
    expect(asked).toHaveLength(1);
    await pass(2);
    await cityOf(here);
    expect(asked).toHaveLength(2);
  });

  it('is of its class and cannot be changed; each request has a customer of its own', async () => {
    const here = replica();
    const [one] = await here.m2.customers.findMany(['7'], CITY);
    const [two] = await here.m2.customers.findMany(['7'], CITY);
    expect(one).toBeInstanceOf(Customer);
    expect(two).toBeInstanceOf(Customer);
    expect(two).not.toBe(one);
    expect(two?.addresses?.[0]).toBeInstanceOf(CustomerAddress);
    expect(() => Object.assign(two?.addresses ?? [], [null])).toThrow(TypeError);
    expect(() => Object.assign(two?.addresses?.[0] ?? {}, { city: 'Taif' })).toThrow(TypeError);
    const [card] = await here.m2.cards.list('7', SHOWN);
    expect(card).toBeInstanceOf(SavedCard);
    expect(() => Object.assign(card ?? {}, { last4Digits: '0000' })).toThrow(TypeError);
  });
});

describe('of M2 each time', () => {
  it.each<[string, (m2: M2) => Promise<unknown>]>([
    ['what is read to be decided upon or written back', (m2) => m2.customers.findMany(['7'])],
    ['whose cards are decided upon', (m2) => m2.cards.list('7')],
    ['a list of several', (m2) => m2.customers.findMany(['7', '8'], CITY)],
    ['a list of nobody', (m2) => m2.customers.findMany([], CITY)],
    ['who is not there', (m2) => m2.customers.findMany(['404'], CITY)],
  ])('is asked %s', async (_, read) => {
    const here = replica();
    await cityOf(here);
    await here.m2.cards.list('7', SHOWN);
    const from = asked.length;
    await read(here.m2);
    await read(here.m2);
    expect(asked.length - from).toBe(2);
  });

  it('is asked what it did not answer', async () => {
    const m2 = shop();
    const { findMany } = m2.customers;
    m2.customers.findMany = () => Promise.reject(AWAY);
    const here = replica(m2);
    await expect(cityOf(here)).rejects.toBe(AWAY);
    m2.customers.findMany = findMany;
    expect(await cityOf(here)).toBe('Abha');
  });

  it('is asked what shows while the store is away, and nothing of that is kept', async () => {
    const here = replica();
    await cityOf(here);
    const get = vi.spyOn(store, 'get').mockRejectedValue(AWAY);
    city = 'Taif';
    expect(await cityOf(here)).toBe('Taif');
    expect(await cityOf(here, '8')).toBe('Taif');
    city = 'Riyadh';
    get.mockRestore();
    expect(await cityOf(here, '8')).toBe('Riyadh');
  });
});

describe('a change by this service', () => {
  const NOT_WRITES: Record<string, string[]> = {
    customers: Object.keys(shop().customers).filter((name) => /^(find|create)/.test(name)),
    addresses: ['owner'],
    cards: ['list'],
  };
  const writes = (['customers', 'addresses', 'cards'] as const).flatMap((noun) =>
    Object.keys(shop()[noun])
      .filter((method) => !NOT_WRITES[noun]?.includes(method))
      .map((method) => [noun, method] as const),
  );

  it('is one of these', () => {
    expect(writes.map((write) => write.join('.'))).toEqual([
      ...['customers.linkSubject', 'customers.update', 'customers.remove'],
      ...['addresses.add', 'addresses.update', 'addresses.remove'],
      'cards.remove',
    ]);
  });

  it.each(writes)(
    '%s.%s is seen by what follows it, on every replica, also if it failed',
    async (...write) => {
      const [noun, method] = write;
      const m2 = shop();
      const [here, there] = [replica(m2), replica()];
      for (const outcome of ['done', 'failed']) {
        await pass(3 * SECONDS);
        await Promise.all([cityOf(here), cityOf(there), cityOf(there, '8')]);
        Object.assign(m2[noun], {
          async [method]() {
            city = `${noun} ${method} ${outcome}`;
            if (outcome === 'failed') throw AWAY;
            return outcome;
          },
        });
        const changing = replica(m2).m2[noun] as unknown as Record<
          string,
          (...args: string[]) => Promise<unknown>
        >;
        await changing[method]?.('7', '5').catch(() => undefined);
        const from = asked.length;
        for (const one of [here, there]) {
          expect(await cityOf(one)).toBe(city);
          expect(await one.m2.cards.list('7', SHOWN)).toHaveLength(1);
        }
        expect(asked.slice(from)).toEqual(['customers 7', 'cards of 7', 'customers 7', 'cards of 7']);
        // Nobody else is read anew for it.
        expect(await cityOf(there, '8')).not.toBe(city);
      }
    },
  );

  it('hands on what came of it', async () => {
    const m2 = shop();
    const { m2: kept } = replica(m2);
    await expect(kept.customers.remove('7')).rejects.toBe(AWAY);
    m2.customers.remove = async () => true;
    expect(await kept.customers.remove('7')).toBe(true);
  });

  it.each(['here', 'there'])('leaves nothing behind of a read that began before it, %s', async (where) => {
    const m2 = shop();
    const { findMany } = m2.customers;
    let answer = () => {};
    m2.customers.findMany = async (...args) => {
      const before = await findMany(...args);
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return before;
    };
    const here = replica(m2);
    const early = cityOf(here);
    await turn();
    const writing = shop();
    writing.customers.update = async () => {
      city = 'Taif';
      return { kind: 'gone' };
    };
    m2.customers.update = writing.customers.update;
    await (where === 'here' ? here : replica(writing)).m2.customers.update('7', {});
    answer();
    expect(await early).toBe('Abha');
    m2.customers.findMany = findMany;
    for (let second = 0; second < 2 * SECONDS; second++) {
      expect(await cityOf(here)).toBe('Taif');
      await pass(1);
    }
  });

  it('is over after a while, and what is read then is kept again', async () => {
    const here = replica();
    await here.changed(['7']);
    await pass(SECONDS);
    await cityOf(here);
    await cityOf(here);
    expect(asked).toHaveLength(2);
    await pass(SECONDS);
    await cityOf(here);
    await cityOf(here);
    expect(asked).toHaveLength(3);
  });

  it('that cannot be told to others is done all the same, is seen here, and is in the log', async () => {
    const m2 = shop();
    const here = replica(m2);
    await cityOf(here);
    m2.customers.update = async () => {
      city = 'Taif';
      return { kind: 'gone' };
    };
    const swap = vi.spyOn(store, 'swap').mockRejectedValue(AWAY);
    expect(await here.m2.customers.update('7', {})).toEqual({ kind: 'gone' });
    swap.mockRestore();
    expect(await cityOf(here)).toBe('Taif');
    expect(log.lines.join()).toContain('other replicas may show');
  });
});

describe('a change by others', () => {
  it('that this service is told of is seen on every replica', async () => {
    const [here, there] = [replica(), replica()];
    for (const id of ['7', '8', '9']) await Promise.all([cityOf(here, id), cityOf(there, id)]);
    city = 'Taif';
    await here.changed(['7', '8']);
    for (const one of [here, there]) {
      expect([await cityOf(one, '7'), await cityOf(one, '8'), await cityOf(one, '9')]).toEqual([
        'Taif',
        'Taif',
        'Abha',
      ]);
    }
  });

  it('is not taken where the store did not', async () => {
    vi.spyOn(store, 'swap').mockRejectedValue(AWAY);
    await expect(replica().changed(['7'])).rejects.toBe(AWAY);
  });
});
