/** Whatever is typed, every field answers something that GraphQL knows, and asks upstream only what it should. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSigningKey, tokensOf } from '../../src/auth/access-token.ts';
import { hashOf } from '../../src/sandbox/m2/tokens.ts';
import { askToRegister, enter, rowOf, sandboxOf, saudi, shopOf } from '../journeys/steps.ts';
import { CLIENT_IDS, startProvider, type TestProvider } from '../support/provider.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { type RootField, rootFields, withLiterals, withVariables } from './documents.ts';
import { representations } from './entities.ts';
import { type Arguments, argumentsOf } from './inputs.ts';
import { filledIn, type Journal, note } from './journal.ts';
import { type Answer, checkedAnswer } from './responses.ts';
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
  ['loginWithPassword', 'verifyOtp'],
  ['registerWithPassword', 'activateAccount'],
  ['requestEmailChange', 'confirmEmailChange'],
  ['requestPhoneChange', 'confirmPhoneChange'],
  ['updatePassword'],
  ['addAddress', 'addresses', 'updateAddress', 'address', 'deleteAddress'],
  ['refreshSession', 'refreshSession'],
  ['cards', 'deleteCard'],
  ['deleteCustomer'],
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

let provider: TestProvider;
let service: RunningService;
let watch: UpstreamWatch;
let serviceToken: string;
const journal: Journal = new Map();
let customer: { token: string; answers: number } | null = null;
/** The shop's number of the test's own customer, or of the last one; 0 before there is any. */
let rowId = 0;
let registered = 0;
let subjects = 0;

beforeAll(async () => {
  const key = await generateSigningKey();
  const tokens = await tokensOf([key], {
    issuer: 'customer-subgraph',
    audience: 'customer-api',
    accessSeconds: 600,
  });
  serviceToken = await tokens.signService({ name: 'orders', scopes: ['customer:read'], seconds: 3600 });
  provider = await startProvider();
  service = await startTestService({
    ...NO_LIMITS,
    GOOGLE_CLIENT_IDS: CLIENT_IDS.GOOGLE,
    GOOGLE_KEYS_URL: provider.url,
    APPLE_CLIENT_IDS: CLIENT_IDS.APPLE,
    APPLE_KEYS_URL: provider.url,
    TOKEN_KEYS: JSON.stringify({ keys: [key] }),
    ROUTER_SECRETS: ROUTER_SECRET,
  });
  watch = watchUpstreams({ ...sandboxOf(service), keysUrl: provider.url, ownUrl: service.url });
});
afterAll(async () => {
  watch?.stop();
  await service?.close();
  await provider?.close();
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
  rowId = row.id;
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
  const answer = checked(response.status, await response.text(), text);
  if (who === 'customer' && customer !== null) {
    // Signed out, or tired of wrong passwords: the next one is somebody else.
    const isSpent = /UNAUTHENTICATED|CustomerThrottledError/.test(JSON.stringify(answer));
    customer = isSpent ? null : { ...customer, answers: customer.answers + 1 };
  }
  note(journal, answer.data);
  noteRow();
  expect(watch.takeProblems()).toEqual([]);
  expect(service.logged.splice(0).filter(isTelling)).toEqual([]);
  return answer.data ?? {};
}

/** The answer to `sent`. The error, where it is none, has what a counterexample lacks: ids out of the journal, and the log. */
function checked(status: number, body: string, sent: string): Answer {
  try {
    return checkedAnswer(status, body);
  } catch (error) {
    throw new Error(`to ${sent.slice(0, 3_000)}\n${service.logged.join('')}`, { cause: error });
  }
}

/** What only the shop and people's mail know: the e-mail address may be another by now, and the row may be gone. */
function noteRow(): void {
  const row = shopOf(service).customers.get(rowId);
  if (!row) {
    customer = null;
    return;
  }
  journal.set('email', row.email);
  if (row.secrets.reset) journal.set('resetToken', row.secrets.reset.token);
}

/** New ID tokens of somebody whom the shop may know by now, as each is good for one sign-in. */
async function noteIdTokens(): Promise<void> {
  subjects += 1;
  const sub = String(1_000 + (subjects % 20));
  const person = { sub, email: `social${sub}@example.com`, email_verified: true, given_name: 'Sam' };
  journal.set('googleToken', await provider.tokenOf(person, { provider: 'GOOGLE' }));
  journal.set('appleToken', await provider.tokenOf(person, { provider: 'APPLE' }));
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
      const refused = new Set(names);
      await fc.assert(
        fc.asyncProperty(steps, caller, language, async (given, who, accept) => {
          for (const [index, [args, style]] of given.entries()) {
            const field = fields[index];
            if (field === undefined) continue;
            if (who === 'customer') await customerToken();
            if (field.name === 'loginWithSocial') await noteIdTokens();
            const data = await ask(requestOf(field, args, style === 0), who, accept);
            if ([data[field.name]].flat().some(isGranted)) refused.delete(field.name);
          }
        }),
        runs(names.length === 1 ? 40 : 60),
      );
      // Not all was refused at the door, of none of them.
      expect([...refused]).toEqual([]);
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

function isGranted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('__typename' in value)) return false;
  return !String(value.__typename).endsWith('Error');
}
