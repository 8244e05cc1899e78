/** What anybody may ask about anybody, asked for people who are known and who are not. */

export interface Person {
  phone: string;
  email: string;
  fileNo: string;
}

export type Who = 'known' | 'unknown';

/** The known are customers of the sandbox and patients at once; the unknown are written just as long. */
export const PEOPLE: Readonly<Record<Who, readonly [Person, Person]>> = {
  known: [
    { phone: '0551234567', email: 'noura@example.com', fileNo: '70001' },
    { phone: '0502345678', email: 'omar@example.com', fileNo: '70003' },
  ],
  unknown: [
    { phone: '0561234567', email: 'amira@example.com', fileNo: '80001' },
    { phone: '0562345678', email: 'adel@example.com', fileNo: '80003' },
  ],
};

export interface Operation {
  query: string;
  /** `at` counts the times it is asked: the way to name the person goes round with it. */
  input(person: Person, at: number): object;
  /** The member of the result's union that all of them get. */
  answer: string;
}

const CHALLENGE = '{ __typename ... on OtpChallenge { otpId maskedDestination expiresAt } }';
const login = `mutation ($input: LoginInput!) { answer: login(input: $input) ${CHALLENGE} }`;

/** Answered before anybody is looked up; `requests` is what upstreams are asked at first once that is done. */
export const ANSWERED_FIRST: Readonly<Record<string, Operation & { requests: number }>> = {
  login: {
    query: login,
    input: ({ phone }) => ({ phone: { number: phone } }),
    answer: 'OtpChallenge',
    requests: 1,
  },
  'login by e-mail': {
    query: login,
    input: ({ email }) => ({ email }),
    answer: 'OtpChallenge',
    // The mail goes out by SMTP.
    requests: 0,
  },
  register: {
    query: `mutation ($input: RegisterInput!) { answer: register(input: $input) ${CHALLENGE} }`,
    input: ({ phone, email }) => ({ phone: { number: phone }, email, firstName: 'Sara', lastName: 'Noor' }),
    answer: 'OtpChallenge',
    requests: 1,
  },
  registerWithPassword: {
    query:
      'mutation ($input: PasswordRegisterInput!) { answer: registerWithPassword(input: $input) { __typename ... on EmailChallenge { identifier maskedDestination expiresAt } } }',
    input: ({ email }) => ({
      email,
      firstName: 'Sara',
      lastName: 'Noor',
      password: 'Seven plum trees, 1 row',
    }),
    answer: 'EmailChallenge',
    requests: 1,
  },
  hmgLogin: {
    query: `mutation ($input: HmgLoginInput!) { answer: hmgLogin(input: $input) ${CHALLENGE} }`,
    input: ({ phone, fileNo }) => ({ phone: { number: phone }, fileNo }),
    answer: 'OtpChallenge',
    requests: 2,
  },
  requestPasswordReset: {
    query:
      'mutation ($input: PasswordResetRequestInput!) { answer: requestPasswordReset(input: $input) { __typename } }',
    input: ({ phone, email, fileNo }, at) => ({ userIdentifier: [email, phone, fileNo][at % 3] }),
    answer: 'CustomerAcknowledgement',
    requests: 1,
  },
};

/** One of many with such an e-mail: the shop locks a name that is tried too often. */
export const numbered = (email: string, at: number): string => email.replace('@', `.${at}@`);

/** Refused only after the shop has been asked, and then alike and after a like time. */
export const LOOKED_UP: Readonly<Record<string, Operation>> = {
  loginWithPassword: {
    query:
      'mutation ($input: PasswordLoginInput!) { answer: loginWithPassword(input: $input) { __typename } }',
    input: ({ email }, at) => ({ email: numbered(email, at), password: 'Six plum trees, 1 row' }),
    answer: 'InvalidCredentialsError',
  },
  verifyPasswordResetToken: {
    query:
      'mutation ($input: PasswordResetTokenInput!) { answer: verifyPasswordResetToken(input: $input) { __typename } }',
    input: ({ email }) => ({ email, token: 'r3setTokenThatNobodyHas012345678' }),
    answer: 'LinkExpiredError',
  },
};

/** Settings under which somebody may be asked about as often as one likes; not for production. */
export const NO_LIMITS = {
  OTP_PAUSE_SECONDS: '0',
  OTP_PER_PHONE_HOUR: '1000000',
  OTP_PER_PHONE_DAY: '1000000',
  OTP_PER_IPV4_HOUR: '1000000',
  OTP_PER_IPV6_HOUR: '1000000',
};
