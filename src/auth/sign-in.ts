/** Signing in by phone or e-mail: a code is asked for, spent, and only then anything is done for the person. */
import { z } from 'zod';
import type { Phone } from '../values/phone.ts';
import type { Challenges, Entry } from './challenge.ts';
import type { Circumstances, CodeRequested, CodeRequests } from './code-request.ts';
import type { CodeRefused, CodeSpender } from './code-spending.ts';
import { countedAs, type Destination } from './destination.ts';
import type { FailureCounts } from './failure-count.ts';
import type { IdentifiedCustomer, Identities, Registration } from './identity.ts';
import { AMR, type OpenedSession, type SessionOpener } from './open-session.ts';
import type { PasswordLogins } from './password-login.ts';
import type { PatientIdentities } from './patient-identity.ts';
import type { PatientLookups, PatientQuestion } from './patient-lookup.ts';
import type { PhoneProofs } from './phone-proof.ts';
import type { ChallengePurpose, Device, Patients } from './ports.ts';
import { readDetails, type SignInDetails } from './sign-in-details.ts';
import type { NotLinked, SocialLogins } from './social-login.ts';

interface Opened {
  kind: 'opened';
  session: OpenedSession;
  isNewCustomer: boolean;
}
interface Conflicting {
  kind: 'conflict';
  field: string;
  phoneProof: string;
}
interface PatientNotFound {
  kind: 'patientNotFound';
  phoneProof: string;
}
interface Expired {
  kind: 'expired';
}

/** What comes of a proven phone or e-mail. */
export type SignedIn =
  | Opened
  | Conflicting
  | PatientNotFound
  /** What the code was to confirm is no longer so. */
  | Expired
  | NotLinked
  | { kind: 'notRegistered'; nextStep: 'REGISTER' | 'HMG_LOGIN'; phoneProof: string }
  /** No customer has proven this e-mail, whose code proves no phone. */
  | { kind: 'emailNotRegistered' };

/** Noted on a challenge: for whom a session is to be opened, should the first try not come to its end. */
const Step = z.object({ kind: z.literal('customer'), customerId: z.string(), isNew: z.boolean() });

/** The codes that open a session, and what each proves together with what was proven before it. */
const PROVES = {
  register: AMR.phone,
  login: AMR.phone,
  hmgLogin: AMR.phone,
  passwordLogin: AMR.passwordAndPhone,
  socialLink: AMR.socialAndPhone,
} satisfies Partial<Record<ChallengePurpose, readonly string[]>>;
const PURPOSES = Object.keys(PROVES) as (keyof typeof PROVES)[];

type CustomerLanguage = 'EN' | 'AR';

/** A new customer speaks the language of the request, unless another was named. */
const languageOf = ({ language }: Circumstances): CustomerLanguage => (language === 'ar' ? 'AR' : 'EN');

export type SignIn = ReturnType<typeof signInOf>;

