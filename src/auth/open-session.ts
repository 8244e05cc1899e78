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

/**
 * Opens sessions of people who proved who they are; `sessionId` `null` gives a new one.
 *
 * `amr` tells by what (RFC 8176); left out, by a code to their phone.
 */
export function sessionOpenerOf(sessions: Sessions, tokens: Tokens) {
  return async (
    customerId: string,
    how: { sessionId: string | null; device: Device | null; amr?: string[] },
  ): Promise<OpenedSession> =>
    withTokens(
      await sessions.open(customerId, {
        sessionId: how.sessionId ?? randomUUID(),
        amr: how.amr ?? ['otp', 'sms'],
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
