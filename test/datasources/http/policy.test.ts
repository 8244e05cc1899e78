import { once, setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { lanesOf, type UpstreamObserver, type UpstreamPolicy } from '../../../src/datasources/http/lanes.ts';
import { type Call, type UpstreamOptions, upstream } from '../../../src/datasources/http.ts';
import { Failure } from '../../../src/failures.ts';
import { apart, type Operation, withinOperation } from '../../../src/operation.ts';
import { capturedLog } from '../../support/m2.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const GET: Call = { method: 'GET', route: 'things' };
const POST: Call = { method: 'POST', route: 'things', json: {} };

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function setUp(
  handle: Handler,
  options: Partial<UpstreamPolicy> & Partial<UpstreamOptions> & { partOf?: (route: string) => string } = {},
) {
  const { partOf, sockets = 50, queue = 100, circuitOpenMs = 0, ...rest } = options;
  const server = createServer(handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const log = capturedLog();
  const told: string[] = [];
  const observe: UpstreamObserver = {
    sent: ({ upstream: name, method, route, status }) => told.push(`${name} ${method} ${route} ${status}`),
    refused: (name, reason) => told.push(`${name} refused: ${reason}`),
    retried: (name) => told.push(`${name} retried`),
    circuit: (name, position) => told.push(`${name} ${position}`),
  };
  const policy = { sockets, queue, circuitOpenMs, observe };
  const lanes = lanesOf('Shop', { policy, log: log.logger, ...(partOf && { partOf }) });
  const client = upstream({
    name: 'Shop',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    timeoutMs: 1_000,
    log: log.logger,
    lanes,
    ...rest,
  });
  closers.push(() => {
    client.close();
    server.close();
    server.closeAllConnections();
  });
  return { client, log, told, server };
}

const json = (response: ServerResponse, body: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** `ok`, or the detail of the failure. */
const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'ok',
    (error: unknown) => (error instanceof Failure ? (error.detail ?? error.code) : Promise.reject(error)),
  );

function operation(changes: Partial<Operation> = {}): Operation {
  return {
    requestId: 'request-1',
    trace: null,
    deadlineAt: performance.now() + 10_000,
    gone: null,
    ...changes,
  };
}

describe('the load on an upstream', () => {
  it('is bounded: so many at a time, so many in line, and the rest is refused at once', async () => {
    let inside = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const { client, told } = await setUp(
      (_, response) => {
        most = Math.max(most, ++inside);
        waiting.push(() => {
          inside--;
          json(response, 1);
        });
      },
      { sockets: 3, queue: 4 },
    );
    const calls = Array.from({ length: 10 }, () => outcomeOf(client.call(GET)));
    const startedAt = performance.now();
    expect(await Promise.all(calls.slice(7))).toEqual(
      Array(3).fill('Shop was not asked: too many calls wait for it'),
    );
    expect(performance.now() - startedAt).toBeLessThan(500);
    await vi.waitFor(() => expect(waiting).toHaveLength(3));
    for (let left = 7; left > 0; left--) {
      const answer = await vi.waitUntil(() => waiting.shift(), { interval: 1 });
      answer();
    }
    expect(await Promise.all(calls.slice(0, 7))).toEqual(Array(7).fill('ok'));
    expect(most).toBe(3);
    expect(told.filter((line) => line === 'Shop refused: queue')).toHaveLength(3);
  });

  it('reuses connections', async () => {
    const sockets = new Set();
    const { client } = await setUp(({ socket }, response) => {
      sockets.add(socket);
      json(response, 1);
    });
    for (let call = 0; call < 10; call++) await client.call(call < 5 ? GET : POST);
    // Reads and writes have their own; and one that was just used rests for a moment before it is read by again.
    expect(sockets.size).toBeLessThanOrEqual(3);
  });

  it('whoever waits in line waits no longer than a call may take', async () => {
    const { client } = await setUp(() => {}, { sockets: 1, timeoutMs: 200 });
    const startedAt = performance.now();
    const outcomes = await Promise.all([outcomeOf(client.call(GET)), outcomeOf(client.call(GET))]);
    expect(outcomes[0]).toContain('ETIMEDOUT');
    expect(outcomes[1]).toMatch(/time was up|ETIMEDOUT/);
    expect(performance.now() - startedAt).toBeLessThan(900);
  });
});

describe('a second try', () => {
  it('is for few: a tenth of the calls, however many fail', async () => {
    let requests = 0;
    const { client, told } = await setUp((_, response) => {
      requests += 1;
      json(response, 'away', 503);
    });
    for (let wave = 0; wave < 10; wave++) {
      await Promise.all(Array.from({ length: 10 }, () => outcomeOf(client.call(GET))));
    }
    expect(requests).toBeGreaterThan(100);
    expect(requests).toBeLessThanOrEqual(110);
    expect(told.filter((line) => line === 'Shop retried')).toHaveLength(requests - 100);
  });

  it('is signed anew: a nonce that was seen is refused', async () => {
    const seen: unknown[] = [];
    const { client } = await setUp(
      ({ headers }, response) => {
        seen.push(headers.authorization);
        json(response, 1, seen.length === 1 ? 502 : 200);
      },
      { authorize: { headers: async () => ({ authorization: `nonce ${seen.length}` }) } },
    );
    await client.call(GET);
    expect(seen).toEqual(['nonce 0', 'nonce 1']);
  });
});

describe('a circuit', () => {
  it('spares an upstream in trouble, answers at once meanwhile, and notices when it is well', async () => {
    let isWell = false;
    let requests = 0;
    const { client, told } = await setUp(
      (_, response) => {
        requests += 1;
        if (isWell) json(response, 1);
        else response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Error</h1>');
      },
      { circuitOpenMs: 300 },
    );
    for (let call = 0; call < 10; call++) await outcomeOf(client.call(POST));
    expect(requests).toBe(10);
    for (let call = 0; call < 20; call++) {
      expect(await outcomeOf(client.call(GET))).toBe('Shop was not asked: its circuit is open');
    }
    expect(requests).toBe(10);

    await sleep(310);
    await outcomeOf(client.call(GET));
    expect(requests).toBe(11);
    expect(await outcomeOf(client.call(GET))).toContain('circuit is open');
    isWell = true;
    await sleep(310);
    expect(await outcomeOf(client.call(GET))).toBe('ok');
    expect(await outcomeOf(client.call(GET))).toBe('ok');
    expect(told.filter((line) => /^Shop \w+$/.test(line))).toEqual([
      'Shop closed',
      'Shop open',
      'Shop halfOpen',
      'Shop open',
      'Shop halfOpen',
      'Shop closed',
    ]);
  });

  it.each([
    ['an HTML page with status 200', (response: ServerResponse) => void response.end('<html>')],
    ['a broken connection', (response: ServerResponse) => void response.destroy()],
    ['silence', () => {}],
  ])('opens for %s', async (_, misbehave) => {
    const { client } = await setUp((_request, response) => misbehave(response), {
      circuitOpenMs: 60_000,
      timeoutMs: 150,
    });
    await Promise.all(Array.from({ length: 10 }, () => outcomeOf(client.call(POST))));
    expect(await outcomeOf(client.call(GET))).toContain('circuit is open');
  });

  it.each([400, 401, 403, 404, 408, 429])(
    'stays closed for a %i, which is about what was asked',
    async (status) => {
      const { client } = await setUp((_, response) => json(response, {}, status), { circuitOpenMs: 60_000 });
      for (let call = 0; call < 20; call++) await outcomeOf(client.call(GET));
      expect(await outcomeOf(client.call(GET))).not.toContain('circuit');
    },
  );

  it('stays closed for clients who leave, and for operations with little time', async () => {
    let isQuick = false;
    const { client } = await setUp(
      async (_, response) => {
        if (!isQuick) await sleep(300, undefined, { ref: false });
        json(response, 1);
      },
      { circuitOpenMs: 60_000, timeoutMs: 2_000 },
    );
    const hurried = Array.from({ length: 12 }, () =>
      withinOperation(operation({ deadlineAt: performance.now() + 60 }), () => outcomeOf(client.call(GET))),
    );
    for (const outcome of await Promise.all(hurried)) expect(outcome).toMatch(/ETIMEDOUT|time was up/);
    const gone = new AbortController();
    setMaxListeners(0, gone.signal);
    const leaving = Array.from({ length: 12 }, () =>
      withinOperation(operation({ gone: gone.signal }), () => outcomeOf(client.call(GET))),
    );
    await sleep(50);
    gone.abort();
    await Promise.all(leaving);
    isQuick = true;
    expect(await outcomeOf(client.call(GET))).toBe('ok');
  });

  it('of one part does not touch the others, nor do its slow calls', async () => {
    const { client } = await setUp(
      ({ url }, response) => {
        if (url === '/cards/all') return;
        json(response, 1);
      },
      {
        circuitOpenMs: 60_000,
        timeoutMs: 200,
        sockets: 10,
        queue: 0,
        partOf: (route) => route.split('/')[0] ?? '',
      },
    );
    const cards = { ...GET, route: 'cards/all' };
    const outcomes = await Promise.all([
      ...Array.from({ length: 10 }, () => outcomeOf(client.call(cards))),
      outcomeOf(client.call({ ...GET, route: 'customers/all' })),
    ]);
    expect(outcomes.pop()).toBe('ok');
    expect(outcomes.filter((outcome) => outcome.includes('too many'))).toHaveLength(8);
    for (let call = 0; call < 8; call++) await outcomeOf(client.call(cards));
    expect(await outcomeOf(client.call(cards))).toBe('Shop cards was not asked: its circuit is open');
    expect(await outcomeOf(client.call({ ...GET, route: 'customers/all' }))).toBe('ok');
  });
});

describe('a call for an operation', () => {
  it('takes no longer than the operation has left', async () => {
    const { client } = await setUp(() => {}, { timeoutMs: 5_000 });
    const startedAt = performance.now();
    const deadlineAt = startedAt + 100;
    await withinOperation(operation({ deadlineAt }), () => outcomeOf(client.call(GET)));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('is not sent when the time is up, and a write not when it could not be waited for', async () => {
    const { client, told } = await setUp((_, response) => json(response, 1));
    const inTime = (ms: number, call: Call) =>
      withinOperation(operation({ deadlineAt: performance.now() + ms }), () => outcomeOf(client.call(call)));
    expect(await inTime(-1, GET)).toBe('Shop was not asked: the time was up');
    expect(await inTime(300, POST)).toBe('Shop was not asked: the time was up');
    expect(await inTime(300, GET)).toBe('ok');
    expect(await inTime(900, POST)).toBe('ok');
    expect(told.filter((line) => line.includes('refused'))).toHaveLength(2);
  });

  it('ends with its client when it reads, at once and at the upstream as well; a write goes on', async () => {
    let closed = 0;
    let written = 0;
    const { client } = await setUp(async ({ method }, response) => {
      response.once('close', () => {
        closed += response.writableFinished ? 0 : 1;
      });
      await sleep(200);
      if (method === 'POST') written += 1;
      if (!response.destroyed) json(response, 1);
    });
    const gone = new AbortController();
    setTimeout(() => gone.abort(), 50);
    const ask = (call: Call) =>
      withinOperation(operation({ gone: gone.signal }), () => outcomeOf(client.call(call)));
    const startedAt = performance.now();
    expect(await ask(GET).finally(() => expect(performance.now() - startedAt).toBeLessThan(190))).toContain(
      'ERR_ABORTED',
    );
    expect(await ask(GET)).toBe('Shop was not asked: the client has left');
    expect(await ask(POST)).toBe('ok');
    expect([closed, written]).toEqual([1, 1]);
  });

  it('that others wait for as well is not ended by one of their clients', async () => {
    const { client } = await setUp(async (_, response) => {
      await sleep(100);
      json(response, 1);
    });
    const gone = new AbortController();
    const shared = withinOperation(operation({ gone: gone.signal, deadlineAt: performance.now() + 20 }), () =>
      apart(() => outcomeOf(client.call(GET))),
    );
    gone.abort();
    expect(await shared).toBe('ok');
  });

  it('passes its trace on, and the log tells whose it is', async () => {
    const seen: unknown[] = [];
    const { client, log } = await setUp(({ headers }, response) => {
      seen.push(headers.traceparent);
      json(response, 1);
    });
    const trace = { id: 'a'.repeat(32), parent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
    await withinOperation(operation({ trace }), () => client.call(GET));
    await client.call(GET);
    expect(seen).toEqual([trace.parent, undefined]);
    const [traced, plain] = log.lines.map((line) => JSON.parse(line));
    expect(traced).toMatchObject({ requestId: 'request-1', traceId: trace.id, route: 'things', status: 200 });
    expect(plain).not.toHaveProperty('requestId');
  });
});

describe('an answer', () => {
  it('of 429 is a retryable failure, not a word about what was asked', async () => {
    const { client } = await setUp((_, response) => json(response, {}, 429));
    await expect(client.call(GET)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
  });

  it('without end is cut off', async () => {
    const { client } = await setUp(
      (_, response) => {
        const chunk = Buffer.alloc(1024 * 1024, ' ');
        const more = () => {
          while (!response.destroyed && response.write(chunk));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      },
      { timeoutMs: 20_000 },
    );
    expect(await outcomeOf(client.call(POST))).toContain('EMSGSIZE');
  });
});
