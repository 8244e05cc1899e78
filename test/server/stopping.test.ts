import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { JSON_TYPE, post } from './http.ts';
import { type ServiceProcess, startProcess } from './process.ts';

const DELAY_MS = 1_500;
// A process takes some seconds to start while other tests keep the machine busy.
vi.setConfig({ testTimeout: 60_000 });

let running: ServiceProcess | undefined;
afterEach(() => running?.kill());

it('a process that is to stop is not ready at once, answers for as long as was set, and then ends with 0', async () => {
  running = startProcess({ SHUTDOWN_DELAY_MS: String(DELAY_MS), METRICS_PORT: '0' });
  const url = await running.ready();
  const base = url.replace('/graphql', '');
  const metrics = running.output().match(/"metrics":"http:\/\/localhost:(\d+)\/metrics"/)?.[1];
  const ready = () => fetch(`${base}/ready`);
  expect((await ready()).status).toBe(200);

  const counts = { asked: 0, answered: 0, lost: 0 };
  running.signal('SIGTERM');
  const stoppedAt = performance.now();
  const notReady = await vi.waitUntil(
    async () => {
      const answer = await ready();
      return answer.status === 503 && answer;
    },
    { interval: 10 },
  );
  expect(await notReady.json()).toEqual({ status: 'stopping' });
  // Whoever balances load has not heard of it yet.
  while (performance.now() - stoppedAt < DELAY_MS - 700) {
    counts.asked += 1;
    const answer = await post({ url }, '{"query":"{ __typename }"}', JSON_TYPE).catch(() => null);
    if (answer?.status === 200) counts.answered += 1;
    else counts.lost += 1;
    await sleep(20);
  }
  expect(counts).toEqual({ asked: counts.answered, answered: counts.asked, lost: 0 });
  expect(counts.asked).toBeGreaterThan(2);
  expect((await fetch(`${base}/health`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${metrics}/metrics`)).status).toBe(200);

  expect(await running.ended()).toBe(0);
  expect(performance.now() - stoppedAt).toBeGreaterThan(DELAY_MS - 50);
  await expect(ready()).rejects.toThrow();
});
