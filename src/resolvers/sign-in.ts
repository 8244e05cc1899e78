/** Signing in by phone or e-mail. */
import { Arg, Ctx, Directive, ID, Mutation, Resolver } from 'type-graphql';
import type { SignedIn } from '../auth/sign-in.ts';
import type { Context } from '../context.ts';
import { checkHmgLogin, checkLogin, checkRegister, checkVerifyOtp } from '../inputs/sign-in.ts';
import { type TextKey, text } from '../texts/texts.ts';
import {
  CustomerConflictError,
  CustomerNotRegisteredError,
  PatientNotFoundError,
} from '../types/customer-error.ts';
import { ResendOtpResult, VerifyOtpInput, VerifyOtpResult } from '../types/otp.ts';
import {
  HmgLoginInput,
  HmgLoginResult,
  LoginInput,
  LoginResult,
  RegisterInput,
  RegisterResult,
} from '../types/sign-in.ts';
import { expired, inputError, toChallenge, toRefusal } from './challenge.ts';
import { toSession } from './session.ts';

const CONFLICTS: Readonly<Record<string, TextKey>> = {
  email: 'error.conflictEmail',
  idToken: 'error.conflictSocial',
  phone: 'error.conflictPhone',
};

function toConflict(context: Context, field: string, phoneProof: string | null): CustomerConflictError {
  const key = CONFLICTS[field] ?? 'error.conflictPatient';
  return new CustomerConflictError(text(context.language, key), field, phoneProof);
}

function toSignedIn(context: Context, outcome: SignedIn) {
  const { language } = context;
  switch (outcome.kind) {
    case 'opened':
      return toSession(outcome.session, outcome.isNewCustomer);
    case 'notRegistered': {
      const key = outcome.nextStep === 'HMG_LOGIN' ? 'error.notRegisteredPatient' : 'error.notRegistered';
      return new CustomerNotRegisteredError(text(language, key), outcome.nextStep, outcome.phoneProof);
    }
    case 'emailNotRegistered': {
      const message = text(language, 'error.notRegisteredEmail');
      return new CustomerNotRegisteredError(message, 'REGISTER', null);
    }
    case 'patientNotFound':
      return new PatientNotFoundError(text(language, 'error.patientNotFound'), outcome.phoneProof);
    case 'conflict':
      return toConflict(context, outcome.field, outcome.phoneProof);
    case 'expired':
      return expired(context);
    case 'notLinked':
      return toConflict(context, 'idToken', null);
  }
}

@Resolver()
export class SignInResolver {
  @Directive('@cost(weight: 10)')
  @Mutation(() => RegisterResult, {
    description:
      'Sends a code to the phone of a new customer; `verifyOtp` then creates it. A phone that has a customer ' +
      'already answers alike, and its code signs that customer in.',
  })
  async register(
    @Arg('input', () => RegisterInput, { description: 'The new customer.' }) input: RegisterInput,
    @Ctx() context: Context,
  ): Promise<typeof RegisterResult> {
    const checked = checkRegister(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const outcome = await context.parts.auth.signIn.register(checked.value, context.circumstances);
    switch (outcome.kind) {
      case 'sent':
      case 'throttled':
        return toChallenge(context, outcome);
      case 'expired':
        return expired(context);
      case 'opened':
        return toSession(outcome.session, outcome.isNewCustomer);
      case 'conflict':
        return toConflict(context, outcome.field, outcome.phoneProof);
    }
  }

  @Directive('@cost(weight: 10)')
  @Mutation(() => LoginResult, {
    description:
      'Sends a code to a phone or an e-mail address; `verifyOtp` then signs in whom it identifies, as far as the ' +
      'customer has proven it.',
  })
  async login(
    @Arg('input', () => LoginInput, { description: 'Who wants to sign in.' }) input: LoginInput,
    @Ctx() context: Context,
  ): Promise<typeof LoginResult> {
    const checked = checkLogin(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const { signIn } = context.parts.auth;
    if (checked.value.kind === 'phone') {
      return toChallenge(context, await signIn.login(checked.value, context.circumstances));
    }
    if (!context.parts.config.emailSignIn) {
      const message = text(context.language, 'problem.emailSignIn');
      return inputError(context, [{ path: ['input', 'email'], message }]);
    }
    return toChallenge(context, await signIn.loginByEmail(checked.value, context.circumstances));
  }

  @Directive('@cost(weight: 10)')
  @Mutation(() => HmgLoginResult, {
    description:
      'Sends a code to the phone of a patient of the hospital; `verifyOtp` then signs the patient in, as a new ' +
      'customer if need be.',
  })
  async hmgLogin(
    @Arg('input', () => HmgLoginInput, { description: 'Which patient wants to sign in.' })
    input: HmgLoginInput,
    @Ctx() context: Context,
  ): Promise<typeof HmgLoginResult> {
    const checked = checkHmgLogin(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const outcome = await context.parts.auth.signIn.hmgLogin(checked.value, context.circumstances);
    switch (outcome.kind) {
      case 'sent':
      case 'throttled':
        return toChallenge(context, outcome);
      case 'expired':
        return expired(context);
      case 'opened':
        return toSession(outcome.session, outcome.isNewCustomer);
      case 'patientNotFound':
        return new PatientNotFoundError(text(context.language, 'error.patientNotFound'), outcome.phoneProof);
      case 'conflict':
        return toConflict(context, outcome.field, outcome.phoneProof);
    }
  }

  @Directive('@cost(weight: 10)')
  @Mutation(() => ResendOtpResult, {
    description:
      'Sends a new code for the same challenge. The old one is void, and attempts are not refilled.',
  })
  async resendOtp(
    @Arg('otpId', () => ID, { description: 'Of the challenge that still waits.' }) otpId: string,
    @Ctx() context: Context,
  ): Promise<typeof ResendOtpResult> {
    const outcome = await context.parts.auth.signIn.resend(otpId, context.circumstances);
    return outcome.kind === 'expired' ? expired(context) : toChallenge(context, outcome);
  }

  @Directive('@cost(weight: 10)')
  @Mutation(() => VerifyOtpResult, {
    description: 'Spends a code, once, and does what it was asked for: registers, signs in, or both.',
  })
  async verifyOtp(
    @Arg('input', () => VerifyOtpInput, { description: 'The code.' }) input: VerifyOtpInput,
    @Ctx() context: Context,
  ): Promise<typeof VerifyOtpResult> {
    const checked = checkVerifyOtp(input, context.inputRules);
    if (!checked.ok) return inputError(context, checked.problems);
    const outcome = await context.parts.auth.signIn.verify(checked.value, context.circumstances);
    switch (outcome.kind) {
      case 'rejected':
      case 'expired':
      case 'throttled':
      case 'locked':
        return toRefusal(context, outcome);
      default:
        return toSignedIn(context, outcome);
    }
  }
}
