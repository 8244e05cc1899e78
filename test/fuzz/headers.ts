/** Header lines that no client means to send. */
import fc, { type Arbitrary } from 'fast-check';
import { MARKER } from './texts.ts';

export type Header = readonly [name: string, value: string];

const LONG = 'x'.repeat(9_000);
/** An access token that claims to need no signature. */
export const FORGED = 'eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiIxIiwic2lkIjoiMSJ9.';

// One header a line, its values apart by bars.
const ODD = `
authorization: | Bearer | Bearer ${MARKER} | Bearer ${FORGED} | Basic ${MARKER} | bearer\t${MARKER} | Bearer a.b.c | \u00ff\u0080
authorization: Bearer ....|Bearer${' '.repeat(5_000)}| Bearer ${LONG} | Bearer ${'a.'.repeat(3_000)} | Bearer ${FORGED}, Bearer x
accept-language: | ar | AR;q=0 | ${'x;q=0.1,'.repeat(1_000)}ar | ar;q=1e3 | ;;; | , | * | ${MARKER} | ${'en-'.repeat(2_000)}
accept: text/html | application/json | application/graphql-response+json | image/png | */*;q=x | , | a | ${MARKER}
accept: multipart/mixed;deferSpec=20220824,application/json | application/json;q=0
content-type: | text/plain | application/json; charset=utf-16 | application/graphql | multipart/form-data; boundary=x | a
content-type: application/x-www-form-urlencoded | application/json, text/plain | x/${MARKER} | application/JSON;; | */*
content-encoding: gzip | ${MARKER} | identity | gzip, identity
host: | a b | [ | [::1 | evil.invalid | localhost:99999 | ${MARKER} | é | @ | / | .. | ${LONG} | 127.0.0.1:0x50 | x:y@z
x-forwarded-for: | 1 | 1.2.3.4 | 256.1.1.1 | ::1 | [::1]:80 | ,,, | ${'1.2.3.4,'.repeat(900)} | ${MARKER} | \u00ff
x-forwarded-for: 127.0.0.1, 10.0.0.1 | ::ffff:1.2.3.4 | fe80::1%eth0 | 0x7f.1 | 1.2.3.4:80 | unknown
x-forwarded-host: evil.invalid | | [ | ${MARKER} | a b | ,
x-forwarded-proto: https | | javascript | ${MARKER} | https,http | :
x-request-id: | a | ${MARKER} { | ../../x | ${LONG} | {"a":1} | \u00ff
router-authorization: | Bearer x | ${MARKER} | ${LONG} | \u00ff | 0
origin: null | https://evil.invalid | http://localhost:3000 | ${MARKER} |
access-control-request-method: POST | ${MARKER} |
access-control-request-headers: x | ${MARKER} | ${','.repeat(1_000)}
access-control-request-private-network: true | ${MARKER}
apollo-require-preflight: | x
apollo-federation-include-trace: ftv1 | ${MARKER}
expect: 100-continue | 200-ok | ${MARKER}
upgrade: websocket | h2c | ${MARKER}
connection: upgrade | keep-alive, x | content-length | close |
content-length: -1 | 1e3 | +5 | 0x10 | 5, 5 | | 18446744073709551616 | x | 0 | 00
transfer-encoding: chunked | gzip, chunked | chunked, chunked | identity | xchunked | ${MARKER} | \u000bchunked
te: trailers
cookie: a=${MARKER} | ${';'.repeat(2_000)}
if-none-match: * | "x"
range: bytes=0-1 | bytes=-
accept-encoding: gzip | identity;q=0 | *;q=0
__proto__: ${MARKER}
constructor: x
x-pad: ${LONG} | ${LONG}${LONG}
`;

const LINES = ODD.trim()
  .split('\n')
  .map((line) => {
    const [name = '', values = ''] = line.split(/:(.*)/s);
    return { name, values: values.split('|').map((value) => value.trimStart()) };
  });

export const oddHeader: Arbitrary<Header> = fc
  .constantFrom(...LINES)
  .chain(({ name, values }) => fc.tuple(fc.constant(name), fc.constantFrom(...values)));
