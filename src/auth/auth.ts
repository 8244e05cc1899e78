/** The rules of identity, put together: the one thing that resolvers know of them. */
import type { JWK } from 'jose';
import type { Logger } from '../logger.ts';
import { lockOf } from '../stores/lock.ts';
import type { Store } from '../stores/store.ts';
import { type TokenSettings, tokensOf } from './access-token.ts';
import { accountsOf } from './account.ts';
import { accountDeletionOf } from './account-deletion.ts';
import { bearerFinderOf } from './bearer.ts';
import { type ChallengeSettings, challengesOf } from './challenge.ts';
import { codeRequestsOf } from './code-request.ts';
import { codeSpenderOf } from './code-spending.ts';
import { emailChangesOf } from './email-change.ts';
import { type FailureSettings, failureCountsOf } from './failure-count.ts';
import { type IdTokenSettings, idTokensOf } from './id-token.ts';
import { identitiesOf } from './identity.ts';
import { keptAnswersOf } from './kept-answers.ts';
import { linkRequestsOf } from './link-request.ts';
import { loyaltyOf } from './loyalty.ts';
import { mailedKeysOf } from './mailed-key.ts';
import { noticesOf } from './notices.ts';
import { type CodeObserver, observedSpender } from './observed-codes.ts';
import { sessionOpenerOf, sessionRefresherOf } from './open-session.ts';
import { passwordAttemptsOf } from './password-attempts.ts';
import { passwordChangeOf } from './password-change.ts';
import { passwordClosuresOf } from './password-closure.ts';
import { passwordEpochsOf } from './password-epoch.ts';
import { type PasswordLoginSettings, passwordLoginsOf } from './password-login.ts';
import { passwordResetsOf } from './password-reset.ts';
import { patientIdentitiesOf } from './patient-identity.ts';
import { patientLookupsOf } from './patient-lookup.ts';
import { pendingPhoneChangesOf } from './pending-phone-change.ts';
import { phoneChangesOf } from './phone-change.ts';
import { phoneProofsOf } from './phone-proof.ts';
import type {
  AfterAnswer,
  Customers,
  Messenger,
  Passwords,
  Patients,
  ProviderKeys,
  PushDevices,
} from './ports.ts';
import { pushOf } from './push.ts';
import { secretsOf } from './secrets.ts';
import { type SendSettings, sendLimitsOf } from './send-limits.ts';
import { serviceTokensOf } from './service-token.ts';
import { type SessionSettings, sessionsOf } from './session.ts';
import { signInOf } from './sign-in.ts';
import { socialLoginsOf } from './social-login.ts';
import { throttleOf } from './throttle.ts';

export interface AuthSettings {
  /** At least 32 characters; every key but the signing ones is derived from it. */
  secret: string;
  signingKeys: readonly JWK[];
  tokens: TokenSettings;
  challenge: ChallengeSettings;
  phoneProofSeconds: number;
  /** How long a mailed link is good. */
  linkSeconds: number;
  failures: FailureSettings;
  send: SendSettings;
  session: SessionSettings;
  password: PasswordLoginSettings;
  social: IdTokenSettings;
  placeholderDomain: string;
  /** Whether codes are answered to the client: never in production. */
  showsCodes: boolean;
}

/** What auth needs of the outside; `Membership` is whatever the shop answers of one. */
export interface Outside<Membership> {
  customers: Customers;
  patients: Patients;
  passwords: Passwords;
  loyalty: { join(customerId: string): Promise<Membership> };
  messenger: Messenger;
  providerKeys: ProviderKeys;
  devices: PushDevices;
  /** Starts work that no answer waits for; its failures are logged. */
  inBackground: AfterAnswer;
  observeCodes?: CodeObserver;
}

export type Auth<Membership> = Awaited<ReturnType<typeof createAuth<Membership>>>;

