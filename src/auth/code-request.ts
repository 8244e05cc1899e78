/** Asking for a code: limits, the challenge, and the message that goes out once the answer has left. */
import type { Language } from '../texts/texts.ts';
import type { Challenge, Challenges } from './challenge.ts';
import { countedAs, type Destination, destinationOf, textOf } from './destination.ts';
import type { AfterAnswer, ChallengePurpose, Client, Messenger } from './ports.ts';
import type { SendLimits } from './send-limits.ts';

/** What one request brings along besides its input. */
export interface Circumstances {
  client: Client;
  /** In which messages to the person are written. */
  language: Language;
  afterAnswer: AfterAnswer;
  /** Named by a client that sends the same again when its answer is lost; `null` for none. */
  idempotencyKey: string | null;
}

/** `code` is there only where codes are shown, never in production. */
export type CodeRequested =
  | { kind: 'sent'; challenge: Challenge; code: string | null }
  | { kind: 'throttled'; retryAfterSeconds: number };

export type CodeRequests = ReturnType<typeof codeRequestsOf>;

export function codeRequestsOf(parts: {
  challenges: Challenges;
  limits: SendLimits;
  messenger: Messenger;
  showsCodes: boolean;
}) {
  const { challenges, limits, messenger } = parts;

  function send(
    to: Destination,
    code: string,
    challenge: Challenge,
    circumstances: Circumstances,
  ): CodeRequested {
    const { language } = circumstances;
    circumstances.afterAnswer('send a code', async () => {
      try {
        const message = { code, purpose: challenge.purpose, language };
        await ('phone' in to
          ? messenger.sendCode({ phone: to.phone, ...message })
          : messenger.mailCode({ email: to.email, ...message }));
      } catch (error) {
        // The person got nothing, so may ask again at once.
        await limits.endPause(countedAs(to));
        await challenges.endPause(challenge.id);
        throw error;
      }
    });
    return { kind: 'sent', challenge, code: parts.showsCodes ? code : null };
  }

  return {
    /** Answers alike for everybody: nothing about the person is looked up. */
    async ask(
      asked: { purpose: ChallengePurpose; customerId?: string; details: unknown } & Destination,
      circumstances: Circumstances,
    ): Promise<CodeRequested> {
      const admission = await limits.admit(countedAs(asked), circumstances.client);
      if (admission.kind === 'refused') {
        return { kind: 'throttled', retryAfterSeconds: admission.retryAfterSeconds };
      }
      const { challenge, code } = await challenges.open({ ...asked, to: textOf(asked) });
      return send(asked, code, challenge, circumstances);
    },

    /** A new code for a challenge that still lives. */
    async askAgain(id: string, circumstances: Circumstances): Promise<CodeRequested | { kind: 'expired' }> {
      const found = await challenges.find(id);
      const to = found && destinationOf(found.to);
      if (!to) return { kind: 'expired' };
      // Before the limits, which would count what is not sent.
      const waitMs = found.resendAvailableAt.getTime() - Date.now();
      if (waitMs > 0) return { kind: 'throttled', retryAfterSeconds: Math.ceil(waitMs / 1000) };
      const admission = await limits.admit(countedAs(to), circumstances.client);
      if (admission.kind === 'refused') {
        return { kind: 'throttled', retryAfterSeconds: admission.retryAfterSeconds };
      }
      const resent = await challenges.resend(id);
      if (resent.kind === 'gone') return { kind: 'expired' };
      if (resent.kind === 'tooSoon')
        return { kind: 'throttled', retryAfterSeconds: resent.retryAfterSeconds };
      return send(to, resent.code, resent.challenge, circumstances);
    },

    /** A code rightly spent clears the pause before the next one. */
    async endPause(to: Destination): Promise<void> {
      await limits.endPause(countedAs(to));
    },
  };
}
