/** A patient whose customer has another phone: the hospital's word takes the customer over, and the old phone is told. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CustomerDocument, UpdatePasswordDocument } from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import {
  askForPatient,
  dataOf,
  enter,
  messageTo,
  rowOf,
  sandboxOf,
  saudi,
  shopOf,
  signIn,
  spend,
} from './steps.ts';

const NOURA = { phone: saudi('551234567'), nationalId: '1088123458' };

let service: RunningService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.close());

it('takes the customer over: old sessions end, old phone and e-mail are told, the password is closed', async () => {
  const shop = shopOf(service);
  const sandbox = sandboxOf(service);
  const row = rowOf(shop, 'noura@example.com');
  row.custom.set('phone_number', '561114455').set('language', 'ar');
  const old = await signIn(service, '561114455');
  expect(old.id).toBe(String(row.id));

  const session = await enter(service, await askForPatient(service, NOURA));
  expect(session).toMatchObject({ id: old.id, isNewCustomer: false });
  expect(rowOf(shop, session.id).custom.get('phone_number')).toBe('551234567');

  const { errors } = await service.ask(CustomerDocument, {}, { token: old.token });
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  const words = 'جرى تسجيل الدخول ببيانات ملفك الطبي من رقم جوال آخر';
  const sms = await messageTo(sandbox, '+966561114455', words);
  expect(sms).toMatchObject({ channel: 'sms', language: 'ar' });
  const mail = await messageTo(sandbox, 'noura@example.com', 'تعيين كلمة مرور جديدة');
  expect(mail).toMatchObject({
    channel: 'email',
    language: 'ar',
    subject: 'أُنهيت جلسات الدخول إلى حسابك',
  });

  const input = { currentPassword: 'Sandbox-Noura-1', newPassword: 'Seven plum trees 1' };
  const { updatePassword } = dataOf(
    await service.ask(UpdatePasswordDocument, { input }, { token: session.token }),
  );
  expect(updatePassword.__typename).toBe('InvalidCredentialsError');
  const again = await spend(service, await askForPatient(service, NOURA));
  expect(again.__typename).toBe('CustomerSession');
});

it('tells nobody when the phone is the same in another spelling', async () => {
  const row = rowOf(shopOf(service), 'noura@example.com');
  row.custom.set('phone_number', '0551234567').set('zip_code', '966');
  const old = await signIn(service, '551234567');
  await enter(service, await askForPatient(service, NOURA));
  dataOf(await service.ask(CustomerDocument, {}, { token: old.token }));
});
