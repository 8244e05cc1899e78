/** The rules of identity, put together: the one thing that resolvers know of them. */
import type { JWK } from 'jose';
import type { Logger } from '../logger.ts';
import { lockOf } from '../stores/lock.ts';
import type { Store } from '../stores/store.ts';
import { type TokenSettings, tokensOf } from './access-token.ts';
import { bearerFinderOf } from './bearer.ts';
import { type ChallengeSettings, challengesOf } from './challenge.ts';
import { codeRequestsOf } from './code-request.ts';
import { codeSpenderOf } from './code-spending.ts';
import { type FailureSettings, failureCountsOf } from './failure-count.ts';
import { identitiesOf } from './identity.ts';
import { loyaltyOf } from './loyalty.ts';
import { noticesOf } from './notices.ts';
import { type CodeObserver, observedSpender } from './observed-codes.ts';
import { sessionOpenerOf, sessionRefresherOf } from './open-session.ts';
import { passwordChangeOf } from './password-change.ts';
import { passwordClosuresOf } from './password-closure.ts';
import { passwordResetsOf } from './password-reset.ts';
import { patientIdentitiesOf } from './patient-identity.ts';
import { patientLookupsOf } from './patient-lookup.ts';
import { phoneProofsOf } from './phone-proof.ts';
import type { Customers, Messenger, Passwords, Patients } from './ports.ts';
import { secretsOf } from './secrets.ts';
import { type SendSettings, sendLimitsOf } from './send-limits.ts';
import { serviceTokensOf } from './service-token.ts';
import { type SessionSettings, sessionsOf } from './session.ts';
import { signInOf } from './sign-in.ts';
import { throttleOf } from './throttle.ts';

export interface AuthSettings {
  /** At least 32 characters; every key but the signing ones is derived from it. */
  secret: string;
  signingKeys: readonly JWK[];
  tokens: TokenSettings;
  challenge: ChallengeSettings;
  phoneProofSeconds: number;
  failures: FailureSettings;
  send: SendSettings;
  session: SessionSettings;
  password: { minLength: number };
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
  const sessions = sessionsOf(store, secrets, settings.session);
  const serviceTokens = serviceTokensOf(store, tokens);
  const challenges = challengesOf(store, secrets, settings.challenge);
  const failures = failureCountsOf(store, secrets, settings.failures);
  const closures = passwordClosuresOf(store);
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
  const patientIdentities = patientIdentitiesOf({
    customers,
    identities,
    lock,
    secrets,
    placeholderDomain,
    async shutOut(customer) {
      await sessions.endAll(customer.id);
      await closures.close(customer.id);
    },
    tellOf(customer, { afterAnswer }) {
      afterAnswer('tell of the new phone', () => notices.phoneTaken(customer));
    },
    log,
  });
  const password = {
    customers,
    passwords,
    sessions,
    closures,
    minLength: settings.password.minLength,
    tellChanged: notices.passwordChanged,
    log,
  };

  return {
    tokens,
    sessions,
    serviceTokens,
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
      openSession: sessionOpenerOf(sessions, tokens),
    }),
    loyalty: loyaltyOf({ customers, codeRequests, spend, join: outside.loyalty.join }),
    passwordReset: passwordResetsOf({ ...password, limits: limits('reset') }),
    changePassword: passwordChangeOf({
      ...password,
      secrets,
      nameThrottle: throttleOf(store, 'password-name', { windows: [{ seconds: 30 * 60, most: 5 }] }),
      clientThrottle: throttleOf(store, 'password-client', {
        windows: [{ seconds: 30 * 60, most: 10 }],
        pauseSeconds: (tries) => (tries < 3 ? 0 : 2 ** (tries - 2)),
      }),
    }),
  };
}
