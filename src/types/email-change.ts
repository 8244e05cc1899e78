/** What changing the e-mail address answers. */
import { createUnionType } from 'type-graphql';
import {
  CustomerConflictError,
  CustomerInputError,
  CustomerThrottledError,
  LinkExpiredError,
  RecentSignInRequiredError,
} from './customer-error.ts';
import { EmailChallenge } from './email-challenge.ts';
import { CustomerAcknowledgement } from './password.ts';

export const RequestEmailChangeResult = createUnionType({
  name: 'RequestEmailChangeResult',
  description: 'What came of `requestEmailChange`; alike whether or not the new address is taken.',
  types: () =>
    [EmailChallenge, CustomerInputError, RecentSignInRequiredError, CustomerThrottledError] as const,
});

export const ConfirmEmailChangeResult = createUnionType({
  name: 'ConfirmEmailChangeResult',
  description:
    'What came of `confirmEmailChange`. `CustomerConflictError` means that another account has taken the address ' +
    'meanwhile; `CustomerThrottledError`, that somebody is opening the link at this moment.',
  types: () =>
    [
      CustomerAcknowledgement,
      CustomerInputError,
      LinkExpiredError,
      CustomerConflictError,
      CustomerThrottledError,
    ] as const,
});
