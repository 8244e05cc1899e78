/** How a request tells where its body ends, and how it does not. */
import fc from 'fast-check';
import type { Header } from './headers.ts';
import { MARKER } from './texts.ts';

const ODD = [
  'none',
  'shorter',
  'longer',
  'both',
  'twice',
  'badChunk',
  'hugeChunk',
  'openChunk',
  'trailers',
] as const;

export type Framing = 'length' | 'chunked' | (typeof ODD)[number];

export const framing = fc.oneof(
  { weight: 20, arbitrary: fc.constant<Framing>('length') },
  { weight: 3, arbitrary: fc.constant<Framing>('chunked') },
  { weight: 2, arbitrary: fc.constantFrom<Framing[]>(...ODD) },
);

export interface Framed {
  headers: Header[];
  payload: Buffer;
  /** Whether the server can know that nothing more comes. */
  isWhole: boolean;
}

/** The body with its headers. */
export function framed(bytes: Buffer, how: Framing): Framed {
  const length = (by: number): Header => ['content-length', String(Math.max(0, bytes.length + by))];
  const chunked: Header = ['transfer-encoding', 'chunked'];
  const size = bytes.length.toString(16);
  const joined = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));
  const chunks = bytes.length === 0 ? joined('0\r\n\r\n') : joined(`${size}\r\n`, bytes, '\r\n0\r\n\r\n');
  const odd = (headers: Header[], payload: Buffer): Framed => ({ headers, payload, isWhole: false });
  switch (how) {
    case 'length':
      return { headers: [length(0)], payload: bytes, isWhole: true };
    case 'chunked':
      return { headers: [chunked], payload: chunks, isWhole: true };
    case 'none':
      return odd([], bytes);
    case 'shorter':
      return odd([length(-5)], bytes);
    case 'longer':
      return odd([length(5)], bytes);
    case 'twice':
      return odd([length(0), length(1)], bytes);
    case 'both':
      return odd([length(0), chunked], chunks);
    case 'badChunk':
      return odd([chunked], joined('xyz\r\n', bytes, '\r\n0\r\n\r\n'));
    case 'hugeChunk':
      return odd([chunked], joined('ffffffffffffffffff\r\n', bytes));
    case 'openChunk':
      return odd([chunked], joined(`${size};ext="${MARKER}"\r\n`, bytes));
    case 'trailers':
      return odd([chunked], joined(`${size}\r\n`, bytes, `\r\n0\r\nauthorization: ${MARKER}\r\n\r\n`));
  }
}
