/**
 * `npm run timing`: how long the service takes to answer about people whom it knows and whom it does not.
 *
 * The service runs as a process of its own; its upstreams are the sandbox's behind wires as slow as real ones
 * are, so that an answer which waited for any of them would stand out by far. With `REDIS_URL` set, state is
 * kept there instead of in the process. Ends with 1 where known and unknown can be told apart.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { availableParallelism, cpus } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '../../src/logger.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { startProxy } from '../support/proxy.ts';
import { ANSWERED_FIRST, LOOKED_UP, NO_LIMITS, numbered, PEOPLE, type Who } from './asking.ts';
import { mannWhitneyP, quantile } from './rank.ts';

const SAMPLES = 200;
const WARM_UP = 20;
const OPERATIONS = { ...ANSWERED_FIRST, ...LOOKED_UP };
const PAUSE_MS = 25;
const UPSTREAM_MS = { m2: 40, eservices: 120, sms: 200 };
/** One in a hundred for the run as a whole. */
const SUSPICIOUS = 0.01 / Object.keys(OPERATIONS).length;
/** Milliseconds that are added to the times of the known, to say which difference would have been seen. */
const SHIFTS = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];

interface Trial {
  name: string;
  who: Who;
  at: number;
}

/** Every operation about known and unknown people as often, in one random order. */
function trials(samples: number): Trial[] {
  const all = Object.keys(OPERATIONS).flatMap((name) =>
    (['known', 'unknown'] as const).flatMap((who) =>
      Array.from({ length: samples }, (_, at): Trial => ({ name, who, at })),
    ),
  );
  return all
    .map((trial) => ({ trial, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ trial }) => trial);
}

/** Starts the service with these settings; resolves to its port once it is ready. */
async function startChild(env: Record<string, string>): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', NODE_ENV: 'test', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  let written = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the service did not start')));
    child.stdout.on('data', (chunk) => {
      if (written.length < 10_000) written += chunk;
      const ready = written.match(/"url":"http:\/\/localhost:(\d+)\//)?.[1];
      if (ready !== undefined) resolve(Number(ready));
    });
  });
  return { child, port };
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Milliseconds from the first byte sent to the last one received. */
async function timed(port: number, { name, who, at }: Trial): Promise<number> {
  const operation = OPERATIONS[name];
  if (operation === undefined) throw new Error(`there is no operation ${name}`);
  const { query, input } = operation;
  const body = JSON.stringify({ query, variables: { input: input(PEOPLE[who][at % 2 === 0 ? 0 : 1], at) } });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const startedAt = performance.now();
  const answer = await new Promise<string>((resolve, reject) => {
    const asking = request({ agent, host: '127.0.0.1', port, path: '/graphql', method: 'POST', headers });
    asking.once('error', reject).once('response', (response) => text(response).then(resolve, reject));
    asking.end(body);
  });
  const ms = performance.now() - startedAt;
  if (!answer.includes(`"${operation.answer}"`)) throw new Error(`${name} answered ${answer}`);
  return ms;
}

async function measure(port: number): Promise<Map<string, Record<Who, number[]>>> {
  for (const trial of trials(WARM_UP)) await timed(port, trial);
  const times = new Map(Object.keys(OPERATIONS).map((name) => [name, { known: [], unknown: [] }]));
  const all = trials(SAMPLES);
  for (const [done, trial] of all.entries()) {
    if (done % 100 === 0) process.stderr.write(`\r${done} of ${all.length} samples`);
    const ms = await timed(port, trial);
    (times.get(trial.name) as Record<Who, number[]>)[trial.who].push(ms);
    await sleep(PAUSE_MS);
  }
  process.stderr.write(`\r${all.length} of ${all.length} samples\n`);
  return times;
}

function row(name: string, { known, unknown }: Record<Who, number[]>): { p: number; cells: string[] } {
  const p = mannWhitneyP(known, unknown);
  const seen = SHIFTS.find((shift) => {
    return (
      mannWhitneyP(
        known.map((ms) => ms + shift),
        unknown,
      ) < SUSPICIOUS
    );
  });
  const times = [known, unknown].flatMap((ms) => [quantile(ms, 0.5), quantile(ms, 0.95)]);
  const cells = [
    name,
    ...times.map((ms) => ms.toFixed(2)),
    p.toFixed(3),
    seen === undefined ? '–' : `${seen}`,
  ];
  return { p, cells };
}

/** Makes the many customers who try to sign in by password. */
async function addCustomers({ m2Url, m2AccessToken }: Sandbox): Promise<void> {
  const headers = { authorization: `Bearer ${m2AccessToken}`, 'content-type': 'application/json' };
  for (const [index, { email }] of PEOPLE.known.entries()) {
    for (let at = index; at < SAMPLES; at += PEOPLE.known.length) {
      const customer = { email: numbered(email, at), firstname: 'Sara', lastname: 'Noor', website_id: 1 };
      const body = JSON.stringify({ customer, password: 'Seven plum trees, 1 row' });
      const made = await fetch(`${m2Url}/V1/customers`, { method: 'POST', headers, body });
      if (!made.ok) throw new Error(`the shop answered ${made.status}: ${await made.text()}`);
    }
  }
}

async function main(): Promise<void> {
  const sandbox = await startSandbox({ log: createLogger('silent') });
  await addCustomers(sandbox);
  const proxies = {
    m2: await startProxy(sandbox.m2.url),
    eservices: await startProxy(sandbox.eservicesUrl),
    sms: await startProxy(sandbox.smsUrl),
  };
  for (const name of ['m2', 'eservices', 'sms'] as const) {
    proxies[name].fate = () => sleep(UPSTREAM_MS[name], 'pass' as const);
  }
  const { REDIS_URL } = process.env;
  const { child, port } = await startChild({
    ...NO_LIMITS,
    M2_URL: `${proxies.m2.url}/rest/default`,
    M2_ACCESS_TOKEN: sandbox.m2AccessToken,
    ESERVICES_URL: proxies.eservices.url,
    SMS_URL: proxies.sms.url,
    SMTP_URL: sandbox.smtpUrl,
    ...(REDIS_URL !== undefined && { REDIS_URL }),
  });
  const times = await measure(port);
  child.kill('SIGKILL');
  const passed = Object.values(proxies).reduce((sum, proxy) => sum + proxy.passed.length, 0);

  const rows = [...times].map(([name, both]) => row(name, both));
  const title = ['operation', 'known: median', 'p95', 'unknown: median', 'p95', 'p', 'would be seen'];
  const lines = [title, title.map(() => '---'), ...rows.map(({ cells }) => cells)];
  process.stdout.write(`${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n\n`);
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model.trim()}, Node ${process.version}`;
  const where = REDIS_URL === undefined ? 'in the process' : 'in Redis';
  const day = new Date().toISOString().slice(0, 10);
  process.stdout.write(
    `${SAMPLES} samples each, in ms; ${day}; ${machine}; state ${where}; ${passed} upstream requests\n`,
  );
  const isSuspicious = rows.some(({ p }) => p < SUSPICIOUS);
  process.stdout.write(
    isSuspicious ? 'Known and unknown CAN be told apart.\n' : 'Nothing tells them apart.\n',
  );
  process.exit(isSuspicious ? 1 : 0);
}

await main();
