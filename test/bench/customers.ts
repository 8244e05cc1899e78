/** The customers of the bench's shop, as M2 answers them: thirty custom attributes and three addresses each. */

export const CUSTOMERS = 200;

type Attribute = { attribute_code: string; value: string };

export interface M2Customer {
  id: number;
  email: string;
  addresses: Record<string, unknown>[];
  [field: string]: unknown;
}

/** The customer's phone without its dial code; `n` below 10,000. */
export const phoneOf = (n: number) => `50120${String(n).padStart(4, '0')}`;
export const emailOf = (n: number) => `customer.${n}@example.com`;

const attributesOf = (values: Record<string, string>): Attribute[] =>
  Object.entries(values).map(([attribute_code, value]) => ({ attribute_code, value }));

function addressOf(n: number, at: number): Record<string, unknown> {
  return {
    id: n * 10 + at,
    customer_id: n,
    region: { region_code: 'SA-01', region: 'Ar Riyāḑ', region_id: 1101 },
    region_id: 1101,
    country_id: 'SA',
    street: [`${n} King Fahd Road`, `Building ${at}`],
    telephone: `05012${String(n).padStart(5, '0')}`,
    postcode: '12211',
    city: 'Riyadh',
    firstname: 'Sara',
    lastname: `Example${n}`,
    ...(at === 1 && { default_shipping: true, default_billing: true }),
    custom_attributes: attributesOf({
      address_label: ['Home', 'Work', 'Parents'][at - 1] ?? '',
      latitude: '24.713600',
      longitude: '46.675300',
    }),
  };
}

export function m2Customer(n: number): M2Customer {
  return {
    id: n,
    group_id: 1,
    default_billing: String(n * 10 + 1),
    default_shipping: String(n * 10 + 1),
    created_at: '2026-03-20 12:29:44',
    updated_at: '2026-04-20 12:29:44',
    created_in: 'Default Store View',
    dob: '1990-05-17',
    email: emailOf(n),
    firstname: 'Sara',
    lastname: `Example${n}`,
    middlename: 'M',
    gender: 2,
    store_id: 1,
    website_id: 1,
    addresses: [1, 2, 3].map((at) => addressOf(n, at)),
    disable_auto_group_change: 0,
    extension_attributes: { is_subscribed: false },
    custom_attributes: attributesOf({
      phone_number: phoneOf(n),
      zip_code: '+966',
      phone_verified: '1',
      email_verified: '1',
      verified_without_otp: '0',
      is_patient: '1',
      national_id: String(1_000_000_000 + n),
      file_no: String(70_000 + n),
      id_type: '1',
      dob_hijri: '1410-10-22',
      firstname_ar: 'سارة',
      middlename_ar: 'م',
      lastname_ar: 'المثال',
      marital_status: 'married',
      nationality: 'Saudi',
      nationality_iso_code: 'SA',
      occupation: 'Engineer',
      country: 'SA',
      city: 'Riyadh',
      latitude: '24.7136',
      longtitude: '46.6753',
      profile_picture: 'https://shop.example.com/media/customer/p.png',
      language: 'en',
      terms_version: '3',
      terms_accepted_at: '2026-03-20T12:29:44.000Z',
      preferred_branch: 'Olaya',
      app_version: '4.12.0',
      marketing_segment: 'regular',
      referral_code: `REF${n}`,
      insurance_class: 'B',
    }),
  };
}

/** The answer of the cards' route: two cards. */
export function m2Cards(n: number): unknown {
  const card = { requires_cvv: true, payment_method: 'payfort_fort_cc' };
  return {
    cards: [
      { id: `${n}1`, last_4_digits: '4242', expiration_date: '09/2037', type: 'VISA', ...card },
      { id: `${n}2`, last_4_digits: '0119', expiration_date: '01/2020', type: 'MADA', ...card },
    ],
  };
}