export async function createAuth<Membership>(
  store: Store,
  settings: AuthSettings,
  outside: Outside<Membership>,
  log: Logger,
) {
  const { customers, patients, passwords, messenger } = outside;
  const secrets = secretsOf(settings.secret);
  const lock = lockOf(store);
  const tokens = await tokensOf(settings.signingKeys, settings.tokens);
  const push = pushOf({ store, lock, shop: outside.devices, inBackground: outside.inBackground, log });
  const sessions = sessionsOf(store, secrets, settings.session, push.follow);
  const serviceTokens = serviceTokensOf(store, tokens);
  const challenges = challengesOf(store, secrets, settings.challenge);
  const failures = failureCountsOf(store, secrets, settings.failures);
  const closures = passwordClosuresOf(store);
  const pendingChanges = pendingPhoneChangesOf(store);
  const notices = noticesOf({ customers, messenger, log });
  const limits = (purpose: string) => sendLimitsOf(store, secrets, purpose, settings.send);
  const codeRequests = codeRequestsOf({
    challenges,
    limits: limits('code'),
    messenger,
    showsCodes: settings.showsCodes,
  });
  const spend = observedSpender(
    codeSpenderOf({ challenges, codeRequests, failures, tellLocked: notices.locked }),
    outside.observeCodes,
  );
  const { placeholderDomain } = settings;
  const identities = identitiesOf({ customers, patients, lock, secrets, placeholderDomain, log });
  const { maxAttempts, leaseSeconds } = settings.challenge;
  const keys = mailedKeysOf(store, secrets, { ttlSeconds: settings.linkSeconds, maxAttempts, leaseSeconds });
  const linkRequests = linkRequestsOf({
    keys,
    limits: limits('link'),
    customers,
    messenger,
    showsKeys: settings.showsCodes,
  });
  const emailChange = emailChangesOf({
    keys,
    linkRequests,
    customers,
    sessions,
    throttle: throttleOf(store, 'email-change', {
      windows: [
        { seconds: 60 * 60, most: settings.send.perTargetHour },
        { seconds: 24 * 60 * 60, most: settings.send.perTargetDay },
      ],
    }),
    tellChanged: notices.emailChanged,
  });
  /** Voids whatever somebody asked for in the customer's name and has not confirmed yet. */
  async function cancelPending(customerId: string): Promise<void> {
    await pendingChanges.cancel(customerId);
    await emailChange.cancel(customerId);
  }
  const openSession = sessionOpenerOf(sessions, tokens);
  const patientIdentities = patientIdentitiesOf({
    customers,
    identities,
    lock,
    secrets,
    placeholderDomain,
    async shutOut(customer) {
      await cancelPending(customer.id);
      await sessions.endAll(customer.id);
      await closures.close(customer.id);
    },
    tellOf(customer, circumstances) {
      circumstances.afterAnswer('tell of the new phone', () => notices.phoneTaken(customer));
    },
    log,
  });
  const attempts = passwordAttemptsOf(store, secrets);
  const epochs = passwordEpochsOf(store, secrets, { keepSeconds: 2 * settings.challenge.totalSeconds });
  const password = {
    customers,
    passwords,
    sessions,
    closures,
    epochs,
    minLength: settings.password.minLength,
    tellChanged: notices.passwordChanged,
    cancelPending,
    log,
  };
  const signing = { customers, sessions, closures, failures, codeRequests, openSession };
  const passwordLogins = passwordLoginsOf({
    ...signing,
    passwords,
    attempts,
    epochs,
    settings: settings.password,
  });
  const idTokens = idTokensOf({ store, keys: outside.providerKeys, settings: settings.social, log });
  const socialLogins = socialLoginsOf({ ...signing, idTokens, lock, secrets });

  return {
    tokens,
    sessions,
    push,
    serviceTokens,
    keptAnswers: keptAnswersOf(store, lock, secrets),
    findBearer: bearerFinderOf({ tokens, sessions, serviceTokens }),
    refreshSession: sessionRefresherOf(sessions, tokens),
    signIn: signInOf({
      challenges,
      codeRequests,
      failures,
      spend,
      proofs: phoneProofsOf(store, secrets, { ttlSeconds: settings.phoneProofSeconds }),
      identities,
      patientIdentities,
      patients,
      lookups: patientLookupsOf({
        store,
        patients,
        secrets,
        ttlSeconds: settings.challenge.totalSeconds,
        log,
      }),
      passwordLogins,
      socialLogins,
      openSession,
    }),
    passwordLogin: passwordLogins.signIn,
    socialLogin: socialLogins.signIn,
    phoneChange: phoneChangesOf({
      customers,
      identities,
      challenges,
      codeRequests,
      spend,
      pendingChanges,
      sessions,
      failures,
      secrets,
      placeholderDomain,
      pendingSeconds: settings.challenge.totalSeconds + 2 * settings.challenge.leaseSeconds,
      tell: notices.phoneChanged,
    }),
    deleteAccount: accountDeletionOf({
      customers,
      challenges,
      failures,
      sessions,
      closures,
      cancelPending,
      tellDeleted: notices.accountDeleted,
    }),
    account: accountsOf({
      keys,
      linkRequests,
      customers,
      passwords,
      openSession,
      minLength: settings.password.minLength,
    }),
    emailChange,
    /** Ends every session of the customer and voids what waits to be confirmed; the number of sessions. */
    async signOutEverywhere(customerId: string): Promise<number> {
      await cancelPending(customerId);
      return sessions.endAll(customerId);
    },
    loyalty: loyaltyOf({ customers, codeRequests, spend, join: outside.loyalty.join }),
    passwordReset: passwordResetsOf({ ...password, limits: limits('reset') }),
    changePassword: passwordChangeOf({ ...password, attempts }),
  };
}
