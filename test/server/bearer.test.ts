import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSigningKey, tokensOf } from '../../src/auth/access-token.ts';
import { as, askToLogIn, dataOf, enter, saudi, signIn } from '../journeys/steps.ts';
import { CustomerDocument, LogoutDocument, RefreshSessionDocument } from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { serviceToken, sharedSettings, TOKEN_SETTINGS, wellSigned } from './services.ts';

let service: RunningService;
let session: Awaited<ReturnType<typeof signIn>>;
beforeAll(async () => {
  service = await startTestService(
    sharedSettings({ OTP_PAUSE_SECONDS: '0', OTP_PER_PHONE_HOUR: '50', OTP_PER_PHONE_DAY: '50' }),
  );
  session = await signIn(service, '501234567');
});
afterAll(() => service.close());

const now = () => Math.floor(Date.now() / 1000);
/** As the service itself signs them for the open session, but for `change`. */
const ownToken = (change: object) =>
  wellSigned('at+jwt', {
    sub: session.id,
    sid: 'nobody’s',
    iat: now() - 600,
    exp: now() + 600,
    auth_time: now(),
    amr: ['otp'],
    ...change,
  });

async function foreignToken(): Promise<string> {
  const tokens = await tokensOf([await generateSigningKey()], TOKEN_SETTINGS);
  const claims = { customerId: session.id, sessionId: 'any', authTime: new Date(), amr: ['otp'] };
  return (await tokens.signAccess(claims)).token;
}

async function loggedOutToken(): Promise<string> {
  const { token } = await signIn(service, '502345678');
  dataOf(await service.ask(LogoutDocument, {}, { token }));
  return token;
}

describe('S13: an Authorization that opens nothing keeps nobody from signing in or renewing', () => {
  it.each<[string, () => string | Promise<string>]>([
    ['expired', async () => `Bearer ${await ownToken({ exp: now() - 61 })}`],
    ['of a session that never was', async () => `Bearer ${await ownToken({})}`],
    ['of a session that was logged out', async () => `Bearer ${await loggedOutToken()}`],
    ['signed by somebody else', async () => `Bearer ${await foreignToken()}`],
    ['of a service', async () => `Bearer ${await serviceToken('customer:read')}`],
    ['a refresh token', () => `Bearer ${session.refreshToken}`],
    ['no token at all', () => 'Bearer'],
    ['nonsense', () => 'Bearer ..%00..'],
    ['another scheme', () => `Basic ${Buffer.from('sara:secret').toString('base64')}`],
    ['a long one', () => `Bearer ${'a.'.repeat(4000)}`],
  ])('%s', async (_, authorizationOf) => {
    const headers = { authorization: await authorizationOf() };
    const closed = await service.ask(CustomerDocument, {}, { headers });
    expect(closed).toMatchObject({ status: 200, data: { customer: null } });
    expect(closed.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', retryable: false } }]);

    const { refreshToken } = session;
    const renewed = await service.ask(RefreshSessionDocument, { refreshToken }, { headers });
    const { accessToken: token, refreshToken: next } = as('CustomerSession', dataOf(renewed).refreshSession);
    session = { ...session, token, refreshToken: next };
    expect(dataOf(await service.ask(CustomerDocument, {}, { token })).customer?.fullName).toBe('Sara Ali');
    await askToLogIn(service, { phone: saudi('503456780') }, { headers });
  });

  it('nor does a good one decide whom a code signs in', async () => {
    const challenge = await askToLogIn(service, { phone: saudi('502345678') });
    const { customer } = await enter(service, challenge, { token: session.token });
    expect(customer?.fullName).toBe('Omar Khan');
  });
});
