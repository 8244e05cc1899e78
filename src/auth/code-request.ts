/** Asking for a code: limits, the challenge, and the message that goes out once the answer has left. */
import type { Language } from '../texts/texts.ts';
import { type Phone, parseE164 } from '../values/phone.ts';
import type { Challenge, Challenges } from './challenge.ts';
import type { AfterAnswer, ChallengePurpose, Client, Messenger } from './ports.ts';
import type { SendLimits } from './send-limits.ts';

/** What one request brings along besides its input. */
export interface Circumstances {
  client: Client;
  /** In which messages to the person are written. */
  language: Language;
  afterAnswer: AfterAnswer;
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
    phone: Phone,
    code: string,
    challenge: Challenge,
    circumstances: Circumstances,
  ): CodeRequested {
    const { language } = circumstances;
    circumstances.afterAnswer('send a code', async () => {
      try {
        await messenger.sendCode({ phone, code, purpose: challenge.purpose, language });
      } catch (error) {
        // The person got nothing, so may ask again at once.
        await limits.endPause(phone.e164);
        await challenges.endPause(challenge.id);
        throw error;
      }
    });
    return { kind: 'sent', challenge, code: parts.showsCodes ? code : null };
  }

  return {
    /** Answers alike for everybody: nothing about the person is looked up. */
    async ask(
      asked: { purpose: ChallengePurpose; phone: Phone; customerId?: string; details: unknown },
      circumstances: Circumstances,
    ): Promise<CodeRequested> {
      const admission = await limits.admit(asked.phone.e164, circumstances.client);
      if (admission.kind === 'refused') {
        return { kind: 'throttled', retryAfterSeconds: admission.retryAfterSeconds };
      }
      const { challenge, code } = await challenges.open({ ...asked, phone: asked.phone.e164 });
      return send(asked.phone, code, challenge, circumstances);
    },

    /** A new code for a challenge that still lives. */
    async askAgain(id: string, circumstances: Circumstances): Promise<CodeRequested | { kind: 'expired' }> {
      const found = await challenges.find(id);
      const phone = found && parseE164(found.phone);
      if (!phone) return { kind: 'expired' };
      // Before the limits, which would count what is not sent.
      const waitMs = found.resendAvailableAt.getTime() - Date.now();
      if (waitMs > 0) return { kind: 'throttled', retryAfterSeconds: Math.ceil(waitMs / 1000) };
      const admission = await limits.admit(phone.e164, circumstances.client);
      if (admission.kind === 'refused') {
        return { kind: 'throttled', retryAfterSeconds: admission.retryAfterSeconds };
      }
      const resent = await challenges.resend(id);
      if (resent.kind === 'gone') return { kind: 'expired' };
      if (resent.kind === 'tooSoon')
        return { kind: 'throttled', retryAfterSeconds: resent.retryAfterSeconds };
      return send(phone, resent.code, resent.challenge, circumstances);
    },

    /** A code rightly spent clears the pause before the next one. */
    async endPause(phone: string): Promise<void> {
      await limits.endPause(phone);
    },
  };
}
