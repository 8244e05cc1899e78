import { readdir, readFile } from 'node:fs/promises';
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  graphqlSync,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  separateOperations,
  validate,
  visit,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSubgraph, printSubgraph } from '../src/schema.ts';

const plain = buildSubgraph({ authDirectives: false });
const withAuth = buildSubgraph({ authDirectives: true });

const read = (path: string) => readFile(new URL(`../schema/${path}`, import.meta.url), 'utf8');

function serviceSdl(schema: GraphQLSchema): string {
  const { data, errors } = graphqlSync({ schema, source: '{ _service { sdl } }' });
  expect(errors).toBeUndefined();
  return String(data?._service && Object(data._service).sdl);
}

/** The names that clients and other teams were promised. */
const SETTLED: Record<string, string> = {
  Query: 'customer addresses address cards devices countries country cities regionByPoint appInfo faqs',
  Mutation:
    'register login hmgLogin resendOtp verifyOtp loginWithPassword loginWithSocial refreshSession logout logoutDevice logoutAllDevices addAddress ' +
    'updateAddress deleteAddress deleteCard requestPasswordReset verifyPasswordResetToken resetPassword ' +
    'updatePassword joinLoyalty confirmLoyalty updateCustomer updateSubscriptions requestPhoneChange ' +
    'confirmPhoneChange deleteCustomer updateDevice updateWallet markNotificationsRead deleteNotifications ' +
    'registerWithPassword activateAccount requestEmailChange confirmEmailChange',
  Customer:
    'id email emailVerified firstName middleName lastName fullName firstNameAr middleNameAr lastNameAr phone ' +
    'phoneVerified gender dateOfBirth dateOfBirthHijri maritalStatus nationality nationalityIsoCode occupation ' +
    'nationalId fileNo idType isPatient groupId groupName country city latitude longitude profilePicture language ' +
    'storeId websiteId createdIn createdAt updatedAt verifiedWithoutOtp isProfileCompleted subscriptions addresses ' +
    'defaultBillingAddress defaultShippingAddress cards devices loyalty wallet notifications',
  CustomerAddress:
    'id label firstName lastName street city region postcode countryCode telephone email latitude longitude ' +
    'isDefaultBilling isDefaultShipping version',
  SavedCard: 'id last4Digits expirationDate isExpired expiresSoon requiresCvv paymentMethod brand',
  CustomerPhone: 'zipCode number e164',
  CustomerGender: 'MALE FEMALE NOT_SPECIFIED',
  CustomerLanguage: 'EN AR',
  CardBrand: 'VISA MASTERCARD MADA AMEX OTHER',
  DeviceType: 'ANDROID IOS WEB',
  Country: 'code name phoneCode flag regions',
  Region: 'code name countryCode',
  City: 'code name regionCode',
  AppInfo: 'supportEmail supportPhone termsUrl termsVersion privacyUrl minimumVersions socialAccounts',
  AppVersion: 'platform version',
  SocialAccount: 'name url',
  Faq: 'question answer',
  Money: 'amount currency',
  PageInfo: 'hasNextPage hasPreviousPage startCursor endCursor',
  CustomerWallet: 'balance useInPayment',
  CustomerNotification: 'id title body createdAt isRead',
  CustomerNotificationEdge: 'cursor node',
  CustomerNotificationConnection: 'edges pageInfo unreadCount',
  NotificationsChanged: 'ids unreadCount',
  LoyaltyMembership: 'status memberId points worth',
  LoyaltyStatus: 'NOT_ENROLLED PENDING ACTIVE',
  OtpChallenge:
    'otpId channel maskedDestination expiresAt expiresInSeconds resendAvailableAt resendInSeconds ' +
    'attemptsRemaining otpCode',
  OtpChannel: 'SMS EMAIL',
  EmailChallenge: 'identifier maskedDestination expiresAt expiresInSeconds key',
  CustomerSession:
    'accessToken tokenType accessTokenExpiresAt accessTokenExpiresInSeconds refreshToken refreshTokenExpiresAt ' +
    'isNewCustomer customer',
  SignedInDevice: 'id deviceId type name hasPush createdAt lastSeenAt isCurrent',
  SessionsEnded: 'endedAt count',
  CustomerAcknowledgement: 'acceptedAt',
  Deleted: 'id',
  CustomerError: 'message',
  CustomerInputError: 'message fields',
  CustomerInputProblem: 'path message',
  CustomerThrottledError: 'message retryAfterSeconds',
  OtpRejectedError: 'message attemptsRemaining',
  OtpExpiredError: 'message',
  CustomerNotRegisteredError: 'message nextStep phoneProof',
  SignInStep: 'REGISTER HMG_LOGIN',
  PatientNotFoundError: 'message phoneProof',
  CustomerConflictError: 'message field phoneProof',
  CustomerLockedError: 'message supportPhone',
  InvalidCredentialsError: 'message',
  LinkExpiredError: 'message',
  RecentSignInRequiredError: 'message maxAgeSeconds',
  AddressNotFoundError: 'message',
  AddressConflictError: 'message current',
  CardNotFoundError: 'message',
  PhoneInput: 'zipCode number',
  RegisterInput:
    'phone firstName lastName email gender country city language acceptedTermsVersion isSubscribed phoneProof device',
  LoginInput: 'phone email createIfMissing acceptedTermsVersion',
  HmgLoginInput: 'phone nationalId fileNo acceptedTermsVersion phoneProof device',
  VerifyOtpInput: 'otpId otpCode device language',
  PasswordLoginInput: 'email password device',
  SocialLoginInput: 'provider idToken nonce firstName lastName acceptedTermsVersion device',
  SocialProvider: 'GOOGLE APPLE',
  DeviceInput: 'deviceId type registrationId name',
  AddressInput:
    'label firstName lastName street city regionCode region postcode countryCode telephone email latitude longitude ' +
    'isDefaultBilling isDefaultShipping',
  UpdateAddressInput:
    'label firstName lastName street city regionCode region postcode countryCode telephone email latitude longitude ' +
    'isDefaultBilling isDefaultShipping',
  PasswordResetRequestInput: 'userIdentifier redirectUri',
  PasswordResetTokenInput: 'token email customerId',
  ResetPasswordInput: 'token email customerId newPassword',
  UpdatePasswordInput: 'currentPassword newPassword',
  UpdateCustomerInput:
    'firstName middleName lastName firstNameAr middleNameAr lastNameAr gender dateOfBirth maritalStatus ' +
    'nationalityIsoCode occupation country city latitude longitude profilePicture language',
  CustomerSubscription: 'code name isSubscribed',
  CustomerSubscriptionInput: 'code isSubscribed',
  CustomerDeleted: 'deletedAt',
  PasswordRegisterInput:
    'firstName lastName email password passwordConfirmation phone acceptedTermsVersion isSubscribed',
  ActivateAccountInput: 'identifier key password passwordConfirmation device',
};

