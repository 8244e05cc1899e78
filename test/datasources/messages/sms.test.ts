import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { connectSms } from '../../../src/datasources/messages/sms.ts';
import { createLogger } from '../../../src/logger.ts';

const message = {
  to: '+966501234567',
  text: 'رمزك 012345\n@shop.example.com #012345',
  language: 'ar',
} as const;

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

/** A gateway that answers as told, and the client of it at `path`. */
async function gateway(answer: { status: number; body?: string; delayMs?: number }, path = '/') {
  const requests: { request: IncomingMessage; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    requests.push({ request, body });
    setTimeout(() => {
      response.writeHead(answer.status, { location: 'http://127.0.0.1:1/' }).end(answer.body ?? '');
    }, answer.delayMs ?? 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const lines: string[] = [];
  const log = createLogger('trace', { write: (line) => void lines.push(line) });
  const sms = connectSms({ url: `http://127.0.0.1:${port}${path}`, timeoutMs: 300, log });
  opened.push(sms, { close: () => void server.close().closeAllConnections() });
  return { sms, requests, lines };
}

test('a message is posted to the very URL as JSON', async () => {
  const paths = ['/', '/send', '/v1/messages/', '/v1/a%20b/send%2Fall?key=a%2Bb&key=c'];
  for (const path of paths) {
    const { sms, requests } = await gateway({ status: 202 }, path);
    await sms.send(message);
    expect(requests.map(({ request }) => [request.method, request.url])).toEqual([['POST', path]]);
    expect(requests[0]?.request.headers['content-type']).toContain('application/json');
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual(message);
  }
});

test.each([
  [200, ''],
  [200, '{"id":1}'],
  [200, 'OK'],
  [202, 'Accepted'],
  [201, '<ok/>'],
  [204, ''],
])('any receipt will do: %i "%s"', async (status, body) => {
  const { sms, requests } = await gateway({ status, body });
  await expect(sms.send(message)).resolves.toBeUndefined();
  expect(requests).toHaveLength(1);
});

test.each([301, 400, 404, 429, 500, 503])(
  'a %i is a failure, and the message is not sent twice',
  async (status) => {
    const { sms, requests } = await gateway({ status, body: 'no <b>+966501234567</b>' });
    await expect(sms.send(message)).rejects.toMatchObject({
      name: 'Failure',
      code: expect.stringMatching(/^UPSTREAM_/),
    });
    expect(requests).toHaveLength(1);
  },
);

test('a slow or absent gateway is a failure', async () => {
  const slow = await gateway({ status: 200, delayMs: 1_000 });
  await expect(slow.sms.send(message)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  const log = createLogger('silent');
  const absent = connectSms({ url: 'http://127.0.0.1:1/', timeoutMs: 300, log });
  await expect(absent.send(message)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  absent.close();
});

test('the log holds neither code, phone, nor a key in the URL', async () => {
  for (const status of [200, 400, 500]) {
    const { sms, lines } = await gateway({ status }, '/T0PSECRET/K3Y?token=T0KEN');
    const failure = await sms.send(message).catch((error: Error) => error);
    const written = `${lines.join('')}${JSON.stringify(failure)}${failure ? failure.stack : ''}`;
    expect(lines.length).toBeGreaterThan(0);
    for (const secret of ['012345', '501234567', 'K3Y', 'T0KEN', 'T0PSECRET']) {
      expect(written).not.toContain(secret);
    }
  }
});
