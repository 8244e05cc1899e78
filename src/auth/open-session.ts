/** A session together with the tokens that a client gets of it. */
import { randomUUID } from 'node:crypto';
import type { Tokens } from './access-token.ts';
import type { Device } from './ports.ts';
import type { OpenSession, Sessions } from './session.ts';

/** What a client is given once; the tokens are kept nowhere in clear. */
export interface OpenedSession {
  customerId: string;
  sessionId: string;
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken: string;
  refreshTokenExpiresAt: Date;
}

export type SessionOpener = ReturnType<typeof sessionOpenerOf>;

async function withTokens(open: OpenSession, tokens: Tokens): Promise<OpenedSession> {
  const { customerId, session } = open;
  const access = await tokens.signAccess({
    customerId,
    sessionId: session.id,
    authTime: new Date(session.authTime),
    amr: session.amr,
  });
  return {
    customerId,
    sessionId: session.id,
    accessToken: access.token,
    accessTokenExpiresAt: access.expiresAt,
    refreshToken: open.refreshToken,
    refreshTokenExpiresAt: open.refreshTokenExpiresAt,
  };
}

/** How a person proved who they are; RFC 8176, apart from `fed` for another's word (Google's, Apple's). */
export const AMR = {
  phone: ['otp', 'sms'],
  email: ['otp', 'email'],
  password: ['pwd'],
  passwordAndPhone: ['pwd', 'otp', 'sms'],
  social: ['fed'],
  socialAndPhone: ['fed', 'otp', 'sms'],
} as const;

/** Opens sessions; `sessionId` `null` gives a new one. */
export function sessionOpenerOf(sessions: Sessions, tokens: Tokens) {
  return async (
    customerId: string,
    how: { sessionId: string | null; device: Device | null; amr: readonly string[] },
  ): Promise<OpenedSession> =>
    withTokens(
      await sessions.open(customerId, {
        sessionId: how.sessionId ?? randomUUID(),
        amr: [...how.amr],
        device: how.device,
      }),
      tokens,
    );
}

/** Renews a session by its refresh token; `null` when the token opens nothing. */
export function sessionRefresherOf(sessions: Sessions, tokens: Tokens) {
  return async (refreshToken: string): Promise<OpenedSession | null> => {
    const open = await sessions.refresh(refreshToken);
    return open && withTokens(open, tokens);
  };
}
