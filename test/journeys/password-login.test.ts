/** Signing in by e-mail and password: alike for all who do not get in, and with the phone where it has to be. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DeviceInput, LoginWithPasswordDocument } from '../support/operations.ts';
import { type Asking, type RunningService, startTestService } from '../support/service.ts';
import {
  as,
  askForPatient,
  askToLogIn,
  dataOf,
  enter,
  giveCode,
  messageTo,
  rowOf,
  sandboxOf,
  saudi,
  shopOf,
  spend,
  writesOf,
  wrongFor,
} from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({
    OTP_PAUSE_SECONDS: '0',
    OTP_PER_PHONE_HOUR: '100',
    PASSWORD_REFUSAL_MS: '20',
    TRUSTED_PROXIES: '127.0.0.1',
  });
});
afterAll(() => service.close());

let lastClient = 0;
/** A client of its own each time: the pauses between guesses are another test's. */
function fromElsewhere(): Asking {
  lastClient += 1;
  return { headers: { 'x-forwarded-for': `192.0.2.${lastClient}` } };
}

async function attempt(
  email: string,
  password: string,
  { device, ...asking }: Asking & { device?: DeviceInput } = fromElsewhere(),
) {
  const input = { email, password, ...(device && { device }) };
  return dataOf(await service.ask(LoginWithPasswordDocument, { input }, asking)).loginWithPassword;
}

/** How often the shop was asked about a password. */
const triesAtShop = () =>
  writesOf(service).filter((write) => write === 'POST V1/integration/customer/token').length;

/** How the shop itself answers a password. */
async function shopTakes(username: string, password: string): Promise<boolean> {
  const response = await fetch(`${sandboxOf(service).m2Url}/V1/integration/customer/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  return response.ok;
}

const phoneOfSara: DeviceInput = { deviceId: 'sara-1', type: 'IOS', name: "Sara's phone" };

it('asks for a code to the phone on a device it does not know, tells no more of it, and remembers the device', async () => {
  const challenge = as(
    'OtpChallenge',
    await attempt('sara@example.com', 'Sandbox-Sara-1', { ...fromElsewhere(), device: phoneOfSara }),
  );
  expect(challenge).toMatchObject({ channel: 'SMS', maskedDestination: '+966 5•• ••• •67' });
  expect(JSON.stringify(challenge)).not.toContain('501234567');
  await messageTo(sandboxOf(service), '+966501234567', `${challenge.otpCode} is your sign-in code`);

  const wrong = { ...challenge, otpCode: wrongFor(challenge.otpCode) };
  expect(await spend(service, wrong)).toMatchObject({ __typename: 'OtpRejectedError' });
  const session = await enter(service, challenge, { device: phoneOfSara });
  expect(session).toMatchObject({ isNewCustomer: false, customer: { fullName: 'Sara Ali' } });
  expect(await spend(service, challenge)).toMatchObject({ __typename: 'OtpExpiredError' });

  const again = await attempt('SARA@example.com', 'Sandbox-Sara-1', {
    ...fromElsewhere(),
    device: phoneOfSara,
  });
  expect(as('CustomerSession', again).customer?.id).toBe(session.id);
  const strange = { deviceId: 'strange', type: 'WEB' } as const;
  as(
    'OtpChallenge',
    await attempt('sara@example.com', 'Sandbox-Sara-1', { ...fromElsewhere(), device: strange }),
  );
});

it('lets in by the password alone who has no proven phone, and writes nothing', async () => {
  const before = structuredClone(rowOf(shopOf(service), 'lina@example.com').custom);
  const session = as('CustomerSession', await attempt('lina@example.com', 'Sandbox-Lina-1'));
  expect(session.customer?.fullName).toBe('Lina Noor');
  expect(rowOf(shopOf(service), 'lina@example.com').custom).toEqual(before);
});

it('answers wrong, unknown, unconfirmed, locked and closed alike', async () => {
  const shop = shopOf(service);
  // Noura's customer is taken over by who has the hospital's phone, which closes her password.
  const noura = rowOf(shop, 'noura@example.com');
  noura.custom.set('phone_number', '561114455');
  await enter(service, await askForPatient(service, { phone: saudi('551234567'), nationalId: '1088123458' }));
  expect(await shopTakes('noura@example.com', 'Sandbox-Noura-1')).toBe(true);

  const lina = rowOf(shop, 'lina@example.com');
  const answers = [
    await attempt('lina@example.com', 'not hers'),
    await attempt('nobody@example.com', 'Sandbox-Lina-1'),
    await attempt('noura@example.com', 'Sandbox-Noura-1'),
  ];
  lina.confirmation = 'key';
  answers.push(await attempt('lina@example.com', 'Sandbox-Lina-1'));
  lina.confirmation = null;
  lina.secrets.lockedUntil = new Date(Date.now() + 60_000);
  answers.push(await attempt('lina@example.com', 'Sandbox-Lina-1'));
  lina.secrets.lockedUntil = null;
  for (const answer of answers) {
    expect(answer).toEqual({
      __typename: 'InvalidCredentialsError',
      message: 'The e-mail address or the password is not right.',
    });
  }
  as('CustomerSession', await attempt('lina@example.com', 'Sandbox-Lina-1'));
});

it('sends the shop nothing after five failures of a name, so that the shop does not lock it', async () => {
  for (const email of ['omar@example.com', 'unknown@example.com']) {
    const before = triesAtShop();
    for (let guess = 0; guess < 8; guess++) as('InvalidCredentialsError', await attempt(email, 'a guess'));
    expect(triesAtShop() - before).toBe(5);
  }
  const before = triesAtShop();
  as('InvalidCredentialsError', await attempt('omar@example.com', 'Sandbox-Omar-1'));
  expect(triesAtShop()).toBe(before);
  expect(await shopTakes('omar@example.com', 'Sandbox-Omar-1'), 'the shop has not locked him').toBe(true);
  expect(await giveCode(service, await askToLogIn(service, { phone: saudi('502345678') }))).toMatchObject({
    data: { verifyOtp: { __typename: 'CustomerSession' } },
  });
});

it('makes one client wait longer from the third failure on', async () => {
  const client = fromElsewhere();
  for (let guess = 0; guess < 3; guess++) {
    as('InvalidCredentialsError', await attempt('slow@example.com', 'a guess', client));
  }
  const before = triesAtShop();
  const { retryAfterSeconds } = as(
    'CustomerThrottledError',
    await attempt('slow@example.com', 'a guess', client),
  );
  expect(retryAfterSeconds).toBeGreaterThan(0);
  expect(triesAtShop()).toBe(before);
});

it('says what cannot be a sign-in, and asks nobody about it', async () => {
  const before = triesAtShop();
  const refused = as('CustomerInputError', await attempt('no address', ''));
  expect(refused.fields.map(({ path }) => path.join('.'))).toEqual(['input.email', 'input.password']);
  expect(triesAtShop()).toBe(before);
});

it("passes the shop's trouble on as such, counts no failure for it, and logs no password", async () => {
  const { settings } = shopOf(service);
  settings.outage = 'maintenance';
  const input = { email: 'lina@example.com', password: 'Sandbox-Lina-1' };
  for (let tries = 0; tries < 6; tries++) {
    const { errors } = await service.ask(LoginWithPasswordDocument, { input }, fromElsewhere());
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } }]);
  }
  settings.outage = null;
  as('CustomerSession', await attempt(input.email, input.password));
  expect(service.logged.join('\n')).not.toMatch(/Sandbox-\w+-1|lina@example|sara@example/);
});
