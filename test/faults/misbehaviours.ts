/** What upstreams and the boxes between do instead of answering. */
import type { ServerResponse } from 'node:http';
import type { Fate } from '../support/proxy.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const socketOf = ({ socket }: ServerResponse) => socket ?? undefined;

/** Each stands for every request until it is taken away. */
export const MISBEHAVIOURS: Readonly<Record<string, Fate>> = {
  'says nothing': () => {},
  'resets the connection': (response) => void socketOf(response)?.resetAndDestroy(),
  'closes half way through an answer': (response) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': 500 });
    response.write('{"items":[{"id":');
    setTimeout(() => socketOf(response)?.end(), 20);
  },
  'trickles an answer byte by byte': (response) => {
    response.writeHead(200, JSON_TYPE);
    const timer = setInterval(() => response.write(' '), 20);
    response.once('close', () => clearInterval(timer));
  },
  'answers a page with status 200': { status: 200, type: 'text/html', body: '<html>Welcome</html>' },
  'answers garbage instead of HTTP': (response) => void socketOf(response)?.end('\u0000\u0001 what?\r\n\r\n'),
  'answers other JSON than was asked for': { status: 200, type: 'application/json', body: '{"hello":[1]}' },
  'answers 401': {
    status: 401,
    type: 'application/json',
    body: '{"message":"The consumer isn\'t authorized"}',
  },
  'answers 429': { status: 429, type: 'application/json', body: '{"message":"Too many"}' },
  'answers 503': { status: 503, type: 'text/html', body: '<h1>Service Temporarily Unavailable</h1>' },
};

/** The same numbers at each run, between 0 and 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
