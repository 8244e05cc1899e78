/** What people and clients may well type, by the name of the place: without it nothing would get past the forms. */
import fc, { type Arbitrary } from 'fast-check';

/** Texts `@name` stand for what earlier answers held, such as a challenge's id; see `journal.ts`. */
const memory = (...names: string[]) => fc.constantFrom(...names.map((name) => `@${name}`));
/** A blank field counts as left out. */
const seldom = (text: Arbitrary<string>) => fc.oneof({ weight: 4, arbitrary: fc.constant('') }, text);

const mobile = fc.oneof(
  fc.constantFrom(
    '0501234567',
    '501234567',
    '+966 50 123 4567',
    '٠٥٠٢٣٤٥٦٧٨',
    '0551234567',
    '00966552345678',
  ),
  fc.integer({ min: 530_000_000, max: 599_999_999 }).map((number) => `0${number}`),
);
const telephone = fc.oneof(mobile, fc.constantFrom('0112345678', '+1 212 555 0123', '+44 20 7946 0958'));
const email = fc.oneof(
  fc.constantFrom('sara@example.com', 'OMAR@example.com', 'x+y@sub.example.com', '@email'),
  fc.integer({ min: 1 }).map((number) => `person${number}@example.com`),
);
const name = fc.constantFrom(
  'Sara',
  "O'Neil",
  'أحمد',
  'بن علي',
  'Zoë-Ann',
  'J. R.',
  '12',
  '-',
  '_',
  'José',
  'ﻣﺤﻤﺪ',
);
const line = fc.constantFrom(
  'King Fahd Rd 12',
  'شارع الملك فهد',
  'P.O. Box 1',
  '#12/3',
  'Home',
  '-',
  '0',
  'a\nb',
);
const nationalId = fc.constantFrom('1088123458', '1097543217', '2345678904', '١٠٨٨١٢٣٤٥٨', '1000000008');
const fileNo = fc.constantFrom('70001', '70002', '70003', 'F-1', '0');
const arabicName = fc.constantFrom('سارة', 'محمد علي', 'آل سعود', 'Sara');
/** Mostly the same one, as some forms ask for it twice. */
const newPassword = fc.oneof(
  { weight: 4, arbitrary: fc.constant('A quite Long-passphrase 7') },
  fc.constantFrom('كلمة مرور طويلة جدا 7 Aa', 'no classes in these words'),
);
const address = memory('CustomerAddress', 'CustomerAddress', 'CustomerAddress', 'Customer');

const BY_PLACE: Readonly<Record<string, Arbitrary<string>>> = {
  'address.id': address,
  'deleteAddress.id': address,
  'deleteCard.id': memory('SavedCard', 'CustomerAddress'),
  'logoutDevice.id': memory('SignedInDevice', 'Customer'),
  'updateAddress.id': address,
  'AddressInput.regionCode': seldom(fc.constantFrom('SA-01', 'SA-14', 'US-CA', 'AL-01')),
  'CustomerSubscriptionInput.code': fc.constant('newsletter'),
  'HmgLoginInput.fileNo': seldom(fileNo),
  'LoginInput.email': seldom(email),
  'PasswordLoginInput.email': memory('email'),
  'PasswordLoginInput.password': memory('password'),
  'PasswordResetTokenInput.customerId': seldom(memory('Customer')),
  'PasswordResetTokenInput.email': memory('email'),
  'ResetPasswordInput.customerId': memory('Customer'),
  'ResetPasswordInput.email': seldom(email),
  'SocialLoginInput.nonce': seldom(fc.constantFrom('n-0S6_WzA2Mj')),
  'UpdateAddressInput.countryCode': fc.constant('SA'),
  acceptedTermsVersion: fc.constantFrom('2026-03', '1', ''),
  city: line,
  code: fc.constantFrom('SA', 'EG', 'AE', 'US', 'AQ', 'ZZ'),
  country: fc.constantFrom('SA', 'US', 'EG', 'AQ'),
  countryCode: fc.constantFrom('SA', 'SA', 'SA', 'SA', 'SA', 'US', 'AE', 'GB', 'HK', 'AL', 'XK', 'sa'),
  currentPassword: memory('password'),
  dateOfBirth: fc.constantFrom('1990-02-28', '2000-02-29', '1900-01-01', '2999-01-01', '1899-12-31'),
  deviceId: fc.constantFrom('6f1a5c1e-0001', 'a', '~!"\'\\ /', '__proto__'),
  email,
  fileNo,
  firstName: name,
  firstNameAr: arabicName,
  idToken: memory('googleToken', 'appleToken'),
  identifier: memory('identifier'),
  key: memory('key'),
  label: line,
  lastName: name,
  lastNameAr: arabicName,
  maritalStatus: line,
  middleName: name,
  middleNameAr: arabicName,
  name: fc.constantFrom('هاتف سارة 📱', "Sara's phone"),
  nationalId,
  nationalityIsoCode: fc.constantFrom('SA', 'EG', 'PK', 'ZZ'),
  newEmail: email,
  newPassword,
  number: mobile,
  occupation: line,
  otpCode: memory('otpCode'),
  otpId: memory('otpId'),
  password: newPassword,
  passwordConfirmation: newPassword,
  phoneProof: seldom(memory('phoneProof')),
  postcode: fc.constantFrom('12211', '12211-1234', '١٢٢١١', '00000'),
  refreshToken: memory('refreshToken', 'spentRefreshToken'),
  region: fc.constantFrom('Riyadh', 'California', 'منطقة', 'Berat', '-'),
  regionCode: fc.constantFrom('SA-01', 'SA-14', 'SA-02', 'US-ZZ'),
  registrationId: fc.constantFrom('push-token:APA91b', 'x'.repeat(4096)),
  street: line,
  telephone,
  token: memory('resetToken'),
  userIdentifier: fc.oneof(memory('email'), email, mobile, nationalId, fileNo),
  version: memory('version'),
  zipCode: fc.constantFrom('+966', '+966', '966', '00966', '', '+971', '٩٦٦', '+1'),
};

/** Texts that fit `LoginInput.email` or the like; anything short where nothing is known of the place. */
export function plausibleText(place: string): Arbitrary<string> {
  return BY_PLACE[place] ?? BY_PLACE[place.replace(/^.*\./, '')] ?? fc.string({ maxLength: 12 });
}