export function signInOf(parts: {
  challenges: Challenges;
  codeRequests: CodeRequests;
  failures: FailureCounts;
  proofs: PhoneProofs;
  identities: Identities;
  patientIdentities: PatientIdentities;
  patients: Patients;
  lookups: PatientLookups;
  passwordLogins: PasswordLogins;
  socialLogins: SocialLogins;
  openSession: SessionOpener;
  spend: CodeSpender;
}) {
  const { challenges, codeRequests, failures, spend, proofs, identities, patientIdentities } = parts;
  const { patients, lookups, passwordLogins, socialLogins } = parts;

  async function openFor(
    { customerId, isNew }: IdentifiedCustomer,
    to: Destination,
    how: { sessionId: string | null; device: Device | null; amr: readonly string[] },
  ): Promise<Opened> {
    const session = await parts.openSession(customerId, how);
    if (how.device) await failures.remember(countedAs(to), how.device.deviceId);
    return { kind: 'opened', session, isNewCustomer: isNew };
  }

  /** A right code that led to something mendable is not wasted: its proof stands in for the next. */
  async function mendable(
    phone: Phone,
    found: { kind: 'nobody' } | { kind: 'patientNotFound' } | { kind: 'conflict'; field: string },
  ): Promise<SignedIn> {
    switch (found.kind) {
      case 'nobody': {
        const nextStep = await identities.nextStep(phone);
        return { kind: 'notRegistered', nextStep, phoneProof: await proofs.issue(phone.e164) };
      }
      case 'patientNotFound':
        return { kind: 'patientNotFound', phoneProof: await proofs.issue(phone.e164) };
      case 'conflict':
        return { kind: 'conflict', field: found.field, phoneProof: await proofs.issue(phone.e164) };
    }
  }

  async function identify(
    entry: Entry,
    phone: Phone,
    language: CustomerLanguage,
    circumstances: Circumstances,
  ) {
    const details = readDetails(entry.details);
    switch (details.purpose) {
      case 'register':
        return identities.register(phone, { ...details, language: details.language ?? language });
      case 'login':
        return identities.login(phone, { ...details, language });
      case 'hmgLogin':
        return patientIdentities.identify(
          phone,
          { ...details, language },
          await lookups.answer(entry.id, details, phone),
          circumstances,
        );
      case 'passwordLogin':
        return passwordLogins.confirm(details, phone);
      case 'socialLink':
        return socialLogins.confirm(details, phone);
    }
  }

  async function identifyByEmail(details: SignInDetails, email: string) {
    // No other purpose is ever asked for by e-mail.
    return details.purpose === 'login'
      ? identities.loginByEmail(email, details)
      : { kind: 'nobody' as const };
  }

  async function act(
    entry: Entry,
    to: Destination,
    given: { device: Device | null; language: CustomerLanguage | null },
    circumstances: Circumstances,
  ): Promise<SignedIn> {
    const details = readDetails(entry.details);
    let found: IdentifiedCustomer;
    if (entry.step !== null) {
      found = Step.parse(JSON.parse(entry.step));
    } else if ('email' in to) {
      const identified = await identifyByEmail(details, to.email);
      if (identified.kind === 'nobody') return { kind: 'emailNotRegistered' };
      found = identified;
    } else {
      const language = given.language ?? languageOf(circumstances);
      const identified = await identify(entry, to.phone, language, circumstances);
      if (identified.kind === 'expired' || identified.kind === 'notLinked') return identified;
      if (identified.kind !== 'customer') return mendable(to.phone, identified);
      found = identified;
    }
    await challenges.note(entry, JSON.stringify(found));
    const amr = 'email' in to ? AMR.email : PROVES[details.purpose];
    const opened = await openFor(found, to, { sessionId: entry.sessionId, device: given.device, amr });
    if (details.purpose === 'hmgLogin') await lookups.forget(entry.id);
    if (details.purpose === 'passwordLogin' && !(await passwordLogins.keep(opened.session, details))) {
      return { kind: 'expired' };
    }
    return opened;
  }

  return {
    async register(
      asked: { phone: Phone; registration: Registration; phoneProof: string | null; device: Device | null },
      circumstances: Circumstances,
    ): Promise<CodeRequested | Opened | Conflicting | Expired> {
      const { phone, registration, phoneProof, device } = asked;
      if (phoneProof !== null) {
        const outcome = await proofs.spend(phoneProof, phone.e164, async (again) => {
          const language = registration.language ?? languageOf(circumstances);
          const found = await identities.register(phone, { ...registration, language });
          if (found.kind === 'customer')
            return openFor(found, { phone }, { sessionId: null, device, amr: AMR.phone });
          return { ...found, phoneProof: await again() };
        });
        return outcome ?? { kind: 'expired' };
      }
      const details: SignInDetails = { purpose: 'register', ...registration };
      return codeRequests.ask({ purpose: 'register', phone, details }, circumstances);
    },

    async login(
      asked: { phone: Phone; createIfMissing: boolean; acceptedTermsVersion: string | null },
      circumstances: Circumstances,
    ): Promise<CodeRequested> {
      const { phone, createIfMissing, acceptedTermsVersion } = asked;
      const details: SignInDetails = { purpose: 'login', createIfMissing, acceptedTermsVersion };
      return codeRequests.ask({ purpose: 'login', phone, details }, circumstances);
    },

    async loginByEmail(
      asked: { email: string; acceptedTermsVersion: string | null },
      circumstances: Circumstances,
    ): Promise<CodeRequested> {
      const { email, acceptedTermsVersion } = asked;
      const details: SignInDetails = { purpose: 'login', createIfMissing: false, acceptedTermsVersion };
      return codeRequests.ask({ purpose: 'login', email, details }, circumstances);
    },

    async hmgLogin(
      asked: PatientQuestion & {
        phone: Phone;
        acceptedTermsVersion: string | null;
        phoneProof: string | null;
        device: Device | null;
      },
      circumstances: Circumstances,
    ): Promise<CodeRequested | Opened | PatientNotFound | Conflicting | Expired> {
      const { phone, by, value, acceptedTermsVersion, phoneProof, device } = asked;
      const details: SignInDetails = { purpose: 'hmgLogin', by, value, acceptedTermsVersion };
      if (phoneProof !== null) {
        const outcome = await proofs.spend(phoneProof, phone.e164, async (again) => {
          const patient = await patients.find(by, value, phone);
          const asking = { ...details, language: languageOf(circumstances) };
          const found = await patientIdentities.identify(phone, asking, patient, circumstances);
          if (found.kind === 'customer')
            return openFor(found, { phone }, { sessionId: null, device, amr: AMR.phone });
          return { ...found, phoneProof: await again() };
        });
        return outcome ?? { kind: 'expired' };
      }
      const requested = await codeRequests.ask({ purpose: 'hmgLogin', phone, details }, circumstances);
      if (requested.kind === 'sent') {
        const { id } = requested.challenge;
        circumstances.afterAnswer('ask EServices', () => lookups.prepare(id, { by, value }, phone));
      }
      return requested;
    },

    resend: codeRequests.askAgain,

    /** Spends a code, once, and does what it was asked for. */
    async verify(
      given: { otpId: string; code: string; device: Device | null; language: CustomerLanguage | null },
      circumstances: Circumstances,
    ): Promise<SignedIn | CodeRefused> {
      const { idempotencyKey: repeatableBy } = circumstances;
      const use = { ...given, purposes: PURPOSES, customerId: null, repeatableBy };
      return spend(use, circumstances, (entry, to) => act(entry, to, given, circumstances));
    },
  };
}
