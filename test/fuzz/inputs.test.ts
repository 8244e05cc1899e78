/** Whatever is typed, every field answers something that GraphQL knows, and asks upstream only what it should. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSigningKey, tokensOf } from '../../src/auth/access-token.ts';
import { hashOf } from '../../src/sandbox/m2/tokens.ts';
import { askToRegister, enter, rowOf, sandboxOf, saudi, shopOf } from '../journeys/steps.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { type RootField, rootFields, withLiterals, withVariables } from './documents.ts';
import { representations } from './entities.ts';
import { type Arguments, argumentsOf } from './inputs.ts';
import { filledIn, type Journal, note } from './journal.ts';
import { checkedAnswer } from './responses.ts';
import { NO_LIMITS, runs } from './settings.ts';
import { MARKER } from './texts.ts';
import { type UpstreamWatch, watchUpstreams } from './upstreams.ts';

const ROUTER_SECRET = 'the secret of a router that only tests know';
const PASSWORD = 'Sandbox-Fuzz-1';

const FIELDS = new Map(rootFields().map((field) => [field.name, field]));
/** Fields that only get anywhere after one another; every other field is a flow of its own. */
const FLOWS = [
  ['register', 'verifyOtp'],
  ['login', 'verifyOtp', 'register'],
  ['hmgLogin', 'verifyOtp', 'hmgLogin'],
  ['login', 'resendOtp'],
  ['joinLoyalty', 'confirmLoyalty'],
  ['requestPasswordReset', 'verifyPasswordResetToken', 'resetPassword'],
  ['updatePassword'],
  ['addAddress', 'addresses', 'updateAddress', 'address', 'deleteAddress'],
  ['refreshSession', 'refreshSession'],
  ['cards', 'deleteCard'],
];
const ALONE = [...FIELDS.keys()].filter((name) => !FLOWS.flat().includes(name)).map((name) => [name]);

type Caller = 'customer' | 'nobody' | 'service' | 'stranger';
const caller: fc.Arbitrary<Caller> = fc.oneof(
  { weight: 2, arbitrary: fc.constant('customer') },
  fc.constantFrom('nobody', 'service', 'stranger'),
);
/** Of entities, which are there for services too. */
const asker = fc.constantFrom<Caller[]>('customer', 'customer', 'service', 'service', 'nobody', 'stranger');
const language = fc.constantFrom('en', 'ar', 'fr;q=x', '*');

let service: RunningService;
let watch: UpstreamWatch;
let serviceToken: string;
const journal: Journal = new Map();
let customer: { token: string; answers: number } | null = null;
let registered = 0;

beforeAll(async () => {
  const key = await generateSigningKey();
  const tokens = await tokensOf([key], {
    issuer: 'customer-subgraph',
    audience: 'customer-api',
    accessSeconds: 600,
  });
  serviceToken = await tokens.signService({ name: 'orders', scopes: ['customer:read'], seconds: 3600 });
  service = await startTestService({
    ...NO_LIMITS,
    TOKEN_KEYS: JSON.stringify({ keys: [key] }),
    ROUTER_SECRETS: ROUTER_SECRET,
  });
  watch = watchUpstreams(sandboxOf(service));
});
afterAll(async () => {
  watch?.stop();
  await service?.close();
});

/** A client that comes through the router. */
const client: Pick<RunningService, 'ask'> = {
  ask: (document, variables, asking) =>
    service.ask(document, variables, { ...asking, headers: { 'router-authorization': ROUTER_SECRET } }),
};

/** The token of a customer of the test's own, with cards, points and a password; a new one now and then. */
async function customerToken(): Promise<string> {
  if (customer !== null && customer.answers < 30) return customer.token;
  registered += 1;
  const email = `fuzz${registered}@example.com`;
  const phone = saudi(`0549${String(registered).padStart(6, '0')}`);
  const challenge = await askToRegister(client, { phone, firstName: 'Fuzz', lastName: 'Test', email });
  const { token, id } = await enter(client, challenge);
  const shop = shopOf(service);
  const row = rowOf(shop, email);
  row.secrets.passwordHash = hashOf(PASSWORD);
  shop.cards.set(row.id, structuredClone(shop.cards.get(1) ?? []));
  for (const [name, value] of Object.entries({ email, password: PASSWORD, Customer: id }))
    journal.set(name, value);
  customer = { token, answers: 0 };
  return token;
}

