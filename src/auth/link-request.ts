/** Asking for a mailed link: limits, the key, and the mail that goes out once the answer has left. */
import type { Circumstances } from './code-request.ts';
import { countedAs } from './destination.ts';
import type { MailedKey, MailedKeys } from './mailed-key.ts';
import type { Customers, LinkPurpose, Messenger } from './ports.ts';
import type { SendLimits } from './send-limits.ts';

/** `key` is there only where codes are shown, never in production. */
export type LinkRequested =
  | { kind: 'sent'; email: string; identifier: string; expiresAt: Date; key: string | null }
  | { kind: 'throttled'; retryAfterSeconds: number };

export type LinkRequests = ReturnType<typeof linkRequestsOf>;

export function linkRequestsOf(parts: {
  keys: MailedKeys;
  limits: SendLimits;
  customers: Customers;
  messenger: Messenger;
  showsKeys: boolean;
}) {
  const { keys, limits, customers, messenger } = parts;

  async function mail(
    purpose: LinkPurpose,
    email: string,
    issued: MailedKey,
    { ownerId, language }: { ownerId: string | null } & Pick<Circumstances, 'language'>,
  ): Promise<void> {
    const holder = await customers.findByEmail(email);
    if (holder === null || holder.id === ownerId) {
      await messenger.mailLink({ email, purpose, ...issued, language });
      return;
    }
    // Who gets this mail can do something about it; whoever asked learns nothing.
    await keys.withdraw(issued);
    await messenger.mailTaken({ email, purpose, language });
  }

  return {
    /**
     * Answers alike for every address: whether it is taken is looked up once the answer has left, and told
     * in the mail alone. To its own address (`ownerId`) a customer gets a link nevertheless.
     */
    async ask(
      asked: {
        purpose: LinkPurpose;
        email: string;
        details: unknown;
        subject?: string;
        ownerId: string | null;
      },
      circumstances: Circumstances,
    ): Promise<LinkRequested> {
      const { purpose, email, ownerId } = asked;
      const target = countedAs({ email });
      const admission = await limits.admit(target, circumstances.client);
      if (admission.kind === 'refused') {
        return { kind: 'throttled', retryAfterSeconds: admission.retryAfterSeconds };
      }
      const issued = await keys.issue(asked);
      circumstances.afterAnswer('mail a link', async () => {
        try {
          await mail(purpose, email, issued, { ownerId, language: circumstances.language });
        } catch (error) {
          // The person got nothing, so may ask again at once.
          await limits.endPause(target);
          throw error;
        }
      });
      const { identifier, expiresAt, key } = issued;
      return { kind: 'sent', email, identifier, expiresAt, key: parts.showsKeys ? key : null };
    },
  };
}
