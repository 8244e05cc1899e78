import { expect, test } from 'vitest';
import { keySetOf } from '../../src/datasources/social/key-set.ts';
import { createLogger } from '../../src/logger.ts';
import type { Store } from '../../src/stores/store.ts';
import { fakeShop } from '../support/fake-shop.ts';
import { fakeOutside } from '../support/outside.ts';
import { startProvider } from '../support/provider.ts';
import { as, authOn, CONFIG, deviceOf, OMAR, registrationOf, request, SARA, wrong } from './setup.ts';
import { SOCIAL } from './social.ts';
import { describeOnEveryStore } from './stores.ts';

const EMAIL = 'sara.patient@example.com';
const ID = '1000000008';
const PASSWORDS = ['correct horse 1 battery', 'a new 2 sentence of words'] as const;
const SHORT = 'Sandbox-Sara-1';
const SUBJECT = '110169484474386276334';
const PERSONAL = [
  SUBJECT,
  SARA.nationalNumber,
  OMAR.nationalNumber,
  EMAIL,
  ID,
  'FILE-77',
  'Patientname',
  'سارة',
];

/** The store, with everything noted that is ever asked of it or written to it. */
function overheard(store: Store): { store: Store; heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    store: {
      ...store,
      get(key) {
        heard.push(key);
        return store.get(key);
      },
      swap(key, expected, next, ttlSeconds) {
        heard.push(key, next ?? '');
        return store.swap(key, expected, next, ttlSeconds);
      },
    },
  };
}

/** As a whole, not as a chance piece of a time or of a hash. */
const alone = (secret: string) => new RegExp(`(?<![\\w-])${secret}(?![\\w-])`);

