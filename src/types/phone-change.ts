/** Changing a customer's phone. */
import { createUnionType } from 'type-graphql';
import { Customer } from './customer.ts';
import {
  CustomerConflictError,
  CustomerInputError,
  CustomerLockedError,
  CustomerThrottledError,
  OtpExpiredError,
  OtpRejectedError,
  RecentSignInRequiredError,
} from './customer-error.ts';
import { OtpChallenge } from './otp.ts';

export const RequestPhoneChangeResult = createUnionType({
  name: 'RequestPhoneChangeResult',
  description: 'What came of `requestPhoneChange`; alike whether or not another customer has the phone.',
  types: () => [OtpChallenge, CustomerInputError, RecentSignInRequiredError, CustomerThrottledError] as const,
});

export const ConfirmPhoneChangeResult = createUnionType({
  name: 'ConfirmPhoneChangeResult',
  description:
    'What came of `confirmPhoneChange`: the customer as it is now. `OtpExpiredError` also where the change was ' +
    'cancelled, `CustomerConflictError` where the phone is another customer’s.',
  types: () =>
    [
      Customer,
      CustomerInputError,
      OtpRejectedError,
      OtpExpiredError,
      CustomerThrottledError,
      CustomerLockedError,
      CustomerConflictError,
    ] as const,
});
