import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { startTestService } from '../support/service.ts';
import { JSON_TYPE, post } from './http.ts';
import { type Gate, gateTo, type ServiceProcess, startProcess } from './process.ts';

// A process takes some seconds to start while other tests keep the machine busy.
const TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: TIMEOUT_MS });

const LOGIN =
  'mutation($input: LoginInput!) { login(input: $input) { ... on OtpChallenge { otpId otpCode } } }';
const VERIFY = `mutation($otpId: ID!, $otpCode: String!) {
  verifyOtp(input: { otpId: $otpId, otpCode: $otpCode }) { ... on CustomerSession { customer { fullName } } }
}`;

let running: ServiceProcess | undefined;
afterEach(() => running?.kill());

interface Challenge {
  login: { otpId: string; otpCode: string };
}
interface Verified {
  verifyOtp: { accessToken: string; customer: object };
}

async function ask<Data>(
  url: string,
  request: { query: string; variables?: object; operationName?: string },
  headers: Record<string, string> = {},
): Promise<Data> {
  const response = await post({ url }, JSON.stringify(request), { ...JSON_TYPE, ...headers });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

describe('the process at its start', () => {
  it('says where it is and what to do first, and doing that works', async () => {
    running = startProcess();
    const url = await running.ready();
    const { port } = new URL(url);
    expect(running.output()).toContain(`http://localhost:${port}/graphql`);
    expect(running.output()).toContain(`http://localhost:${port}/sandbox/outbox`);

    const [, pasted = ''] = running.output().split(/(?=^ *# 1\.)/m);
    const steps = pasted.slice(0, pasted.search(/^\{"level/m));
    expect(parse(steps).definitions).toHaveLength(4);
    const { login } = await ask<Challenge>(url, { query: steps, operationName: 'Login' });
    const spending = { query: steps, variables: login, operationName: 'VerifyOtp' };
    const { verifyOtp } = await ask<Verified>(url, spending);
    const authorization = `Bearer ${verifyOtp.accessToken}`;
    expect(await ask(url, { query: steps, operationName: 'Customer' }, { authorization })).toMatchObject({
      customer: {
        fullName: 'Sara Ali',
        addresses: [{ label: 'Home' }, { label: 'Work' }],
        loyalty: { status: 'ACTIVE' },
      },
    });

    // Sent after the answer.
    await vi.waitFor(async () => {
      const outbox = await fetch(`http://127.0.0.1:${port}/sandbox/outbox`);
      expect(await outbox.text()).toContain(login.otpCode);
    });
  });

  it('ends with 1 and plain words where its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? `${address?.port}` : '';
    try {
      running = startProcess({ PORT: port });
      expect(await running.ended()).toBe(1);
      expect(running.errors()).toBe(
        `Port ${port} is taken by another process: stop that one, or set PORT to another.\n`,
      );
      expect(running.output()).not.toContain('ready');
      await expect(startTestService({ PORT: port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    } finally {
      other.close();
    }
  });

  it('ends with 1 and names every setting that is wrong', async () => {
    running = startProcess({ NODE_ENV: 'production', PORT: 'soon' });
    expect(await running.ended()).toBe(1);
    expect(running.errors()).toMatch(/^ {2}PORT: /m);
    expect(running.errors()).toMatch(/^ {2}REDIS_URL: missing/m);
    expect(running.errors()).not.toMatch(/at .*\.ts:/);
  });
});

describe.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])('the process after %s', (signal) => {
  let upstreams: Sandbox;
  let m2: Gate;
  let sms: Gate;
  let url: string;
  let service: ServiceProcess;
  let secondsToEnd: number;
  /** What came of requests that were under way when the signal came. */
  let answered: Verified;
  let promised: Challenge;
  let newcomer: unknown;

  const askForCode = (number: string) =>
    ask<Challenge>(url, { query: LOGIN, variables: { input: { phone: { number }, createIfMissing: true } } });
  const spending = ({ login }: Challenge) => ({ query: VERIFY, variables: login });

  beforeAll(async () => {
    upstreams = await startSandbox({ log: createLogger('silent') });
    m2 = await gateTo(new URL(upstreams.m2Url).origin);
    sms = await gateTo(upstreams.smsUrl);
    service = startProcess({
      NODE_ENV: 'development',
      LOG_LEVEL: 'debug',
      M2_URL: `${m2.url}/rest/default`,
      M2_ACCESS_TOKEN: upstreams.m2AccessToken,
      ESERVICES_URL: upstreams.eservicesUrl,
      SMS_URL: sms.url,
      SMTP_URL: upstreams.smtpUrl,
    });
    url = await service.ready();
    const [sara, stranger] = [await askForCode('0501234567'), await askForCode('0555555555')];

    m2.shut();
    const answering = ask<Verified>(url, spending(sara));
    const leaving = new AbortController();
    const body = JSON.stringify(spending(stranger));
    const left = fetch(url, { method: 'POST', headers: JSON_TYPE, body, signal: leaving.signal });
    await vi.waitFor(() => expect(m2.waiting).toHaveLength(2));
    leaving.abort();
    await left.catch(() => undefined);
    await vi.waitFor(() => expect(upstreams.outbox.list()).toHaveLength(2));
    sms.shut();
    promised = await askForCode('0551234567');
    await vi.waitFor(() => expect(sms.waiting).toHaveLength(1));
    // As a browser keeps one in reserve: nothing is ever sent on it.
    const spare = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
    await once(spare, 'connect');

    service.signal(signal);
    await vi.waitFor(() => expect(service.output()).toContain('"stopping"'));
    newcomer = await vi.waitUntil(() => fetch(url).catch((error: unknown) => error));
    const openedAt = performance.now();
    m2.open();
    answered = await answering;
    await sleep(200);
    sms.open();
    await service.ended();
    secondsToEnd = (performance.now() - openedAt) / 1000;
    spare.destroy();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await service.kill();
    await Promise.all([m2.close(), sms.close()]);
    await upstreams.close();
  });

  it('ends with 0, without waiting for connections that carry nothing', async () => {
    expect(await service.ended()).toBe(0);
    expect(secondsToEnd).toBeLessThan(5);
    expect(service.output()).not.toContain('"level":"error"');
  });

  it('answers the request in flight and lets none new in', () => {
    expect(answered.verifyOtp.customer).toEqual({ fullName: 'Sara Ali' });
    expect(newcomer).toBeInstanceOf(Error);
  });

  it('finishes what a client asked for that has left meanwhile', () => {
    const phones = [...upstreams.m2.shop.customers.values()].map(({ custom }) => custom.get('phone_number'));
    expect(phones).toContain('555555555');
  });

  it('still sends the message that an answer has promised', () => {
    expect(upstreams.outbox.list()[0]).toMatchObject({
      to: '+966551234567',
      text: expect.stringContaining(promised.login.otpCode),
    });
  });
});
