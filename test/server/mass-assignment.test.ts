/** Who a customer is and what they may do is decided here and proven; a client can name none of it. */
import { isInputObjectType } from 'graphql';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSubgraph } from '../../src/schema.ts';
import { cutOffAtWill } from '../journeys/cut-off.ts';
import { askForPatient, askToLogIn, askToRegister, enter, saudi, signIn } from '../journeys/steps.ts';
import {
  AddAddressDocument,
  LoginDocument,
  RegisterDocument,
  UpdateCustomerDocument,
} from '../support/operations.ts';

const wires = cutOffAtWill();
let token: string;

interface Written {
  customer: Record<string, unknown> & { custom_attributes: { attribute_code: string; value: unknown }[] };
}
/** Bodies as they go to the shop. */
const written: Written[] = [];

beforeAll(async () => {
  ({ token } = await signIn(wires.service, '501234567'));
});
beforeEach(() => {
  written.length = 0;
  wires.proxies.m2.fate = ({ method, body }) => {
    if (method !== 'GET') written.push(JSON.parse(body));
    return 'pass';
  };
});

const phone = saudi('561119001');
const PERSON = { firstName: 'Amal', lastName: 'Noor', email: 'amal.noor@example.com' };
const ADDRESS = {
  firstName: 'Sara',
  lastName: 'Ali',
  street: ['1 Palm Street'],
  city: 'Riyadh',
  postcode: '12345',
  telephone: '0501234567',
};
const DECISIVE =
  /group|website|store|^confirm|patient|verified|without|provider|subject|customer|entity|role|scope|attribute/i;

/** The fields of the one customer that was written, its custom attributes by their codes. */
function writtenCustomer(): Record<string, unknown> {
  expect(written).toHaveLength(1);
  const { custom_attributes = [], ...fields } = written[0]?.customer ?? {};
  return {
    ...fields,
    ...Object.fromEntries(custom_attributes.map((one) => [one.attribute_code, one.value])),
  };
}
const OURS = { website_id: 1, store_id: 1, is_patient: 0, phone_verified: 1, email_verified: 0 };

describe('A5: nobody makes themselves more than they are', () => {
  it('no input has a field for group, website, store, confirmation, patient link, verified flags or provider', () => {
    const types = Object.values(buildSubgraph({ authDirectives: false }).getTypeMap());
    const names = types
      .filter(isInputObjectType)
      .flatMap((type) => Object.keys(type.getFields()).map((field) => [type.name, field]));
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter(([, field = '']) => DECISIVE.test(field))).toEqual([
      // Whose mailed link or whose token it is: the link's own token and the provider's keys decide on that.
      ['PasswordResetTokenInput', 'customerId'],
      ['ResetPasswordInput', 'customerId'],
      ['SocialLoginInput', 'provider'],
    ]);
  });

  it.each([
    'groupId',
    'group_id',
    'websiteId',
    'storeId',
    'confirmation',
    'isPatient',
    'nationalId',
    'phoneVerified',
    'verifiedWithoutOtp',
    'custom_attributes',
    'constructor',
  ])('a field "%s" beside the known ones is refused, and nothing is written', async (name) => {
    const { service } = wires;
    for (const { status, errors } of [
      await service.ask(RegisterDocument, { input: { ...PERSON, phone, ...{ [name]: '1' } } }),
      await service.ask(LoginDocument, { input: { phone, ...{ [name]: '1' } } }),
      await service.ask(UpdateCustomerDocument, { input: { city: 'Riyadh', ...{ [name]: '1' } } }, { token }),
      await service.ask(AddAddressDocument, { input: { ...ADDRESS, ...{ [name]: '1' } } }, { token }),
    ]) {
      expect(status).toBe(400);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
    expect(written).toEqual([]);
  });

  it('a sign-up writes what was typed and what was proven, and nothing else', async () => {
    await enter(wires.service, await askToRegister(wires.service, { ...PERSON, phone }));
    expect(writtenCustomer()).toEqual({
      ...OURS,
      email: PERSON.email,
      firstname: 'Amal',
      lastname: 'Noor',
      extension_attributes: { is_subscribed: false },
      phone_number: '561119001',
      zip_code: '+966',
      country: 'SA',
      language: 'en',
    });
  });

  it('a first sign-in by phone alone writes the phone', async () => {
    const input = { phone: saudi('561119002'), createIfMissing: true };
    await enter(wires.service, await askToLogIn(wires.service, input));
    expect(writtenCustomer()).toMatchObject({ ...OURS, phone_number: '561119002', firstname: '-' });
    expect(Object.keys(writtenCustomer())).not.toContain('group_id');
  });

  it('a patient is linked by what the hospital says, not by what was typed', async () => {
    const asked = { phone: saudi('552345678'), nationalId: '1097543217' };
    await enter(wires.service, await askForPatient(wires.service, asked));
    expect(writtenCustomer()).toMatchObject({
      ...OURS,
      is_patient: 1,
      national_id: '1097543217',
      file_no: '70002',
    });
  });
});