/** Everything that auth does, once; answers the secrets that were given out. */
async function everything(store: Store, lines: string[]): Promise<string[]> {
  const log = createLogger('trace', { write: (line) => void lines.push(line) });
  const provider = await startProvider();
  const keys = keySetOf({ name: 'provider', url: provider.url, timeoutMs: 2_000, log });
  const outside = fakeOutside(fakeShop(), { GOOGLE: keys, APPLE: keys });
  const send = { ...CONFIG.send, pauseSeconds: 0, perTargetHour: 100 };
  const password = { ...CONFIG.password, refusalMs: 0 };
  const auth = await authOn(store, outside, { password, social: SOCIAL, send }, log);
  const device = deviceOf('own');
  const secrets: string[] = [];
  const noted = <T extends { otpId: string; code: string }>(asked: T) => {
    secrets.push(asked.code);
    return asked;
  };
  outside.addPatient(SARA, {
    fileNo: 'FILE-77',
    nationalId: ID,
    firstNameAr: 'سارة',
    lastName: 'Patientname',
  });

  const login = noted(await auth.askLogin(SARA));
  await auth.verify({ ...login, code: wrong(login.code), device });
  outside.fail('customers');
  await auth.verify({ ...login, device }).catch(() => undefined);
  outside.mend();
  const { phoneProof } = as('notRegistered', await auth.verify({ ...login, device }));
  outside.shop.add({ email: EMAIL });
  const registration = registrationOf(EMAIL);
  const taken = await auth.signIn.register(
    { phone: SARA, registration, phoneProof, device },
    request().circumstances,
  );
  secrets.push(phoneProof, as('conflict', taken).phoneProof);
  const hmgLogin = noted(await auth.askHmgLogin(SARA, 'nationalId', ID));
  const { session } = as('opened', await auth.verify({ ...hmgLogin, device }));
  const { customerId, sessionId } = session;
  const row = outside.shop.rows.get(customerId);
  if (row) Object.assign(row, { email: `own.${EMAIL}`, password: PASSWORDS[0] });
  noted(auth.sent(await auth.loyalty.ask(customerId, request().circumstances)));
  const renewed = await auth.refreshSession(session.refreshToken);
  await auth.changePassword(
    { customerId, sessionId },
    { currentPassword: PASSWORDS[0], newPassword: PASSWORDS[1] },
    request().circumstances,
  );
  for (const identifier of [
    { kind: 'email' as const, email: EMAIL },
    { kind: 'phone' as const, phone: SARA },
    { kind: 'nationalId' as const, nationalId: ID },
    { kind: 'fileNo' as const, fileNo: 'FILE-77' },
  ]) {
    const asking = request();
    await auth.passwordReset.request({ identifier, redirectUri: null }, asking.circumstances);
    await asking.answered();
  }
  const entering = { email: `own.${EMAIL}`, device: null };
  for (const tried of ['not the right password', PASSWORDS[1]]) {
    await auth.passwordLogin({ ...entering, password: tried }, request().circumstances);
  }
  if (row) row.password = SHORT;
  const second = await auth.passwordLogin({ ...entering, password: SHORT }, request().circumstances);
  noted(auth.sent(second));
  for (const email of [`own.${EMAIL}`, `new.${EMAIL}`]) {
    if (row) Object.assign(row, { emailVerified: true, isPatient: true, phoneVerified: true });
    const idToken = await provider.tokenOf({ sub: SUBJECT, email, email_verified: true });
    const asked = { provider: 'GOOGLE' as const, idToken, nonce: null, device, acceptedTermsVersion: null };
    await auth.socialLogin({ ...asked, firstName: null, lastName: null }, request().circumstances);
    secrets.push(idToken, ...idToken.split('.'));
  }
  await provider.close();
  const mailed = (requested: { identifier: string; key: string | null }) => {
    if (requested.key === null) throw new Error('the key is not shown');
    secrets.push(requested.key);
    return { identifier: requested.identifier, key: requested.key };
  };
  const asking = request();
  const registering = { ...registration, email: `third.${EMAIL}`, password: PASSWORDS[1], phone: OMAR };
  const registered = as('sent', await auth.account.request(registering, asking.circumstances));
  const changing = as(
    'sent',
    await auth.emailChange.request({ customerId, sessionId }, `fourth.${EMAIL}`, asking.circumstances),
  );
  await asking.answered();
  const link = mailed(registered);
  outside.fail('customers.createWithPassword', { afterwards: true });
  outside.fail('passwords.signIn');
  const activation = { ...link, password: null, device };
  await auth.account.activate(activation).catch(() => undefined);
  outside.mend();
  as('opened', await auth.account.activate(activation));
  outside.fail('customers.update', { afterwards: true });
  const change = mailed(changing);
  await auth.emailChange.confirm(change, asking.circumstances).catch(() => undefined);
  outside.mend();
  as('changed', await auth.emailChange.confirm(change, asking.circumstances));
  noted(await auth.askLoginByEmail(`fourth.${EMAIL}`));
  const unspent = noted(await auth.askRegister(OMAR, `other.${EMAIL}`));
  await auth.verify({ ...unspent, code: wrong(unspent.code) });
  for (const open of [session, renewed ?? session]) {
    secrets.push(open.accessToken, ...open.refreshToken.split('.').slice(2));
  }
  return [...secrets, ...PASSWORDS, SHORT];
}

describeOnEveryStore('what auth leaves behind', (replicas) => {
  test('O8: no phone, e-mail, ID, name, code, token or password is in any key or value', async () => {
    const [own] = await replicas();
    const { store, heard } = overheard(own);
    const secrets = await everything(store, []);
    const kinds = new Set(heard.filter((text) => /^[\w-]+:/.test(text)).map((key) => key.split(':')[0]));
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        'otp',
        'patient',
        'phone-proof',
        'failures',
        'sessions',
        'lock',
        'password-epoch',
        'id-token',
        'mailed-key',
      ]),
    );
    for (const text of heard) {
      for (const personal of PERSONAL) expect(text).not.toContain(personal);
      for (const secret of secrets) expect(text).not.toMatch(alone(secret));
      expect(text).not.toContain('192.0.2.1');
    }
  });
});

describeOnEveryStore('what auth says in the log', (replicas) => {
  test('O8: names nobody and carries no code, token or password', async () => {
    const [store] = await replicas();
    const lines: string[] = [];
    const secrets = await everything(store, lines);
    for (const line of lines) {
      for (const personal of PERSONAL) expect(line).not.toContain(personal);
      for (const secret of secrets) expect(line).not.toMatch(alone(secret));
    }
  });
});
