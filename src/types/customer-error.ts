/** Outcomes that a person can act on; each is a member of the result unions that can have it. */
import { Field, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { CustomerAddress } from './address.ts';

/*
 * None of these may extend JavaScript's Error: graphql-js takes a returned Error for a thrown one, and
 * the client would get `null` and an entry in `errors` instead of the member.
 */

/** What every error member has. `__typename` tells them apart; there is no code beside it. */
@InterfaceType({
  description:
    'An outcome that the person can act on. Match on `__typename`; select `message` here to be ready for ' +
    'members that are added later.',
})
export abstract class CustomerError {
  @Field(() => String, {
    description: "A sentence to show, in the request's language (`Accept-Language`: `en` or `ar`).",
  })
  readonly message!: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** One thing wrong with one input field. */
@ObjectType({
  simpleResolvers: true,
  description: 'What is wrong with one field of the input.',
})
export class CustomerInputProblem {
  @Field(() => [String], {
    description: 'Names leading to the field from the argument on, such as `["input", "phone", "number"]`.',
  })
  readonly path!: string[];

  @Field(() => String, {
    description: "A sentence to show beside the field, in the request's language; never repeats the value.",
  })
  readonly message!: string;

  constructor(values: CustomerInputProblem) {
    Object.assign(this, values);
  }
}

/** The input cannot be used; all its problems at once. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description: 'The input cannot be used as it is. Nothing has been sent or changed.',
})
export class CustomerInputError extends CustomerError {
  @Field(() => [CustomerInputProblem], { description: 'Every problem found, at least one.' })
  readonly fields: CustomerInputProblem[];

  constructor(message: string, fields: readonly { path: string[]; message: string }[]) {
    super(message);
    this.fields = fields.map((field) => new CustomerInputProblem(field));
  }
}

/** Too much for now; waiting helps. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description: 'Too many attempts or messages for this phone, person or client; waiting helps.',
})
export class CustomerThrottledError extends CustomerError {
  @Field(() => Int, { description: 'Whole seconds until another try can succeed.' })
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A wrong code; the challenge stays open. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description: 'The code is wrong; the challenge stays open.',
})
export class OtpRejectedError extends CustomerError {
  @Field(() => Int, {
    description: 'How many more codes may be tried on this challenge; at 0 ask for a new one.',
  })
  readonly attemptsRemaining: number;

  constructor(message: string, attemptsRemaining: number) {
    super(message);
    this.attemptsRemaining = attemptsRemaining;
  }
}

/** The challenge, or the phone proof standing in for one, is no longer good. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description:
    'The challenge is unknown, too old, out of attempts or already used, or the `phoneProof` is; ask for a ' +
    'new code.',
})
export class OtpExpiredError extends CustomerError {}

/** What to do after a right code that belongs to nobody: values are the mutations' names. */
export const SignInStep = { REGISTER: 'REGISTER', HMG_LOGIN: 'HMG_LOGIN' } as const;
export type SignInStep = keyof typeof SignInStep;
registerEnumType(SignInStep, {
  name: 'SignInStep',
  description: 'How to go on after a right code for a phone or e-mail that no customer has.',
  valuesConfig: {
    REGISTER: { description: 'Go on with `register`.' },
    HMG_LOGIN: { description: 'The hospital knows the phone: go on with `hmgLogin`.' },
  },
});

/** A right code, but no customer. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description:
    'The code was right, but no customer has this phone, or has proven this e-mail. Go on with `nextStep` and ' +
    'hand in the `phoneProof`.',
})
export class CustomerNotRegisteredError extends CustomerError {
  @Field(() => SignInStep, { description: 'Which mutation to go on with.' })
  readonly nextStep: SignInStep;

  @Field(() => String, {
    nullable: true,
    description:
      'Stands in for a new code in that mutation: once, for this phone, for ten minutes. `null` after a code by ' +
      'e-mail, which proves no phone.',
  })
  readonly phoneProof: string | null;

  constructor(message: string, nextStep: SignInStep, phoneProof: string | null) {
    super(message);
    this.nextStep = nextStep;
    this.phoneProof = phoneProof;
  }
}

/** A right code, but no patient. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description: 'The code was right, but the hospital knows no such patient with this phone.',
})
export class PatientNotFoundError extends CustomerError {
  @Field(() => String, {
    nullable: true,
    description:
      'Stands in for a new code in `register` and `hmgLogin`: once, for this phone, for ten minutes. Never ' +
      '`null` here; nullable so that it can be selected beside the same field of other errors.',
  })
  readonly phoneProof: string;

  constructor(message: string, phoneProof: string) {
    super(message);
    this.phoneProof = phoneProof;
  }
}

/** Somebody else has it. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description:
    'Another customer has this e-mail, phone or Google or Apple account, or this customer has another patient file. ' +
    'Nothing was changed.',
})
export class CustomerConflictError extends CustomerError {
  @Field(() => String, {
    description: 'Which one: `email`, `phone`, `nationalId`, `fileNo` or `idToken`.',
  })
  readonly field: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Stands in for a new code in `register` and `hmgLogin`: once, for this phone, for ten minutes. `null` ' +
      'where another input would not help.',
  })
  readonly phoneProof: string | null;

  constructor(message: string, field: string, phoneProof: string | null = null) {
    super(message);
    this.field = field;
    this.phoneProof = phoneProof;
  }
}

/** Closed for longer than waiting helps. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description: 'Too many failures: this way of signing in is closed for a day. The other ways stay open.',
})
export class CustomerLockedError extends CustomerError {
  @Field(() => String, {
    nullable: true,
    description: 'Phone number of the people who can help, in E.164 form; `null` when none is known.',
  })
  readonly supportPhone: string | null;

  constructor(message: string, supportPhone: string | null = null) {
    super(message);
    this.supportPhone = supportPhone;
  }
}

/** Wrong, unknown, unconfirmed and locked answer alike. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description: 'The password or token is not good; whether it is wrong, unknown or ended is not told.',
})
export class InvalidCredentialsError extends CustomerError {}

/** A mailed link that leads nowhere. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description:
    'The mailed link is unknown, too old, replaced by a newer one or already used; ask for a new one.',
})
export class LinkExpiredError extends CustomerError {}

/** Signed in, but too long ago for this. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description: 'This needs a fresh sign-in: sign in again, then repeat it. Nothing was changed.',
})
export class RecentSignInRequiredError extends CustomerError {
  @Field(() => Int, { description: 'How many seconds ago the sign-in may be at most.' })
  readonly maxAgeSeconds: number;

  constructor(message: string, maxAgeSeconds: number) {
    super(message);
    this.maxAgeSeconds = maxAgeSeconds;
  }
}

/** Not there, or not the caller's. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description: "None of the caller's own addresses has this id.",
})
export class AddressNotFoundError extends CustomerError {}

/** Changed by somebody else in between. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description: 'The address has changed since the given `version`. Nothing was changed.',
})
export class AddressConflictError extends CustomerError {
  @Field(() => CustomerAddress, { description: 'The address as it is now, with its new `version`.' })
  readonly current: CustomerAddress;

  constructor(message: string, current: CustomerAddress) {
    super(message);
    this.current = current;
  }
}

/** Not there, or not the caller's. */
@ObjectType({
  simpleResolvers: true,
  implements: CustomerError,
  description: "None of the caller's own cards has this id.",
})
export class CardNotFoundError extends CustomerError {}
