/** Signing in on the word of Google or Apple: by their subject, then once by a verified e-mail. */
import { Failure } from '../failures.ts';
import type { Lock } from '../stores/lock.ts';
import type { Phone } from '../values/phone.ts';
import type { Circumstances, CodeRequested, CodeRequests } from './code-request.ts';
import type { FailureCounts } from './failure-count.ts';
import type { IdTokens, SocialIdentity } from './id-token.ts';
import { consent, type IdentifiedCustomer, provenPhoneOf } from './identity.ts';
import { AMR, type OpenedSession, type SessionOpener } from './open-session.ts';
import type { PasswordClosures } from './password-closure.ts';
import type { Customers, Device, ShopCustomer, SocialProvider } from './ports.ts';
import type { Secrets } from './secrets.ts';
import type { Sessions } from './session.ts';
import type { SignInDetails } from './sign-in-details.ts';

export interface SocialLoginAsked {
  provider: SocialProvider;
  idToken: string;
  nonce: string | null;
  /** Of a new customer, where the token names nobody: Apple tells names to the app alone. */
  firstName: string | null;
  lastName: string | null;
  acceptedTermsVersion: string | null;
  device: Device | null;
}

/** `email`: somebody typed it and never proved it. `idToken`: another subject has the account. `phone`: none to prove. */
interface Conflicting {
  kind: 'conflict';
  field: 'email' | 'idToken' | 'phone';
}

export type SocialLoggedIn =
  | { kind: 'opened'; session: OpenedSession; isNewCustomer: boolean }
  | CodeRequested
  | Conflicting
  /** The provider is not in use here. */
  | { kind: 'off' }
  /** Forged, foreign, old or used. */
  | { kind: 'bad' }
  | { kind: 'nonceMissing' }
  /** Nobody has the subject, and there is no verified e-mail to go by. */
  | { kind: 'noEmail' };

/** Another customer has the subject by now, or this customer another subject. */
export interface NotLinked {
  kind: 'notLinked';
}

type Details = Extract<SignInDetails, { purpose: 'socialLink' }>;

type Found =
  | IdentifiedCustomer
  /** `email`: by which the customer was found; `null`: by the subject. */
  | { kind: 'proofDue'; customer: ShopCustomer; email: string | null }
  | Conflicting
  | { kind: 'noEmail' };

export type SocialLogins = ReturnType<typeof socialLoginsOf>;

