/** What a developer runs first: Sara signs in and looks at herself. */

/** Three operations in one document, which names its variables where a client has to fill them in. */
export const FIRST_STEPS = `# 1. Sara asks for a code. On the sandbox the answer holds it, and the outbox has the message.
mutation Login {
  login(input: { phone: { zipCode: "+966", number: "501234567" } }) {
    __typename
    ... on OtpChallenge { otpId otpCode maskedDestination }
    ... on CustomerError { message }
  }
}

# 2. She hands it back. Variables: { "otpId": "from step 1", "otpCode": "from step 1" }
mutation VerifyOtp($otpId: ID!, $otpCode: String!) {
  verifyOtp(input: { otpId: $otpId, otpCode: $otpCode }) {
    __typename
    ... on CustomerSession { accessToken refreshToken customer { fullName } }
    ... on CustomerError { message }
  }
}

# 3. What is there about her. Header: Authorization: Bearer <accessToken from step 2>
query Customer {
  customer {
    fullName
    email
    phone { e164 }
    addresses { label city }
    cards { brand last4Digits isExpired }
    loyalty { status points worth { amount currency } }
  }
}`;
