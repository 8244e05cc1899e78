/** A customer's session on this device: the access token in memory, the refresh token in the app's store. */

/** What outlives a restart of the app. Keep it like a password. */
export interface KeptSession {
  /** Names the sign-in, so that a tab notices when another tab has signed somebody else in. */
  id: string;
  refreshToken: string;
}

/** Where the app keeps it: the Keychain, the Keystore, a browser's storage as in `browser-store.ts`. */
export interface SessionStore {
  load(): Promise<KeptSession | null>;
  save(kept: KeptSession | null): Promise<void>;
  /** Runs `work` while nobody else who shares this store, such as another tab, runs theirs. */
  lock<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** The part of a `CustomerSession` that every sign-in and renewal answers. */
export interface Tokens {
  accessToken: string;
  accessTokenExpiresInSeconds: number;
  refreshToken: string;
}

export interface SessionOptions {
  /** Of the GraphQL endpoint. */
  url: string;
  store: SessionStore;
  /** The language that the person reads now. */
  language: () => 'en' | 'ar';
  onSignedIn: () => unknown;
  /** Called once, whether the person signed out, the session ended, or another tab ended it. */
  onSignedOut: (message: string | null) => unknown;
}

export type Session = ReturnType<typeof createSession>;

const REFRESH_SESSION = `mutation RefreshSession($refreshToken: String!) {
  refreshSession(refreshToken: $refreshToken) {
    __typename
    ... on CustomerSession { accessToken accessTokenExpiresInSeconds refreshToken }
    ... on CustomerError { message }
  }
}`;

export function createSession({ url, store, language, onSignedIn, onSignedOut }: SessionOptions) {
  let id: string | null = null;
  /** `undefined` until the store has been asked. */
  let token: string | null | undefined;
  let renewAt = 0;
  let renewing: Promise<string | null> | null = null;

  function take({ accessToken, accessTokenExpiresInSeconds: seconds }: Tokens): void {
    token = accessToken;
    renewAt = Date.now() + (seconds - Math.min(30, seconds / 10)) * 1000;
  }

  function leave(message: string | null): null {
    const isNews = token !== null;
    id = null;
    token = null;
    if (isNews) onSignedOut(message);
    return null;
  }

  async function exchange(refused: string | null | undefined): Promise<string | null> {
    if (token !== refused) return token ?? null;
    const kept = await store.load();
    // Nobody was signed in, which is nothing to tell.
    if (kept === null && token === undefined) token = null;
    // Never go on as somebody else: what is on the screen is the former customer's.
    if (kept === null || (id !== null && kept.id !== id)) return leave(null);
    const answer = await ask(kept.refreshToken);
    if (answer.__typename !== 'CustomerSession') {
      await store.save(null);
      return leave(answer.message);
    }
    // Kept before anything else: the token before it is spent, and coming back with it ends the session.
    await store.save({ id: kept.id, refreshToken: answer.refreshToken });
    id = kept.id;
    take(answer);
    return answer.accessToken;
  }

  /** Three attempts in less than the 30 seconds for which a lost answer is given again; rejects without an answer. */
  async function ask(refreshToken: string) {
    const request = {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'accept-language': language(),
        'idempotency-key': crypto.randomUUID(),
      },
      body: JSON.stringify({ query: REFRESH_SESSION, variables: { refreshToken } }),
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        const response = await fetch(url, { ...request, signal: AbortSignal.timeout(8000) });
        const { data, errors } = await response.json();
        if (data?.refreshSession) return data.refreshSession;
        throw new Error(errors?.[0]?.message ?? `The service answered ${response.status}.`);
      } catch (error) {
        if (attempt === 3) throw error;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }

  const session = {
    /** Whether `renew` is due before the next operation: at the start, and shortly before the token expires. */
    isDue: (): boolean => token === undefined || (token !== null && Date.now() >= renewAt),

    /** The token as it is; `null` when nobody is signed in. */
    current: (): string | null => token ?? null,

    /** The token to send now, renewed where that is due; rejects when the service cannot be reached for it. */
    accessToken: async (): Promise<string | null> =>
      session.isDue() ? session.renew(token) : (token ?? null),

    /**
     * Another token for one that was refused, or `null` when the session is over.
     *
     * Whoever asks while that is under way, or afterwards with a token from before, gets the same one.
     */
    renew(refused: string | null | undefined): Promise<string | null> {
      renewing ??= store
        .lock(() => exchange(refused))
        .finally(() => {
          renewing = null;
        });
      return renewing;
    },

    /** After any operation that answered a `CustomerSession`. */
    async start(tokens: Tokens): Promise<void> {
      await store.lock(async () => {
        id = crypto.randomUUID();
        await store.save({ id, refreshToken: tokens.refreshToken });
        take(tokens);
      });
      await onSignedIn();
    },

    /** After `logout`, whatever came of it. */
    async end(): Promise<void> {
      await store.lock(async () => {
        // Not somebody else's, whom another tab has signed in since.
        if (token === undefined || (await store.load())?.id === id) await store.save(null);
      });
      leave(null);
    },
  };
  return session;
}
