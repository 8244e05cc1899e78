import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { signIn } from '../journeys/steps.ts';
import { CustomerDocument } from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${ID}-00f067aa0ba902b7-01`;

let service: RunningService;
let token: string;
beforeAll(async () => {
  service = await startTestService();
  ({ token } = await signIn(service, '501234567'));
});
afterAll(() => service.close());

/** The lines of the request with this id, once its last one is there. */
async function linesOf(id: string) {
  const lines = () =>
    service.logged.map((line) => JSON.parse(line)).filter(({ requestId }) => requestId === id);
  await vi.waitFor(() => expect(lines().some(({ msg }) => msg === 'answered')).toBe(true));
  return lines();
}

it('every line of a request carries its id and the trace that it is part of', async () => {
  const { headers } = await service.ask(CustomerDocument, {}, { token, headers: { traceparent: PARENT } });
  const lines = await linesOf(headers.get('x-request-id') ?? '');
  expect(lines.map(({ msg }) => msg)).toEqual(expect.arrayContaining(['upstream answered', 'answered']));
  for (const line of lines) expect(line.traceId).toBe(ID);
});

it.each([
  '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
  `00-${ID}-0000000000000000-01`,
  `01-${ID}-00f067aa0ba902b7-01-more`,
  `${PARENT} and 0501234567`,
  'nonsense',
])('what is no trace is taken for none: %s', async (traceparent) => {
  const { headers, data } = await service.ask(CustomerDocument, {}, { token, headers: { traceparent } });
  expect(data.customer).not.toBeNull();
  const lines = await linesOf(headers.get('x-request-id') ?? '');
  for (const line of lines) expect(line).not.toHaveProperty('traceId');
});

it('a body that comes late is still of its own request', async () => {
  const body = JSON.stringify({ query: '{ customer { id } }' });
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const head = ['POST /graphql HTTP/1.1', 'host: a', 'connection: close', 'content-type: application/json'];
  head.push(`authorization: Bearer ${token}`, `traceparent: ${PARENT}`, `content-length: ${body.length}`);
  socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`);
  await sleep(50);
  socket.write(body.slice(5));
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    answer += chunk;
  });
  await once(socket, 'close');
  expect(answer).toContain('"customer":{');
  const lines = await linesOf(answer.match(/x-request-id: (\S+)/)?.[1] ?? '');
  expect(lines.filter(({ upstream }) => upstream === 'M2').length).toBeGreaterThan(0);
});
