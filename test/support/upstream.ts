/** A real HTTP server on loopback that answers the requests declared beforehand and reports all others. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

export interface UpstreamAnswer {
  /** 200 unless given. */
  status?: number;
  /** Sent as JSON; `undefined` sends nothing. */
  body?: unknown;
  /** Sent as it is instead of `body`, as HTML. */
  text?: string;
  headers?: Record<string, string>;
  delayMs?: number;
  /** Breaks the connection instead of answering. */
  reset?: boolean;
  /** Breaks the connection when most of the answer is sent. */
  cut?: boolean;
}

export interface ExpectedRequest {
  /** Method and path as they come over the wire: `GET /rest/default/V1/customers/7`. */
  request: string;
  /** Decoded; must be all there is. Not looked at when left out. */
  query?: Record<string, string>;
  /** The query as it comes over the wire, instead of `query`. */
  rawQuery?: string;
  /** The JSON body; `null` for none. Not looked at when left out. */
  body?: unknown;
  /** Each must be there with this value; `undefined` for one that must not be there. */
  headers?: Record<string, string | undefined>;
  answer: UpstreamAnswer;
}

export interface SeenRequest {
  method: string;
  path: string;
  query: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

export interface TestUpstream {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  expect(...requests: ExpectedRequest[]): void;
  /** What came so far. */
  seen: SeenRequest[];
  /** Surprises and requests that never came, in words; empties both lists. */
  takeProblems(): string[];
  close(): Promise<void>;
}

/** Listens on a free port; each expected request is answered once, those alike in the order declared. */
export async function testUpstream(): Promise<TestUpstream> {
  let expected: ExpectedRequest[] = [];
  let problems: string[] = [];
  const seen: SeenRequest[] = [];

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
    const body: unknown = text === '' ? null : JSON.parse(text);
    seen.push({ method: request.method ?? '', path, query, headers: request.headers, body });
    const line = `${request.method} ${path}`;
    const found = expected.find((candidate) => candidate.request === line);
    if (!found) {
      problems.push(`surprising request: ${line}${query && `?${decodeURIComponent(query)}`} ${text}`);
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"not expected"}');
      return;
    }
    expected.splice(expected.indexOf(found), 1);
    problems.push(...differences(found, line, query, body, request.headers));
    await send(found.answer, request, response);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      problems.push(String(error));
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    origin: `http://127.0.0.1:${port}`,
    seen,
    expect(...requests) {
      expected.push(...requests);
    },
    takeProblems() {
      const taken = [...problems, ...expected.map(({ request }) => `never came: ${request}`)];
      problems = [];
      expected = [];
      return taken;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
    },
  };
}

function differences(
  wanted: ExpectedRequest,
  line: string,
  query: string,
  body: unknown,
  headers: IncomingMessage['headers'],
): string[] {
  const wrong = (what: string, came: unknown, instead: unknown) =>
    `${line}: ${what} ${JSON.stringify(came)} instead of ${JSON.stringify(instead)}`;
  const found: string[] = [];
  const given = Object.fromEntries(new URLSearchParams(query));
  if (wanted.query && !isDeepStrictEqual(given, wanted.query))
    found.push(wrong('query', given, wanted.query));
  if (wanted.rawQuery !== undefined && wanted.rawQuery !== query) {
    found.push(wrong('query', query, wanted.rawQuery));
  }
  if ('body' in wanted && !isDeepStrictEqual(body, wanted.body)) {
    found.push(wrong('body', body, wanted.body));
  }
  for (const [name, value] of Object.entries(wanted.headers ?? {})) {
    if (headers[name] !== value) found.push(wrong(name, headers[name], value));
  }
  return found;
}

async function send(
  answer: UpstreamAnswer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (answer.delayMs) await sleep(answer.delayMs, undefined, { ref: false });
  if (answer.reset) {
    request.socket.destroy();
    return;
  }
  const isText = answer.text !== undefined;
  const whole = isText ? answer.text : answer.body === undefined ? '' : JSON.stringify(answer.body);
  response.writeHead(answer.status ?? 200, {
    'content-type': isText ? 'text/html; charset=UTF-8' : 'application/json; charset=utf-8',
    ...answer.headers,
  });
  if (answer.cut) response.write(whole?.slice(0, -1), () => request.socket.destroy());
  else response.end(whole);
}
