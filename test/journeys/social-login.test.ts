/** Signing in with Google and Apple: by subject, once by a verified e-mail, and as a new customer. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CustomerDocument, LoginWithSocialDocument, type SocialLoginInput } from '../support/operations.ts';
import { CLIENT_IDS, type Person, startProvider, type TestProvider } from '../support/provider.ts';
import { type Asking, type RunningService, startTestService } from '../support/service.ts';
import {
  as,
  attributesOf,
  dataOf,
  enter,
  messageTo,
  rowOf,
  sandboxOf,
  shopOf,
  spend,
  writesOf,
  wrongFor,
} from './steps.ts';

let provider: TestProvider;
let service: RunningService;
beforeAll(async () => {
  provider = await startProvider();
  service = await startTestService({
    GOOGLE_CLIENT_IDS: `another, ${CLIENT_IDS.GOOGLE}`,
    GOOGLE_KEYS_URL: provider.url,
    APPLE_CLIENT_IDS: CLIENT_IDS.APPLE,
    APPLE_KEYS_URL: provider.url,
    OTP_PAUSE_SECONDS: '0',
  });
});
afterAll(async () => {
  await service.close();
  await provider.close();
});

const GRACE = { sub: '110169484474386276334', email: 'grace@example.com', email_verified: true };

async function bring(input: SocialLoginInput, asking?: Asking) {
  return dataOf(await service.ask(LoginWithSocialDocument, { input }, asking)).loginWithSocial;
}
const google = async (person: Person, input: Partial<SocialLoginInput> = {}, asking?: Asking) =>
  bring({ provider: 'GOOGLE', idToken: await provider.tokenOf(person), ...input }, asking);

it("answers the provider's trouble as a failure to try again after; the token stays good", async () => {
  const idToken = await provider.tokenOf({ ...GRACE, sub: '1', email: 'first@example.com' });
  const input = { provider: 'GOOGLE', idToken } as const;
  provider.goDown();
  const { errors } = await service.ask(LoginWithSocialDocument, { input });
  expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
  expect(JSON.stringify(errors)).not.toContain(provider.url);
  provider.comeBack();
  as('CustomerSession', await bring(input));
});

it('creates a customer of whom nobody knew, and knows them by the subject from then on', async () => {
  const person = { ...GRACE, given_name: 'Grace', family_name: 'Example' };
  const device = { deviceId: 'grace-1', type: 'ANDROID' } as const;
  const session = as(
    'CustomerSession',
    await google(person, { acceptedTermsVersion: '2026-11', device }, { language: 'ar' }),
  );
  expect(session).toMatchObject({
    isNewCustomer: true,
    customer: { fullName: 'Grace Example', isPatient: false, isProfileCompleted: true },
  });
  const row = rowOf(shopOf(service), GRACE.email);
  expect(attributesOf(row)).toMatchObject({
    google_sub: GRACE.sub,
    email_verified: '1',
    phone_verified: '0',
    language: 'ar',
    terms_version: '2026-11',
  });
  expect(row.custom.has('phone_number')).toBe(false);
  const { customer } = dataOf(await service.ask(CustomerDocument, {}, { token: session.accessToken }));
  expect(customer).toMatchObject({ email: GRACE.email, emailVerified: true, phone: null });

  const writes = writesOf(service).length;
  const again = as('CustomerSession', await google({ sub: GRACE.sub }));
  expect(again).toMatchObject({ isNewCustomer: false, customer: { id: String(row.id) } });
  expect(writesOf(service)).toHaveLength(writes);
});

it('takes the names that Apple told the client, a relay address, and the nonce that was hashed for Apple', async () => {
  const person = { sub: '000123.abc.0456', email: 'x7@privaterelay.appleid.com', email_verified: 'true' };
  const nonce = createHash('sha256').update('a-nonce').digest('hex');
  const token = () => provider.tokenOf(person, { provider: 'APPLE', claims: { nonce } });
  const input = { provider: 'APPLE', firstName: 'Hedy', lastName: 'Example' } as const;
  const missing = as('CustomerInputError', await bring({ ...input, idToken: await token() }));
  expect(missing.fields).toMatchObject([{ path: ['input', 'nonce'] }]);
  const other = await bring({ ...input, idToken: await token(), nonce: 'another' });
  as('InvalidCredentialsError', other);
  const opened = await bring({ ...input, idToken: await token(), nonce: 'a-nonce' });
  expect(as('CustomerSession', opened).customer?.fullName).toBe('Hedy Example');
  expect(attributesOf(rowOf(shopOf(service), person.email)).apple_sub).toBe(person.sub);
});

it('links a customer by a verified e-mail once', async () => {
  const row = () => rowOf(shopOf(service), 'sara@example.com');
  const session = as(
    'CustomerSession',
    await google({ sub: '2', email: 'sara@example.com', email_verified: true }),
  );
  expect(session).toMatchObject({ isNewCustomer: false, customer: { id: String(row().id) } });
  expect(row().custom.get('google_sub')).toBe('2');
  const other = await google({ sub: '3', email: 'sara@example.com', email_verified: true });
  expect(as('CustomerConflictError', other)).toMatchObject({ field: 'idToken', phoneProof: null });
  expect(row().custom.get('google_sub')).toBe('2');
});

it('is a conflict with the customer who has the e-mail unproven', async () => {
  const attributes = () => attributesOf(rowOf(shopOf(service), 'omar@example.com'));
  const before = attributes();
  const person = { sub: '4', email: 'omar@example.com', email_verified: true };
  expect(as('CustomerConflictError', await google(person))).toMatchObject({
    field: 'email',
    phoneProof: null,
  });
  expect(attributes()).toEqual(before);
});

it('links a patient only with the code to the phone', async () => {
  const row = () => rowOf(shopOf(service), 'noura@example.com');
  const person = { sub: '5', email: 'noura@example.com', email_verified: true };
  const challenge = as('OtpChallenge', await google(person));
  expect(challenge.maskedDestination).toBe('+966 5•• ••• •67');
  const words = `${challenge.otpCode} is your code to sign in with Google or Apple`;
  await messageTo(sandboxOf(service), '+966551234567', words);
  expect(row().custom.has('google_sub')).toBe(false);

  const wrong = { ...challenge, otpCode: wrongFor(challenge.otpCode) };
  as('OtpRejectedError', await spend(service, wrong));
  expect(row().custom.has('google_sub')).toBe(false);
  const session = await enter(service, challenge);
  expect(session).toMatchObject({ id: String(row().id), isNewCustomer: false });
  expect(row().custom.get('google_sub')).toBe('5');
  as('CustomerSession', await google(person));
});

it('two at once for one new person make one customer', async () => {
  const person = { sub: '6', email: 'twice@example.com', email_verified: true };
  const sessions = await Promise.all([google(person), google(person), google(person)]);
  const ids = sessions.map((session) => as('CustomerSession', session).customer?.id);
  expect(new Set(ids).size).toBe(1);
  const rows = [...shopOf(service).customers.values()].filter(({ email }) => email === person.email);
  expect(rows).toHaveLength(1);
});

it('opens one session for a token, and none for a forged one, in the language of the request', async () => {
  const idToken = await provider.tokenOf(GRACE);
  as('CustomerSession', await bring({ provider: 'GOOGLE', idToken }));
  const asking = { language: 'ar' } as const;
  const refused = [
    idToken,
    await provider.tokenOf(GRACE, { key: provider.stranger }),
    await provider.tokenOf(GRACE, { claims: { aud: 'another.apps.example' } }),
    await provider.unsignedTokenOf(GRACE),
    await provider.confusedTokenOf(GRACE),
  ];
  for (const token of refused) {
    expect(await bring({ provider: 'GOOGLE', idToken: token }, asking)).toEqual({
      __typename: 'InvalidCredentialsError',
      message: 'تعذّر تسجيل الدخول بهذا الحساب. يُرجى المحاولة من جديد.',
    });
  }
  expect(service.logged.join('\n')).not.toMatch(/eyJ|grace@example|110169484474386276334/);
});

it('says so where the e-mail is not verified, and where the provider is not in use here', async () => {
  const unverified = await google({ sub: '7', email: 'new@example.com', email_verified: false });
  expect(as('CustomerInputError', unverified).fields).toMatchObject([{ path: ['input', 'idToken'] }]);

  const without = await startTestService();
  const input = { provider: 'GOOGLE', idToken: await provider.tokenOf(GRACE) } as const;
  const { loginWithSocial } = dataOf(await without.ask(LoginWithSocialDocument, { input }));
  expect(as('CustomerInputError', loginWithSocial).fields).toMatchObject([{ path: ['input', 'provider'] }]);
  await without.close();
});
