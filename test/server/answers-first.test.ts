/** What is asked about somebody is answered before anybody is looked up, so that nobody can tell who is known. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { cutOffAtWill } from '../journeys/cut-off.ts';
import type { RunningService } from '../support/service.ts';
import { ANSWERED_FIRST, NO_LIMITS, PEOPLE } from '../timing/asking.ts';

const SAMPLES = 20;
const wires = cutOffAtWill();
let service: RunningService;

/** Requests to upstreams, among the log's lines in the order of time, as soon as they start. */
const noteRequest = () => void service.logged.push(JSON.stringify({ msg: 'asked' }));
const noteRead = (message: unknown) => {
  // The test's own questions are fetched the same way.
  if ((message as { request: { path: string } }).request.path !== '/graphql') noteRequest();
};
const journal = (from: number) =>
  service.logged
    .slice(from)
    .map((line) => JSON.parse(line).msg)
    .filter((msg) => msg === 'answered' || msg === 'asked');

beforeAll(async () => {
  service = await wires.start(NO_LIMITS);
  await vi.waitFor(() => expect(service.logged.join()).toContain('V1/store/storeViews'));
  subscribe('http.client.request.start', noteRequest);
  subscribe('undici:request:create', noteRead);
});
afterAll(async () => {
  unsubscribe('http.client.request.start', noteRequest);
  unsubscribe('undici:request:create', noteRead);
  await service.close();
});

/** Lets no upstream answer until the answered function is called; then they know nobody, and all is done. */
function silence(): () => void {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  for (const proxy of Object.values(wires.proxies)) {
    proxy.fate = async ({ method }) => {
      await released;
      const body = method === 'GET' ? '{"items":[],"search_criteria":{},"total_count":0}' : 'true';
      return { status: 200, type: 'application/json', body };
    };
  }
  return release;
}

it.each(Object.entries(ANSWERED_FIRST))(
  'O9: %s of somebody known and of somebody unknown is answered alike, before any request to an upstream',
  async (_name, { query, input, answer, requests }) => {
    const answers = { known: new Set<string>(), unknown: new Set<string>() };
    for (let at = 0; at < SAMPLES; at++) {
      for (const who of ['known', 'unknown'] as const) {
        const person = PEOPLE[who][at % 2 === 0 ? 0 : 1];
        const from = service.logged.length;
        const release = silence();
        const { status, data, errors } = await service.ask(query, { input: input(person, at) });
        expect({ status, data, errors }).toMatchObject({
          status: 200,
          data: { answer: { __typename: answer } },
          errors: [],
        });
        // What is the person's own, or new each time, apart.
        const shape = JSON.stringify(data)
          .replaceAll(/\d/g, '0')
          .replaceAll(/"(otpId|identifier)":"[^"]+"|"\w•+@/g, '');
        answers[who].add(shape);
        const asked = Array(requests).fill('asked');
        await vi.waitFor(() => expect(journal(from)).toEqual(['answered', ...asked]), { interval: 2 });
        release();
        const done = () => service.logged.slice(from).filter((line) => /"upstream":"(?!email)/.test(line));
        await vi.waitFor(() => expect(done()).toHaveLength(requests), { interval: 2 });
      }
    }
    expect(answers.known).toEqual(answers.unknown);
    expect(answers.known.size).toBe(1);
  },
);
