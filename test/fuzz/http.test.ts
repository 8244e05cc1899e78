/** Whatever comes over a connection, the service answers in time and in JSON, never with 5xx, and lives on. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateSigningKey, tokensOf } from '../../src/auth/access-token.ts';
import { type ServiceProcess, startServiceProcess } from './child.ts';
import { exchange, type Reply } from './connection.ts';
import { type Credentials, type Wire, wire, wires } from './requests.ts';
import { checkedAnswer, checkedRefusal } from './responses.ts';
import { isLong, NO_LIMITS, SEED } from './settings.ts';

const ROUTER_SECRET = 'the secret of a router that only tests know';
const ANSWER_WITHIN_MS = 5_000;
const AT_ONCE = 10;
const TOTAL = isLong ? 20_000 : 1_500;
const STAGES = 5;
const HEAP_GROWTH_BYTES = 30 * 1024 * 1024;

let service: ServiceProcess;
let credentials: Omit<Credentials, 'customerToken'>;

beforeAll(async () => {
  const key = await generateSigningKey();
  const tokens = await tokensOf([key], {
    issuer: 'customer-subgraph',
    audience: 'customer-api',
    accessSeconds: 600,
  });
  service = await startServiceProcess({
    ...NO_LIMITS,
    TOKEN_KEYS: JSON.stringify({ keys: [key] }),
    ROUTER_SECRETS: ROUTER_SECRET,
    TRUSTED_PROXIES: '127.0.0.0/8',
  });
  credentials = {
    routerSecret: ROUTER_SECRET,
    serviceToken: await tokens.signService({
      name: 'orders',
      scopes: ['customer:read', 'introspect'],
      seconds: 3600,
    }),
  };
}, 30_000);
afterAll(() => service?.stop());

async function ask(query: string, headers: Record<string, string> = {}) {
  const response = await fetch(service.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'router-authorization': ROUTER_SECRET, ...headers },
    body: JSON.stringify({ query }),
  });
  return (await response.json()).data;
}

async function signIn(): Promise<string> {
  const { login } = await ask(
    `mutation { login(input: {phone: {number: "0501234567"}, createIfMissing: true}) {
      ... on OtpChallenge { otpId otpCode } } }`,
  );
  const { verifyOtp } = await ask(
    `mutation { verifyOtp(input: {otpId: "${login.otpId}", otpCode: "${login.otpCode}"}) {
      ... on CustomerSession { accessToken } } }`,
  );
  expect(verifyOtp).toEqual({ accessToken: expect.any(String) });
  return verifyOtp.accessToken;
}

async function isSignedIn(token: string): Promise<boolean> {
  const { customer } = await ask('{ customer { id } }', { authorization: `Bearer ${token}` });
  return customer !== null;
}

const HEALTH = wire(Buffer.from('GET /health HTTP/1.1\r\nhost: a\r\n\r\n'), false);

it(`${TOTAL} malformed requests get no 5xx, end nothing, leave no memory behind and reach no other route`, async () => {
  const statuses = new Map<number, number>();

  async function stage(number: number): Promise<number> {
    const customerToken = await signIn();
    const batch = fc.array(wires({ ...credentials, customerToken }), {
      minLength: AT_ONCE,
      maxLength: AT_ONCE,
    });
    const property = fc.asyncProperty(batch, async (sent) => {
      const replies = await Promise.all(sent.map((one) => exchange(service.port, one, ANSWER_WITHIN_MS)));
      for (const [index, reply] of replies.entries()) {
        statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
        check(reply, sent[index]);
      }
      expect(await exchange(service.port, HEALTH, ANSWER_WITHIN_MS)).toMatchObject({ status: 200 });
      const { problems } = await service.report();
      expect(problems).toEqual([]);
    });
    await fc.assert(property, { seed: SEED + number, numRuns: TOTAL / STAGES / AT_ONCE });
    // Without its session a stage would prove little: most of it would be refused at once.
    expect(await isSignedIn(customerToken)).toBe(true);
    const { heapBytes } = await service.report('collect');
    return heapBytes;
  }

  const heapBytes: number[] = [];
  for (let number = 0; number < STAGES; number++) heapBytes.push(await stage(number));
  const { upstreamRequests } = await service.report();
  if (isLong)
    console.info({ seed: SEED, statuses: Object.fromEntries(statuses), upstreamRequests, heapBytes });

  // Caches fill and code is compiled at first: only what comes on top of that is growth.
  expect((heapBytes.at(-1) ?? 0) - (heapBytes[1] ?? 0)).toBeLessThan(HEAP_GROWTH_BYTES);
  // Not all was refused at the door, nor all of the rest before it took a system behind the service.
  const answered = statuses.get(200) ?? 0;
  expect(answered).toBeGreaterThan(TOTAL / 10);
  expect(upstreamRequests).toBeGreaterThan(answered / 10);
}, 900_000);

it('A7: documents that differ in a long comment leave no memory behind', async () => {
  const askWithComment = async (number: number) => {
    const data = await ask(`{ __typename }\n# ${number} ${'x'.repeat(250_000)}`);
    expect(data).toEqual({ __typename: 'Query' });
  };
  await askWithComment(0);
  const before = await service.report('collect');
  for (let number = 1; number <= 200; number++) await askWithComment(number);
  const after = await service.report('collect');
  expect(after.heapBytes - before.heapBytes).toBeLessThan(10 * 1024 * 1024);
}, 60_000);

function check(reply: Reply, sent: Wire | undefined): void {
  try {
    // Closed without a word: only a request that has no end may come to that.
    if (reply.status === 0) expect(sent?.ends).toBe(true);
    else checkReply(reply);
  } catch (error) {
    throw new Error(`${reply.status} ${reply.body}\nto ${fc.stringify(sent)}`, { cause: error });
  }
}

function checkReply({ status, headers, body }: Reply): void {
  expect(status).toBeLessThan(500);
  const type = headers.get('content-type') ?? '';
  if (status >= 400) {
    checkedRefusal(body);
    return;
  }
  const isGraphQL = /^application\/(graphql-response\+)?json/.test(type) && /^\{"(data|errors)"/.test(body);
  if (isGraphQL) checkedAnswer(status, body);
}