/** Our own types: without graphql's and federation's. */
const ownTypes = Object.values(plain.getTypeMap()).filter(({ name }) => !/^_|__|^link__/.test(name));

describe('the committed SDL', () => {
  it('is what the classes print', async () => {
    const committed = await read('customer.graphql');
    expect(
      committed === printSubgraph(plain),
      'schema/customer.graphql is out of date: run `npm run schema` and commit it.',
    ).toBe(true);
  });

  it('rebuilds to the very SDL that a gateway is answered', async () => {
    const rebuilt = buildSubgraphSchema(parse(await read('customer.graphql')));
    expect(serviceSdl(rebuilt)).toBe(serviceSdl(plain));
  });

  it('describes every type, field, argument, input field, enum value and union', () => {
    const bare: string[] = [];
    const look = (name: string, element: { description?: string | null | undefined }) => {
      if (!element.description?.trim()) bare.push(name);
    };
    const roots = new Set(['Query', 'Mutation']);
    for (const type of ownTypes) {
      if (!roots.has(type.name)) look(type.name, type);
      if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
      if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        if (field.name.startsWith('_')) continue;
        look(`${type.name}.${field.name}`, field);
        if (!('args' in field)) continue;
        for (const argument of field.args) look(`${type.name}.${field.name}(${argument.name})`, argument);
      }
    }
    expect(bare).toEqual([]);
  });

  it.each(Object.entries(SETTLED))('keeps the settled names of %s', (name, settled) => {
    const type = plain.getType(name);
    const there = isEnumType(type)
      ? type.getValues().map((value) => value.name)
      : Object.keys(type && 'getFields' in type ? type.getFields() : {});
    expect(there).toEqual(expect.arrayContaining(settled.split(' ')));
  });

  it('names no upstream, except where the product itself is called so', () => {
    const words = /magento|\bm2\b|eservices|entity_id|custom_attribute|rest\/|v1\//i;
    expect(
      printSubgraph(plain)
        .split('\n')
        .filter((line) => words.test(line)),
    ).toEqual([]);
  });

  it('keeps arguments in the order in which they are written', () => {
    expect(
      plain
        .getMutationType()
        ?.getFields()
        .updateAddress?.args.map(({ name }) => name),
    ).toEqual(['id', 'input', 'version']);
  });

  it('answers every mutation with a union of its own name, never null', () => {
    for (const field of Object.values(plain.getMutationType()?.getFields() ?? {})) {
      const result = `${field.name[0]?.toUpperCase()}${field.name.slice(1)}Result`;
      expect(String(field.type)).toBe(`${result}!`);
      expect(isUnionType(plain.getType(result))).toBe(true);
    }
  });

  it('A9: shows nothing of a customer below a field whose answers caches may keep', () => {
    const reached = new Set<string>();
    const walk = (type: GraphQLNamedType) => {
      if (reached.has(type.name)) return;
      reached.add(type.name);
      if (isObjectType(type)) Object.values(type.getFields()).map((field) => walk(getNamedType(field.type)));
    };
    const marked = Object.values(plain.getQueryType()?.getFields() ?? {}).filter(
      ({ extensions }) => extensions.publicSeconds !== undefined,
    );
    for (const field of marked) walk(getNamedType(field.type));
    expect(marked.map(({ name }) => name).sort()).toEqual(
      ['countries', 'country', 'cities', 'regionByPoint', 'appInfo', 'faqs'].sort(),
    );
    expect([...reached].filter((name) => isObjectType(plain.getType(name))).sort()).toEqual(
      ['AppInfo', 'AppVersion', 'City', 'Country', 'Faq', 'Region', 'SocialAccount'].sort(),
    );
  });

  it('leaves every root query field nullable, so that one trouble spares the rest', () => {
    for (const field of Object.values(plain.getQueryType()?.getFields() ?? {})) {
      if (!field.name.startsWith('_')) expect(String(field.type)).not.toMatch(/!$/);
    }
  });
});

