/** `schema/README.md` leaves nothing of the five documents over, and names only what the SDL has. */
import { readFileSync } from 'node:fs';
import { type DefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../schema/${path}`, import.meta.url), 'utf8');

/** What each document offers, copied from it: operations, and what is sent and answered, by kind. */
const DOCUMENTS: Record<string, Record<string, string[]>> = {
  '000': {
    'Get logged in customer details': [
      'response: response_format.md id group_name is_patient created_at updated_at created_in dob dob_hijri email firstname middlename lastname country city firstname_ar middlename_ar lastname_ar marital_status nationality nationality_iso_code occupation gender store_id latitude longtitude profile_picture zip_code phone_number national_id file_no id_type',
    ],
    'Customer registration': [
      'request: phone.zip_code phone.number first_name last_name email gender country city',
      'response: otp_id otp_code response_format.md',
    ],
    'Customer HMG login': [
      'request: phone.zip_code phone.number national_id file_no',
      'response: otp_id otp_code response_format.md',
    ],
    'Customer login': [
      'request: phone.zip_code phone.number',
      'response: otp_id otp_code response_format.md',
    ],
    'Verify given OTP code': [
      'request: otp_id otp_code',
      'response: response_format.md zip_code phone_number is_patient verified_without_otp phone_verified id group_id default_billing default_shipping created_at updated_at created_in email firstname lastname middlename dob dob_hijri firstname_ar middlename_ar lastname_ar marital_status nationality nationality_iso_code occupation latitude longtitude national_id file_no id_type gender store_id website_id addresses disable_auto_group_change extension_attributes.is_subscribed',
    ],
    'Customer logout': ['response: response_format.md'],
    'Get customer address': [
      'response: id country_id street telephone postcode city firstname lastname email address_label latitude longitude response_format.md',
    ],
    'Add an address': [
      'request: country_id street telephone postcode city firstname lastname email address_label latitude longitude',
      'response: response_format.md',
    ],
    'Update addresses': [
      'path: id',
      'request: country_id street telephone postcode city firstname lastname email address_label latitude longitude',
      'response: response_format.md',
    ],
    'Delete address': ['path: id', 'response: response_format.md'],
    'Sends a password reset link': ['request: user_identifier', 'response: response_format.md'],
    'Verify the token for reset password': ['request: reset_password_token', 'response: response_format.md'],
    "Update the current user's password": [
      'request: current_password new_password',
      'response: response_format.md',
    ],
    'Register to Lakum loyalty program': ['response: response_format.md'],
    'Loyalty otp': ['response: response_format.md'],
    'List customer saved cards': [
      'response: cards.id cards.last_4_digits cards.expiration_date cards.requires_cvv cards.payment_method cards.type response_format.md',
    ],
    'Delete saved credit card': ['path: id', 'response: response_format.md'],
  },
  '001': {
    'Is Patient Exist': ['request: phoneNo', 'response: true false'],
    Login: [
      'request: type value phone',
      'response: fileNo zipCode phoneNo nationalID email dateOfBirth dateOfBirthHijri name.firstName name.middleName name.lastName name.firstNameAr name.middleNameAr name.lastNameAr maritalStatus maritalStatusCode nationality nationalityISOCode occupation idType gender billingAddress billingAddress.firstName billingAddress.lastName billingAddress.email billingAddress.phoneNumber billingAddress.faxNumber billingAddress.company billingAddress.city billingAddress.country billingAddress.stateProvince billingAddress.address1 billingAddress.address2 billingAddress.zipPostalCode billingAddress.latLong shippingAddress shippingAddress.firstName shippingAddress.lastName shippingAddress.email shippingAddress.phoneNumber shippingAddress.faxNumber shippingAddress.company shippingAddress.city shippingAddress.country shippingAddress.stateProvince shippingAddress.address1 shippingAddress.address2 shippingAddress.zipPostalCode shippingAddress.latLong',
    ],
  },
  '002': {
    AuthenticateCustomer: [
      'header: Content-Type',
      'request: phone_number otp device device.registration_id device.device_id device.type language',
      'response: access refresh customer customer.id customer.phone_number customer.full_name customer.email customer.image customer.gender customer.birth_date customer.primary_address customer.is_profile_completed customer.language customer.country customer.country.code customer.country.flag customer.country.phone_code customer.country.name customer.wallet customer.wallet.balance customer.wallet.balance_currency customer.wallet.is_use_wallet_in_payment',
      'status: 200 201 400 405 406 415 429 500',
    ],
    refresh_token_create: [],
    logoutAllDevices: [],
    logoutDevice: [],
    sendOTP: [],
    GetCustomerDetails: [],
    UpdateCustomer: [
      'request: phone_number full_name email image gender birth_date primary_address language',
    ],
    DeleteCustomer: [],
    ListCountries: [],
    GetRegionByPoint: [],
    ListAddresses: [],
    CreateAddress: [],
    UpdateAddress: [],
    DeleteAddress: [],
    listWalletDetails: [],
    updateWallet: [],
    devices_list: [],
    devices_create: [],
    devices_retrieve: [],
    devices_update: [],
    devices_destroy: [],
    devices_partial_update: [],
    listNotifications: [],
    deleteNotification: [],
    bulkDeleteNotifications: [],
    getSocialAccounts: [],
    getAppInfo: [],
    listFaqs: [],
    'Add a new pet to the store': [],
    'Update an existing pet': [],
    'Finds Pets by status': [],
    'Find pet by ID': [],
    'Deletes a pet': [],
    'uploads an image': [],
    'Finds Pets by tags': [],
    'Updates a pet in the store with form data': [],
    'Returns pet inventories by status': [],
    'Place an order for a pet': [],
    'Find purchase order by ID': [],
    'Delete purchase order by ID': [],
    'Creates list of users with given input array': [],
    'Get user by user name': [],
    'Updated user': [],
    'Delete user': [],
    'Logs user into the system': [],
    'Logs out current logged in user session': [],
    'Create user': [],
    'Untitled Doc': [],
    '1_开发中_全参数测试-接口文档默认mock': [],
  },
  '003': {
    'POST /customers/login': ['request: email password', 'response: token'],
    'GET /customers/self': [
      'response: address mobile phone name country address_town address_postcode email id subscriptions address_region',
    ],
    'PATCH /customers/self': [
      'request: address mobile phone name country address_town address_postcode email id subscriptions address_region',
      'response: address mobile phone name country address_town address_postcode email id subscriptions address_region',
    ],
    'DELETE /customers/self': ['response: result'],
    'POST /customers/newemail_confirm': ['request: identifier key', 'response: result'],
    'POST /customers/password_reset': ['request: email reset_uri', 'response: result'],
    'POST /customers/do_reset': ['request: email code', 'response: token passphrase'],
    'POST /customers/activate': ['request: identifier secret password password_check', 'response: result'],
  },
  '004': {
    'POST /customer/login': ['header: key', 'request: emailId password type token', 'status: 200'],
    'GET /customer/forgot-password-link': [
      'query: email',
      'header: Authorization industry key languagekey',
      'status: 200',
    ],
    'POST /customer/send-otp': [
      'header: Authorization industry key languagekey',
      'request: emailId',
      'status: 200',
    ],
    'POST /customer/logout': ['header: Authorization industry key languagekey', 'status: 200'],
    'POST /customer/register': [
      'header: Authorization industry key languagekey',
      'request: firstName lastName password confirmPassword emailId phoneNumber',
      'status: 200',
    ],
  },
};

interface Row {
  document: string;
  kind: string;
  there: string[];
  here: string;
  note: string;
}

const quoted = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

function rowsOf(page: string): Row[] {
  return page.split(/^## Document /m).flatMap((part, index) => {
    if (index === 0) return [];
    const lines = part.split('\n').filter((line) => line.startsWith('|') && !/^\| \||^\|--/.test(line));
    return lines.map((line): Row => {
      const cells = line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim());
      expect(cells, line).toHaveLength(4);
      const [kind = '', there = '', here = '', note = ''] = cells;
      return { document: part.slice(0, 3), kind: kind.replaceAll('*', ''), there: quoted(there), here, note };
    });
  });
}

/** The rows of a document, as `DOCUMENTS` says it: each operation with the fields that stand below it. */
function offered(rows: Row[]): [operation: string, fields: string[]][] {
  const operations: [string, string[]][] = [];
  for (const { kind, there } of rows) {
    if (kind === 'operation') operations.push(...there.map((name): [string, string[]] => [name, []]));
    else operations.at(-1)?.[1].push(...there.map((name) => `${kind} ${name}`));
  }
  return operations;
}

/** Every name that the SDL gives: `Type`, `Type.field`, `Enum.VALUE`, `Type.field(argument)`. */
function namesOf(definition: DefinitionNode): string[] {
  if (!('name' in definition) || definition.name === undefined) return [];
  const type = definition.name.value;
  const names = [type];
  if ('values' in definition)
    names.push(...(definition.values ?? []).map(({ name }) => `${type}.${name.value}`));
  if ('fields' in definition) {
    for (const field of definition.fields ?? []) {
      const path = `${type}.${field.name.value}`;
      names.push(path);
      if ('arguments' in field)
        names.push(...(field.arguments ?? []).map(({ name }) => `${path}(${name.value})`));
    }
  }
  return names;
}

const page = read('README.md');
const rows = rowsOf(page);
const names = new Set(parse(read('customer.graphql')).definitions.flatMap(namesOf));

describe('the table of the five documents', () => {
  it.each(Object.entries(DOCUMENTS))(
    'has every operation and field of document %s, and no others',
    (document, there) => {
      const expected = Object.entries(there).map(([operation, kinds]) => {
        const fields = kinds.flatMap((line) => {
          const [kind = '', list = ''] = line.split(': ');
          return list.split(' ').map((name) => `${kind} ${name}`);
        });
        return [operation, fields.sort()];
      });
      const found = offered(rows.filter((row) => row.document === document));
      expect(found.map(([operation, fields]) => [operation, fields.sort()])).toEqual(expected);
    },
  );

  it('has five documents', () => {
    expect([...new Set(rows.map(({ document }) => document))]).toEqual(['000', '001', '002', '003', '004']);
  });

  it('names in its third column only what the SDL has', () => {
    const unknown = rows.flatMap(({ here }) => quoted(here)).filter((name) => !names.has(name));
    expect(unknown).toEqual([]);
  });

  it('names in its text only what the SDL has', () => {
    const meant = quoted(page.replace(/^\|[^|]*\|[^|]*\|/gm, '')).filter((name) =>
      /^[A-Z][a-z]+[A-Z.]\w+/.test(name),
    );
    expect(meant.length).toBeGreaterThan(10);
    expect(meant.filter((name) => !names.has(name))).toEqual([]);
  });

  it('gives a reason where it names nothing', () => {
    const silent = rows.filter(({ here, note }) => quoted(here).length === 0 && !/\w+ \w+ \w+/.test(note));
    expect(silent).toEqual([]);
  });

  it('is checked against names that are there, and not against others', () => {
    expect(names).toContain('Mutation.deleteAddress(id)');
    expect(names).toContain('CardBrand.MADA');
    expect(names).not.toContain('Customer.passphrase');
  });
});
