/** Signing in by phone: whom a proven phone stands for, and the way on for whom it stands for nobody. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  CustomerDocument,
  HmgLoginDocument,
  LoginDocument,
  RegisterDocument,
} from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import {
  as,
  askToLogIn,
  attributesOf,
  dataOf,
  enter,
  rowOf,
  sandboxOf,
  saudi,
  shopOf,
  signIn,
  spend,
  writesOf,
} from './steps.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ OTP_PER_PHONE_HOUR: '50', OTP_PER_PHONE_DAY: '50' });
});
afterAll(() => service.close());

it.each([
  ['Sara', { number: '501234567' }],
  ['Sara', { zipCode: '+966', number: '0501234567' }],
  ['Sara', { zipCode: '966', number: '50 123-4567' }],
  ['Sara', { zipCode: '00966', number: '+966501234567' }],
  ['Sara', { zipCode: '+٩٦٦', number: '٠٥٠١٢٣٤٥٦٧' }],
  ['Sara', { zipCode: '۹۶۶', number: '۵۰۱۲۳۴۵۶۷' }],
  ['Omar', { zipCode: '+966', number: '502345678' }],
] as const)('signs %s in by %j, however the shop spells the phone', async (firstName, phone) => {
  const session = await enter(service, await askToLogIn(service, { phone }));
  expect(session.isNewCustomer).toBe(false);
  const { customer } = dataOf(await service.ask(CustomerDocument, {}, { token: session.token }));
  expect(customer).toMatchObject({ firstName, phone: { zipCode: '+966' }, phoneVerified: true });
  expect(writesOf(service)).toEqual([]);
});

it('leads an unknown phone on to register, whose proof takes the place of a code once', async () => {
  const phone = saudi('561113300');
  const unknown = as(
    'CustomerNotRegisteredError',
    await spend(service, await askToLogIn(service, { phone })),
  );
  expect(unknown).toMatchObject({
    nextStep: 'REGISTER',
    message: 'There is no account for this phone number yet. Please register first.',
  });
  const { phoneProof } = unknown;
  const input = { phone, firstName: 'Rami', lastName: 'Haddad', email: 'rami@example.com', phoneProof };
  const device = { deviceId: 'rami-1', type: 'ANDROID' } as const;

  const stolen = { ...input, phone: saudi('561113301') };
  expect(dataOf(await service.ask(RegisterDocument, { input: stolen })).register).toMatchObject({
    __typename: 'OtpExpiredError',
  });
  const opened = dataOf(
    await service.ask(RegisterDocument, { input: { ...input, device } }, { language: 'ar' }),
  );
  const session = as('CustomerSession', opened.register);
  expect(session).toMatchObject({ isNewCustomer: true, customer: { fullName: 'Rami Haddad' } });
  expect(attributesOf(rowOf(shopOf(service), 'rami@example.com'))).toMatchObject({
    phone_number: '561113300',
    zip_code: '+966',
    phone_verified: '1',
    language: 'ar',
  });
  expect(dataOf(await service.ask(RegisterDocument, { input })).register).toMatchObject({
    __typename: 'OtpExpiredError',
  });
});

it('leads a phone that the hospital knows on to hmgLogin, whose proof survives a wrong ID', async () => {
  const phone = saudi('552345678');
  const unknown = await spend(service, await askToLogIn(service, { phone }), { language: 'ar' });
  const { nextStep, phoneProof, message } = as('CustomerNotRegisteredError', unknown);
  expect(nextStep).toBe('HMG_LOGIN');
  expect(message).toMatch(/^رقم الجوال هذا مسجّل لدى المستشفى/);

  const mistyped = { phone, nationalId: '1088123458', phoneProof };
  const { hmgLogin: refused } = dataOf(await service.ask(HmgLoginDocument, { input: mistyped }));
  const next = as('PatientNotFoundError', refused).phoneProof;
  expect(next).not.toBe(phoneProof);
  const { hmgLogin } = dataOf(
    await service.ask(HmgLoginDocument, { input: { phone, nationalId: '1097543217', phoneProof: next } }),
  );
  expect(as('CustomerSession', hmgLogin)).toMatchObject({
    isNewCustomer: true,
    customer: { fullName: 'Fahad Nasser Al-Otaibi', isPatient: true },
  });
});

it('creates who is missing where it is asked to: without name and e-mail, and only once', async () => {
  const input = { phone: saudi('561113311'), createIfMissing: true, acceptedTermsVersion: '7' };
  const session = await enter(service, await askToLogIn(service, input), { language: 'ar' });
  expect(session).toMatchObject({
    isNewCustomer: true,
    customer: { fullName: null, isProfileCompleted: false },
  });
  const row = rowOf(shopOf(service), session.id);
  expect(row).toMatchObject({ firstname: '-', lastname: '-' });
  expect(row.email).toMatch(/^p-[0-9a-f]{32}@customers\.invalid$/);
  expect(attributesOf(row)).toMatchObject({ phone_verified: '1', language: 'ar', terms_version: '7' });
  const { customer } = dataOf(await service.ask(CustomerDocument, {}, { token: session.token }));
  expect(customer).toMatchObject({ email: null, firstName: null, lastName: null });

  const again = await enter(service, await askToLogIn(service, { ...input, acceptedTermsVersion: null }));
  expect(again).toMatchObject({ id: session.id, isNewCustomer: false });
});

it('takes a phone that was only ever typed for nobody, and lets its owner register', async () => {
  const before = structuredClone(rowOf(shopOf(service), 'lina@example.com'));
  const challenge = await askToLogIn(service, { phone: saudi('503456789') });
  const unknown = as('CustomerNotRegisteredError', await spend(service, challenge));
  expect(unknown.nextStep).toBe('REGISTER');
  const { phoneProof } = unknown;
  const names = { firstName: 'Maha', lastName: 'Noor', email: 'maha@example.com' };
  const input = { ...names, phone: saudi('503456789'), phoneProof };
  const { register } = dataOf(await service.ask(RegisterDocument, { input }));
  expect(as('CustomerSession', register).isNewCustomer).toBe(true);
  expect((await signIn(service, '503456789')).customer?.fullName).toBe('Maha Noor');
  expect(rowOf(shopOf(service), 'lina@example.com')).toEqual(before);
});

it('answers a phone with two proven customers with a conflict, not with the first of them', async () => {
  const shop = shopOf(service);
  const lina = rowOf(shop, 'lina@example.com');
  const before = new Map(lina.custom);
  lina.custom.set('phone_number', '0501234567').set('phone_verified', '1');
  const challenge = await askToLogIn(service, { phone: saudi('501234567') });
  const conflict = as('CustomerConflictError', await spend(service, challenge));
  expect(conflict.field).toBe('phone');
  lina.custom = before;
});

it.each([
  ['zipCode', { zipCode: '+44', number: '7400123456' }],
  ['zipCode', { zipCode: '+1', number: '2125550123' }],
  ['number', { zipCode: '+882', number: '1612345678' }],
  ['number', saudi('112345678')],
])('O11: no message is ever paid for to a phone whose %s is refused: %j', async (field, phone) => {
  const { length } = sandboxOf(service).outbox.list();
  const person = { firstName: 'Amal', lastName: 'Noor', email: 'amal.noor@example.com' };
  for (const result of [
    dataOf(await service.ask(LoginDocument, { input: { phone } })).login,
    dataOf(await service.ask(RegisterDocument, { input: { phone, ...person } })).register,
    dataOf(await service.ask(HmgLoginDocument, { input: { phone, fileNo: '70001' } })).hmgLogin,
  ]) {
    expect(as('CustomerInputError', result).fields).toMatchObject([{ path: ['input', 'phone', field] }]);
  }
  expect(sandboxOf(service).outbox.list()).toHaveLength(length);
});

it('refuses to log in by anything but one phone or one e-mail, before anything is sent', async () => {
  const { length } = sandboxOf(service).outbox.list();
  const refused = [
    { input: { email: 'sara@example.com', createIfMissing: true }, path: ['input', 'createIfMissing'] },
    { input: {}, path: ['input'] },
    { input: { phone: saudi('501234567'), email: 'sara@example.com' }, path: ['input'] },
  ];
  for (const { input, path } of refused) {
    const { login } = dataOf(await service.ask(LoginDocument, { input }));
    expect(as('CustomerInputError', login).fields).toMatchObject([{ path }]);
  }
  expect(sandboxOf(service).outbox.list()).toHaveLength(length);
});

it('names the field where neither or both of phone and e-mail are given', async () => {
  for (const input of [{}, { phone: saudi('501234567'), email: 'sara@example.com' }]) {
    const { login } = dataOf(await service.ask(LoginDocument, { input }));
    expect(as('CustomerInputError', login).fields).toMatchObject([{ path: ['input'] }]);
  }
});

it('records the consent given at a sign-in', async () => {
  const input = { phone: saudi('502345678'), acceptedTermsVersion: '2026-11' };
  const { id } = await enter(service, await askToLogIn(service, input));
  const { terms_version, terms_accepted_at } = attributesOf(rowOf(shopOf(service), id));
  expect(terms_version).toBe('2026-11');
  expect(Date.parse(terms_accepted_at ?? '')).toBeGreaterThan(Date.now() - 60_000);
});
