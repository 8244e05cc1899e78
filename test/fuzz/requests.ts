/** HTTP requests as bytes: from nearly right to no HTTP at all. */
import fc, { type Arbitrary } from 'fast-check';
import { body } from './bodies.ts';
import { framed, framing } from './framing.ts';
import { FORGED, type Header, oddHeader } from './headers.ts';
import { MARKER, oddText } from './texts.ts';

/** What goes over one connection. */
export interface Wire {
  bytes: Buffer;
  /** Whether the client hangs up when no answer comes soon: the server may be waiting for more. */
  ends: boolean;
  /** How a failure shows it. */
  [fc.toStringMethod]: () => string;
}

/** `bytes` as they go over a connection. */
export function wire(bytes: Buffer, ends: boolean): Wire {
  return { bytes, ends, [fc.toStringMethod]: () => JSON.stringify(bytes.toString('latin1').slice(0, 3_000)) };
}

/** What good requests prove themselves with. */
export interface Credentials {
  routerSecret: string;
  customerToken: string;
  serviceToken: string;
}

const words = (text: string) => fc.constantFrom(...text.trim().split(/[ \n]+/));

const method = fc.oneof(
  { weight: 12, arbitrary: fc.constant('POST') },
  { weight: 3, arbitrary: fc.constant('GET') },
  {
    weight: 2,
    arbitrary: words(
      `PUT DELETE PATCH HEAD OPTIONS TRACE CONNECT PROPFIND QUERY PRI post P\u0000T ${MARKER}`,
    ),
  },
);

const query =
  words(`{__typename} %7B__typename%7D %7Bcustomer%7Bid%7D%7D %7B_service%7Bsdl%7D%7D % %ff ${MARKER}
  mutation%7Blogout%7B__typename%7D%7D query+Q%7B__typename%7D`);
const parameter = words(`{} %7B%22a%22:1%7D [ %00 1 null %22a%22 %7B%22persistedQuery%22:1%7D ${MARKER}`);

const path = fc.oneof(
  { weight: 12, arbitrary: fc.constant('/graphql') },
  { weight: 2, arbitrary: query.map((given) => `/graphql?query=${given}`) },
  {
    weight: 1,
    arbitrary: fc.tuple(query, parameter, parameter).map(([given, variables, extensions]) => {
      return `/graphql?query=${given}&variables=${variables}&extensions=${extensions}&operationName=Q`;
    }),
  },
  { weight: 1, arbitrary: fc.constant('/introspect') },
  {
    weight: 4,
    arbitrary:
      words(`/ //graphql /graphql/ /GraphQL /graphql/../health /graphql/%2e%2e/health /graphql/. /./graphql
      /%2e%2e/%2e%2e/etc/passwd /graphql%00 /graphql%2f /%67raphql /graphql;a=1 /graphql#x /% /%ff /\u0000 \\graphql
      http://evil.invalid/graphql https://:@/ http:// * graphql ? /../graphql /.well-known/jwks.json /health /ready
      /health/.. //health //evil.invalid/graphql ///graphql /graphql//x:99999 /\\evil.invalid /graphql?% /graphql??
      /sandbox/outbox /sandbox/outbox.json /sandbox/../graphql /metrics /__proto__ /constructor /é /graphql?query
      /${MARKER} /${MARKER}% /graphql/${MARKER} /${'a/'.repeat(4_000)} /graphql?${'a=b&'.repeat(3_000)} /?%00`),
  },
);

/** What is posted to `/introspect`. */
const form = fc.oneof(
  words(`token token= token=a&token=b token[]=a % token=%ff token=${FORGED} ${'&'.repeat(5_000)} \u0000 token=....
    token=${MARKER} token=${'a.'.repeat(3_000)} token=${'x'.repeat(9_000)} token=a;b=c TOKEN=a`),
  oddText.map((text) => new URLSearchParams({ token: text }).toString()),
);