async function authorizationOf(who: Caller): Promise<Record<string, string>> {
  switch (who) {
    case 'customer':
      return { authorization: `Bearer ${await customerToken()}` };
    case 'service':
      return { authorization: `Bearer ${serviceToken}` };
    case 'stranger':
      return { authorization: `Bearer ${MARKER}.eyJhbGciOiJub25lIn0.` };
    case 'nobody':
      return {};
  }
}

/** Asks as `who`, and holds the answer, the log and the upstream requests against what they have to be. */
async function ask(body: object, who: Caller, acceptLanguage: string): Promise<Arguments> {
  const text = JSON.stringify(body);
  // Larger ones are refused unread, which is no matter of inputs.
  if (Buffer.byteLength(text) > 250_000) return {};
  const response = await fetch(service.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'accept-language': acceptLanguage,
      'router-authorization': ROUTER_SECRET,
      ...(await authorizationOf(who)),
    },
    body: text,
    signal: AbortSignal.timeout(5_000),
  });
  const answer = checkedAnswer(response.status, await response.text());
  if (who === 'customer' && customer !== null) {
    // Signed out, or tired of wrong passwords: the next one is somebody else.
    const isSpent = /UNAUTHENTICATED|CustomerThrottledError/.test(JSON.stringify(answer));
    customer = isSpent ? null : { ...customer, answers: customer.answers + 1 };
  }
  note(journal, answer.data);
  const { reset } = rowOf(shopOf(service), journal.get('email') ?? 'sara@example.com').secrets;
  if (reset) journal.set('resetToken', reset.token);
  expect(watch.takeProblems()).toEqual([]);
  expect(service.logged.splice(0).filter(isTelling)).toEqual([]);
  return answer.data ?? {};
}

/**
 * A log line that repeats what was typed, or says that something here is broken.
 *
 * EServices is asked by the number without its country, so that the same number elsewhere finds somebody
 * else's record; that this was refused is worth an error, though any client may bring it about.
 */
function isTelling(line: string): boolean {
  const isBroken = /"level":"(error|fatal)"/.test(line) && !line.includes('a record of another phone');
  return isBroken || line.includes(MARKER);
}

function requestOf(field: RootField, args: Arguments, inline: boolean): object {
  const given = filledIn(journal, args);
  if (inline) return { query: withLiterals(field, given) };
  return { query: withVariables(field), variables: given };
}

describe('any input', () => {
  it.each([...ALONE, ...FLOWS].map((names) => ({ names, title: names.join(', then ') })))(
    '$title: no fault of ours, nothing repeated, no other request upstream',
    async ({ names }) => {
      const fields = names.map((name) => FIELDS.get(name)).filter((field) => field !== undefined);
      expect(fields).toHaveLength(names.length);
      const steps = fc.tuple(...fields.map((field) => fc.tuple(argumentsOf(field), fc.nat(3))));
      const members = new Set<string>();
      await fc.assert(
        fc.asyncProperty(steps, caller, language, async (given, who, accept) => {
          for (const [index, [args, style]] of given.entries()) {
            const field = fields[index];
            if (field === undefined) continue;
            const data = await ask(requestOf(field, args, style === 0), who, accept);
            for (const value of [data[field.name]].flat()) members.add(typenameOf(value));
          }
        }),
        runs(names.length === 1 ? 40 : 60),
      );
      // Not all was refused at the door.
      expect([...members].filter((name) => name !== '' && !name.endsWith('Error'))).not.toEqual([]);
    },
    600_000,
  );

  it('A3: any representations are answered one by one, in their order', async () => {
    await fc.assert(
      fc.asyncProperty(representations, asker, language, async (list, who, accept) => {
        const query = `query ($list: [_Any!]!) { _entities(representations: $list) {
          __typename ... on Customer { id firstName } ... on CustomerAddress { id city } ... on SavedCard { id } } }`;
        const variables = { list: filledIn(journal, list) };
        const { _entities: entities } = await ask({ query, variables }, who, accept);
        if (entities !== undefined) expect(entities).toHaveLength(list.length);
      }),
      runs(150),
    );
  }, 600_000);
});

function typenameOf(value: unknown): string {
  return typeof value === 'object' && value !== null && '__typename' in value ? String(value.__typename) : '';
}
