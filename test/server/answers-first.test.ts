/** What is asked about somebody is answered before anybody is looked up, so that nobody can tell who is known. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { cutOffAtWill } from '../journeys/cut-off.ts';
import type { RunningService } from '../support/service.ts';
import { NO_LIMITS, OPERATIONS, PEOPLE } from '../timing/asking.ts';

const SAMPLES = 20;
const wires = cutOffAtWill();
let service: RunningService;
let release = () => {};
const silence = new Promise<'pass'>((resolve) => {
  release = () => resolve('pass');
});

/** Requests to upstreams, among the log's lines in the order of time, as soon as they start. */
const noteRequest = () => void service.logged.push(JSON.stringify({ msg: 'asked' }));
const journal = (from: number) =>
  service.logged
    .slice(from)
    .map((line) => JSON.parse(line).msg)
    .filter((msg) => msg === 'answered' || msg === 'asked');

beforeAll(async () => {
  service = await wires.start(NO_LIMITS);
  await vi.waitFor(() => expect(service.logged.join()).toContain('V1/store/storeViews'));
  subscribe('http.client.request.start', noteRequest);
});
beforeEach(() => {
  // Nothing answers from now on: an answer that waited for something would never come.
  for (const proxy of Object.values(wires.proxies)) proxy.fate = () => silence;
});
afterAll(async () => {
  unsubscribe('http.client.request.start', noteRequest);
  release();
  await service.close();
});

it.each(Object.entries(OPERATIONS))(
  'O9: %s of somebody known and of somebody unknown is answered alike, before any request to an upstream',
  async (_name, { query, input, firstRequests }) => {
    const answers = { known: new Set<string>(), unknown: new Set<string>() };
    for (let at = 0; at < SAMPLES; at++) {
      for (const who of ['known', 'unknown'] as const) {
        const person = PEOPLE[who][at % 2 === 0 ? 0 : 1];
        const from = service.logged.length;
        const { status, data, errors } = await service.ask(query, { input: input(person, at) });
        expect({ status, errors }).toEqual({ status: 200, errors: [] });
        const shape = JSON.stringify(data)
          .replaceAll(/\d/g, '0')
          .replace(/"otpId":"[^"]+"/, '');
        answers[who].add(shape);
        const asked = Array(firstRequests).fill('asked');
        await vi.waitFor(() => expect(journal(from)).toEqual(['answered', ...asked]), { interval: 2 });
      }
    }
    expect(answers.known).toEqual(answers.unknown);
    expect(answers.known.size).toBe(1);
  },
);
