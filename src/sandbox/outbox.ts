/** What was sent on the sandbox, kept where a developer and a test can read it. */

/** One SMS or e-mail, as it was sent. */
export interface OutboxMessage {
  /** Rises with every message. */
  id: number;
  at: Date;
  channel: 'sms' | 'email';
  /** A phone number in E.164, or an e-mail address. */
  to: string;
  /** Of e-mails only. */
  subject?: string;
  text: string;
  /** Of e-mails that have an HTML part. */
  html?: string;
  /** `en` or `ar`. */
  language: string;
}

/** The messages of one sandbox. */
export interface Outbox {
  /** Newest first. */
  list(): OutboxMessage[];
  add(message: Omit<OutboxMessage, 'id' | 'at'>): OutboxMessage;
  /** Calls `listener` after every message, until the returned function is called. */
  onAdded(listener: () => void): () => void;
}

const KEPT = 500;

/** An empty outbox in memory; it keeps the newest 500 messages. */
export function createOutbox(): Outbox {
  const messages: OutboxMessage[] = [];
  const listeners = new Set<() => void>();
  let lastId = 0;
  return {
    list: () => [...messages],
    add(message) {
      lastId += 1;
      const added = { ...message, id: lastId, at: new Date() };
      messages.unshift(added);
      messages.splice(KEPT);
      for (const listener of listeners) listener();
      return added;
    },
    onAdded(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