export function socialLoginsOf(parts: {
  customers: Customers;
  idTokens: IdTokens;
  sessions: Sessions;
  closures: PasswordClosures;
  failures: FailureCounts;
  codeRequests: CodeRequests;
  openSession: SessionOpener;
  lock: Lock;
  secrets: Secrets;
}) {
  const { customers, idTokens, sessions, closures, failures, codeRequests, lock, secrets } = parts;

  /** One subject and one e-mail are one customer: finding, linking and creating happen under their locks. */
  function alone<T>(who: Pick<SocialIdentity, 'provider' | 'subject' | 'email'>, work: () => Promise<T>) {
    const nameOf = (text: string) => secrets.mac('lock', text);
    const { email } = who;
    return lock(`social:${nameOf(`${who.provider}\n${who.subject}`)}`, () =>
      email === null ? work() : lock(`email:${nameOf(email.toLowerCase())}`, work),
    );
  }

  async function accept(customerId: string, acceptedTermsVersion: string | null): Promise<void> {
    if (acceptedTermsVersion !== null) await customers.update(customerId, consent(acceptedTermsVersion));
  }

  /** Whether the phone was given to somebody else than who linked the subject, and this device is not theirs. */
  async function needsPhone(customer: ShopCustomer, device: Device | null): Promise<boolean> {
    if (!(await closures.isClosed(customer.id))) return false;
    const phone = provenPhoneOf(customer);
    return phone === null || !(await failures.isKnown(phone.e164, device?.deviceId ?? null));
  }

  async function create(
    identity: SocialIdentity & { email: string },
    asked: SocialLoginAsked,
    language: 'EN' | 'AR',
  ): Promise<Found> {
    const { provider, subject, email } = identity;
    const created = await customers.create({
      email,
      emailVerified: true,
      phoneVerified: false,
      firstName: identity.firstName ?? asked.firstName ?? '-',
      lastName: identity.lastName ?? asked.lastName ?? '-',
      ...(provider === 'GOOGLE' ? { googleSub: subject } : { appleSub: subject }),
      language,
      isSubscribed: false,
      ...consent(asked.acceptedTermsVersion),
    });
    if (created.kind === 'created') return { kind: 'customer', customerId: created.customer.id, isNew: true };
    // The e-mail may be taken by the very customer whose creation was answered to nobody.
    const [own] = await customers.findBySubject(provider, subject);
    return own ? { kind: 'customer', customerId: own.id, isNew: true } : { kind: 'conflict', field: 'email' };
  }

  async function find(
    identity: SocialIdentity,
    asked: SocialLoginAsked,
    language: 'EN' | 'AR',
  ): Promise<Found> {
    const { provider, subject, email } = identity;
    const [own, ...more] = await customers.findBySubject(provider, subject);
    if (more.length > 0) return { kind: 'conflict', field: 'idToken' };
    if (own) {
      if (await needsPhone(own, asked.device)) return { kind: 'proofDue', customer: own, email: null };
      await accept(own.id, asked.acceptedTermsVersion);
      return { kind: 'customer', customerId: own.id, isNew: false };
    }
    if (email === null) return { kind: 'noEmail' };
    const customer = await customers.findByEmail(email);
    if (customer === null) return create({ ...identity, email }, asked, language);
    // Whoever typed it first may not be who owns it.
    if (!customer.emailVerified) return { kind: 'conflict', field: 'email' };
    if (isPatient(customer) || (await closures.isClosed(customer.id))) {
      return { kind: 'proofDue', customer, email };
    }
    const linked = await customers.linkSubject(
      customer.id,
      { provider, subject },
      consent(asked.acceptedTermsVersion),
    );
    if (linked.kind !== 'linked') return { kind: 'conflict', field: 'idToken' };
    return { kind: 'customer', customerId: customer.id, isNew: false };
  }

  async function enter(
    identity: SocialIdentity,
    asked: SocialLoginAsked,
    circumstances: Circumstances,
  ): Promise<SocialLoggedIn> {
    const language = circumstances.language === 'ar' ? 'AR' : 'EN';
    const found = await alone(identity, () => find(identity, asked, language));
    switch (found.kind) {
      case 'conflict':
      case 'noEmail':
        return found;
      case 'proofDue': {
        const phone = provenPhoneOf(found.customer);
        if (phone === null) return { kind: 'conflict', field: 'phone' };
        const { provider, subject } = identity;
        const { acceptedTermsVersion } = asked;
        const details: Details = {
          purpose: 'socialLink',
          customerId: found.customer.id,
          provider,
          subject,
          email: found.email,
          acceptedTermsVersion,
        };
        return codeRequests.ask({ purpose: 'socialLink', phone, details }, circumstances);
      }
      case 'customer': {
        const { customerId, isNew } = found;
        const wasClosed = await closures.isClosed(customerId);
        const session = await parts.openSession(customerId, {
          sessionId: null,
          device: asked.device,
          amr: AMR.social,
        });
        // Asked again afterwards: a session that was opened just now is none that a take-over has ended.
        if (wasClosed || !(await closures.isClosed(customerId))) {
          return { kind: 'opened', session, isNewCustomer: isNew };
        }
        await sessions.end(customerId, session.sessionId);
        throw new Failure('UPSTREAM_UNAVAILABLE', { detail: 'the account was taken over meanwhile' });
      }
    }
  }

  return {
    /** Signs in whom the token names: by its subject, else once by its verified e-mail, else as a new customer. */
    async signIn(asked: SocialLoginAsked, circumstances: Circumstances): Promise<SocialLoggedIn> {
      const { provider, idToken, nonce } = asked;
      if (!idTokens.isOn(provider)) return { kind: 'off' };
      const read = await idTokens.read(provider, idToken, nonce);
      if (read.kind !== 'good') return read;
      const outcome = await idTokens.spend(
        read.use,
        () => enter(read.identity, asked, circumstances),
        ({ kind }) => kind === 'throttled',
      );
      return outcome ?? { kind: 'bad' };
    },

    /** Whom the code signs in, once the subject is written; nothing may have changed since it was sent. */
    confirm(details: Details, phone: Phone): Promise<IdentifiedCustomer | { kind: 'expired' } | NotLinked> {
      const { customerId, provider, subject, email, acceptedTermsVersion } = details;
      return alone({ provider, subject, email }, async () => {
        const customer = await customers.find(customerId);
        if (customer === null || provenPhoneOf(customer)?.e164 !== phone.e164) return { kind: 'expired' };
        const holders = await customers.findBySubject(provider, subject);
        if (holders.some(({ id }) => id !== customerId)) return { kind: 'notLinked' };
        if (holders.length > 0) {
          await accept(customerId, acceptedTermsVersion);
        } else {
          const isSameEmail = email !== null && customer.email?.toLowerCase() === email.toLowerCase();
          if (!isSameEmail || !customer.emailVerified) return { kind: 'expired' };
          const link = { provider, subject };
          const linked = await customers.linkSubject(customerId, link, consent(acceptedTermsVersion));
          if (linked.kind === 'gone') return { kind: 'expired' };
          if (linked.kind === 'otherSubject') return { kind: 'notLinked' };
        }
        return { kind: 'customer', customerId, isNew: false };
      });
    },
  };
}

/** Whose medicines an account shows: the hospital's link counts, whichever part of it is there. */
function isPatient({ isPatient: isMarked, nationalId, fileNo }: ShopCustomer): boolean {
  return isMarked || nationalId != null || fileNo != null;
}
