/** What a developer runs first: somebody registers, gives the code back and looks at what there is. */
import type { Step } from '../explorer/step.ts';

const LANGUAGE = { 'Accept-Language': 'en' };

/** Registering, spending the code, the customer, and Sara's sign-in. Lines are as short as half a screen. */
export const FIRST_STEPS: readonly Step[] = [
  {
    document: `# 1. Somebody new asks for a code.
#    The outbox has it, and so has the answer.
mutation Register($input: RegisterInput!) {
  register(input: $input) {
    __typename
    ... on OtpChallenge {
      otpId
      otpCode
      maskedDestination
      expiresAt
    }
    ... on CustomerError { message }
  }
}`,
    variables: {
      input: {
        phone: { zipCode: '+966', number: '0561234567' },
        firstName: 'Hala',
        lastName: 'Nasser',
        email: 'hala@example.com',
        acceptedTermsVersion: '1',
      },
    },
    headers: LANGUAGE,
  },
  {
    document: `# 2. The code opens a session. <otpId> and
#    <otpCode> stand for the answer to step 1.
mutation VerifyOtp(
  $otpId: ID!
  $otpCode: String!
) {
  verifyOtp(
    input: { otpId: $otpId, otpCode: $otpCode }
  ) {
    __typename
    ... on CustomerSession {
      accessToken
      refreshToken
      isNewCustomer
      customer { fullName }
    }
    ... on CustomerError { message }
  }
}`,
    variables: { otpId: '<otpId>', otpCode: '<otpCode>' },
    headers: LANGUAGE,
  },
  {
    document: `# 3. Who is signed in? The <accessToken> header
#    stands for the answer to step 2.
query Customer {
  customer {
    fullName
    email
    phone { e164 }
    addresses { label city }
    cards { brand last4Digits isExpired }
    loyalty {
      status
      points
      worth { amount currency }
    }
  }
}`,
    headers: { ...LANGUAGE, Authorization: 'Bearer <accessToken>' },
  },
  {
    document: `# Or step 1 for Sara, who has more to show.
mutation Login {
  login(input: { phone: { number: "0501234567" } }) {
    __typename
    ... on OtpChallenge {
      otpId
      otpCode
      maskedDestination
      expiresAt
    }
    ... on CustomerError { message }
  }
}`,
    headers: LANGUAGE,
  },
];

function asComment(name: string, values: object | undefined): string[] {
  return values ? [`# ${name}: ${JSON.stringify(values)}`] : [];
}

/** The steps as one document, with what goes along as comments. */
export function describeFirstSteps(): string {
  return FIRST_STEPS.map(({ document, variables, headers }) =>
    [document, ...asComment('Variables', variables), ...asComment('Headers', headers)].join('\n'),
  ).join('\n\n');
}