describe('AUTH_DIRECTIVES', () => {
  const open = ['register', 'login', 'hmgLogin', 'resendOtp', 'verifyOtp', 'refreshSession'];
  const mailed = ['registerWithPassword', 'activateAccount', 'confirmEmailChange'];
  const second = ['loginWithPassword', 'loginWithSocial'];
  const forgotten = ['requestPasswordReset', 'verifyPasswordResetToken', 'resetPassword'];

  const forAll = ['countries', 'country', 'cities', 'regionByPoint', 'appInfo', 'faqs'];

  it('on: tells routers which root fields need a session; those for signing in do not', () => {
    const unmarked = [withAuth.getQueryType(), withAuth.getMutationType()]
      .flatMap((root) => Object.values(root?.getFields() ?? {}))
      .filter((field) => !field.astNode?.directives?.some(({ name }) => name.value === 'authenticated'))
      .map(({ name }) => name);
    const everybody = [...open, ...mailed, ...second, ...forgotten, ...forAll];
    expect(unmarked.sort()).toEqual(['_entities', '_service', ...everybody].sort());
  });

  it('off: prints nothing that @apollo/gateway refuses, and differs in nothing else', () => {
    const sdl = printSubgraph(plain);
    expect(sdl).not.toMatch(/authenticated|requiresScopes/);
    const stripped = visit(parse(printSubgraph(withAuth)), {
      [Kind.DIRECTIVE]: (node) => (node.name.value === 'authenticated' ? null : undefined),
      [Kind.STRING]: (node) => (/^@(authenticated|requiresScopes)$/.test(node.value) ? null : undefined),
    });
    expect(print(stripped)).toBe(print(parse(sdl)));
  });
});

describe('the documents in schema/operations', async () => {
  const folder = await readdir(new URL('../schema/operations', import.meta.url));
  const documents = await Promise.all(
    folder.map(async (file) => ({ file, text: await read(`operations/${file}`) })),
  );
  const operations = documents.flatMap(({ file, text }) =>
    Object.entries(separateOperations(parse(text))).map(([name, document]) => ({
      file,
      name,
      document,
      text,
    })),
  );
  const rootFieldsOf = (definition: OperationDefinitionNode | undefined) =>
    definition?.selectionSet.selections.flatMap((node) => (node.kind === Kind.FIELD ? [node] : [])) ?? [];
  const definitionOf = (document: (typeof operations)[number]['document']) =>
    document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);

  it.each(operations)('$name in $file is valid', ({ document }) => {
    expect(validate(plain, document).map(({ message }) => message)).toEqual([]);
  });

  it('use every root field there is', () => {
    const used = new Set(
      operations.flatMap(({ document }) =>
        rootFieldsOf(definitionOf(document)).map((node) => node.name.value),
      ),
    );
    const offered = [plain.getQueryType(), plain.getMutationType()].flatMap((root) =>
      Object.keys(root?.getFields() ?? {}).filter((name) => !name.startsWith('_')),
    );
    expect(offered.filter((name) => !used.has(name))).toEqual([]);
  });

  it('carry sample variables in a comment above each operation', () => {
    for (const { file, text } of documents) {
      const bare = text.matchAll(/^(?<above>.*)\n(?:query|mutation) (?<name>\w+)/gm);
      for (const { groups } of bare) expect(groups?.above, `${groups?.name} in ${file}`).toMatch(/^#/);
    }
  });

  it('are ready for members that are added to a result later', () => {
    for (const { name, document } of operations) {
      const definition = definitionOf(document);
      if (definition?.operation !== 'mutation') continue;
      const printed = print(document);
      expect(printed, name).toMatch(/^ {4}__typename$/m);
      expect(printed, name).toMatch(/on CustomerError \{\n\s+message$/m);
    }
  });
});
