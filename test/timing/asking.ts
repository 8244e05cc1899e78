/** The four operations that anybody may call about anybody, asked for people who are known and who are not. */

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
  /** What it asks of upstreams at first, once it has been answered. */
  firstRequests: number;
}

const CHALLENGE = '{ __typename ... on OtpChallenge { otpId maskedDestination expiresAt } }';

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  login: {
    query: `mutation ($input: LoginInput!) { answer: login(input: $input) ${CHALLENGE} }`,
    input: ({ phone }) => ({ phone: { number: phone } }),
    firstRequests: 1,
  },
  register: {
    query: `mutation ($input: RegisterInput!) { answer: register(input: $input) ${CHALLENGE} }`,
    input: ({ phone, email }) => ({ phone: { number: phone }, email, firstName: 'Sara', lastName: 'Noor' }),
    firstRequests: 1,
  },
  hmgLogin: {
    query: `mutation ($input: HmgLoginInput!) { answer: hmgLogin(input: $input) ${CHALLENGE} }`,
    input: ({ phone, fileNo }) => ({ phone: { number: phone }, fileNo }),
    firstRequests: 2,
  },
  requestPasswordReset: {
    query:
      'mutation ($input: PasswordResetRequestInput!) { answer: requestPasswordReset(input: $input) { __typename } }',
    input: ({ phone, email, fileNo }, at) => ({ userIdentifier: [email, phone, fileNo][at % 3] }),
    firstRequests: 1,
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