/** Everything about a request but its body. */
const envelope = fc.record({
  method,
  path,
  framing,
  odd: fc.oneof(fc.constant<Header[]>([]), fc.array(oddHeader, { minLength: 1, maxLength: 3 })),
  missing: fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    words('host router-authorization content-type content-length transfer-encoding'),
  ),
  /** Whether odd headers come beside the right ones of that name, and not in their place. */
  isBeside: fc.boolean(),
  version: fc.oneof({ weight: 30, arbitrary: fc.constant('HTTP/1.1') }, words('HTTP/1.0 HTTP/2.0 HTTP/9 x')),
  lineEnd: fc.oneof({ weight: 30, arbitrary: fc.constant('\r\n') }, fc.constantFrom('\n', '\r', '\r\n ')),
});
type Envelope = typeof envelope extends Arbitrary<infer Parts> ? Parts : never;

const RIGHT: Envelope = {
  method: 'POST',
  path: '/graphql',
  framing: 'length',
  odd: [],
  missing: '',
  isBeside: false,
  version: 'HTTP/1.1',
  lineEnd: '\r\n',
};

/** A request with any body, and with an envelope of which some is off. */
function composed({ routerSecret, customerToken, serviceToken }: Credentials): Arbitrary<Wire> {
  const bearer = fc.constantFrom('', customerToken, customerToken, serviceToken);
  const parts = fc.record({ bearer, body, form, envelope: fc.oneof(fc.constant(RIGHT), envelope) });
  return parts.map(
    ({
      envelope: { method, path, framing, odd, missing, isBeside, version, lineEnd },
      body,
      form,
      bearer,
    }) => {
      const isForm = path === '/introspect';
      const isBare = method === 'GET' && framing === 'length';
      const content = isForm ? Buffer.from(form) : body.bytes;
      const { headers, payload, isWhole } = framed(isBare ? Buffer.alloc(0) : content, framing);
      const token = isForm ? serviceToken : bearer;
      const base: Header[] = [
        ['host', 'customers.example.com'],
        ['router-authorization', routerSecret],
        ['content-type', isForm ? 'application/x-www-form-urlencoded' : 'application/json'],
        ...(token === '' ? [] : [['authorization', `Bearer ${token}`] as const]),
        ...(isForm || body.encoding === null ? [] : [['content-encoding', body.encoding] as const]),
        ...(isBare ? [['apollo-require-preflight', '1'] as const] : headers),
      ];
      const named = new Set(odd.map(([name]) => name));
      const kept = base.filter(([name]) => name !== missing && (isBeside || !named.has(name)));
      const lines = [...kept, ...odd].map(([name, value]) => `${name}: ${value}`);
      const head = [`${method} ${path} ${version}`, ...lines, '', ''].join(lineEnd);
      // Node hangs up on whoever takes it for a proxy.
      const isPlain = method !== 'CONNECT' && odd.length === 0 && missing === '' && lineEnd === '\r\n';
      const isSure = isPlain && isWhole && version === 'HTTP/1.1';
      return wire(Buffer.concat([Buffer.from(head, 'latin1'), payload]), !isSure);
    },
  );
}

const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(
      '',
      '\r\n\r\n',
      '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      'GET /\r\n\r\n',
      'PING\r\n',
      '\n'.repeat(5_000),
      'A'.repeat(100_000),
      'GET / HTTP/1.1\r\n\r\n',
      'GET / HTTP/1.1\r\n: x\r\n\r\n',
      'GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n',
      'POST /graphql HTTP/1.1\r\nhost: a\r\n b\r\n\r\n',
      `GET / HTTP/1.1\r\n${'a: b\r\n'.repeat(3_000)}\r\n`,
    )
    .map((text) => Buffer.from(text, 'latin1')),
);

/** Anything that may come over a connection. */
export function wires(credentials: Credentials): Arbitrary<Wire> {
  const whole = composed(credentials);
  const cut = fc
    .tuple(whole, fc.nat())
    .map(([{ bytes }, at]) => wire(bytes.subarray(0, at % (bytes.length + 1)), true));
  const doubled = fc
    .tuple(whole, whole)
    .map(([first, second]) => wire(Buffer.concat([first.bytes, second.bytes]), true));
  return fc.oneof(
    { weight: 20, arbitrary: whole },
    { weight: 1, arbitrary: cut },
    { weight: 1, arbitrary: doubled },
    { weight: 1, arbitrary: garbage.map((bytes) => wire(bytes, true)) },
  );
}
