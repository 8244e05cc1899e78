import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSigningKey, tokensOf } from '../../src/auth/access-token.ts';
import { dataOf, signIn } from '../journeys/steps.ts';
import { LogoutAllDevicesDocument, RefreshSessionDocument } from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import {
  asker,
  HOURS,
  INACTIVE,
  ISSUED_BY,
  introspect,
  serviceToken,
  sharedSettings,
  TOKEN_SETTINGS,
  tokens,
  wellSigned,
} from './services.ts';

describe('introspection', () => {
  let service: RunningService;
  let sara: Awaited<ReturnType<typeof signIn>>;
  beforeAll(async () => {
    service = await startTestService(sharedSettings());
    sara = await signIn(service, '501234567');
  });
  afterAll(() => service?.close());

  it("S6: tells of an open session's access token whose it is and until when, and nothing else about the person", async () => {
    const { status, headers, body } = await introspect(service, sara.token);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(body).toEqual({
      ...ISSUED_BY,
      token_type: 'Bearer',
      active: true,
      sub: sara.id,
      sid: expect.any(String),
      exp: expect.any(Number),
      auth_time: expect.any(Number),
      amr: expect.any(Array),
    });
    expect(body.exp * 1000).toBeGreaterThan(Date.now());
    expect(body.exp * 1000).toBeLessThanOrEqual(Date.now() + 600_000);
  });

  it('S12: tells of a service token which service it is and what it may do', async () => {
    const { body } = await introspect(service, await serviceToken('customer:read', 'introspect'));
    expect(body).toEqual({
      ...ISSUED_BY,
      token_type: 'Bearer',
      active: true,
      sub: 'service:orders',
      scope: 'customer:read introspect',
      exp: expect.any(Number),
    });
  });

  it('S6: finds nothing active in anything else, and gives no reason', async () => {
    const noSession = { customerId: sara.id, sessionId: 'none', authTime: new Date(), amr: ['otp'] };
    const foreign = await tokensOf([await generateSigningKey()], TOKEN_SETTINGS);
    const { body: open } = await introspect(service, sara.token);
    const over = Math.floor(Date.now() / 1000) - 1;
    const like = (typ: string, claims = {}) => wellSigned(typ, { ...open, iat: over - 900, ...claims });
    for (const token of [
      'no-token',
      '..',
      'مرحبا',
      sara.refreshToken,
      `${sara.token.slice(0, -4)}AAAA`,
      (await tokens.signAccess(noSession)).token,
      (await foreign.signAccess({ ...noSession, sessionId: open.sid })).token,
      await like('at+jwt', { exp: over }),
      await like('id+jwt'),
      await like('JWT'),
    ]) {
      expect(await introspect(service, token), token).toMatchObject(INACTIVE);
    }
    expect((await introspect(service, await like('at+jwt'))).body, 'the like is good').toEqual(open);
  });

  it('S6: a refreshed session keeps its earlier access token active, and ending it ends both', async () => {
    const omar = await signIn(service, '502345678');
    const { refreshSession } = dataOf(
      await service.ask(RefreshSessionDocument, { refreshToken: omar.refreshToken }),
    );
    expect(refreshSession).toMatchObject({ __typename: 'CustomerSession' });
    expect((await introspect(service, omar.token)).body.active).toBe(true);
    dataOf(await service.ask(LogoutAllDevicesDocument, {}, { token: omar.token }));
    expect(await introspect(service, omar.token)).toMatchObject(INACTIVE);
    expect(await introspect(service, Object(refreshSession).accessToken)).toMatchObject(INACTIVE);
  });

  it('S12: is refused to everybody without a good service token, an access token among them', async () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { sub: 'service:orders', scope: 'introspect', iat: now };
    expect(
      (await introspect(service, 'x', await wellSigned('service+jwt', { ...claims, exp: now + 60 }))).status,
    ).toBe(200);
    const long = await wellSigned('service+jwt', { ...claims, exp: now + 24 * HOURS + 1 });
    for (const bearer of [sara.token, sara.refreshToken, 'no-token', `${asker}x`, long]) {
      const refused = await introspect(service, sara.token, bearer);
      expect(refused).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
      expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    }
    const nobody = await introspect(service, sara.token, null);
    expect(nobody.status).toBe(401);
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer realm="introspect"');
  });

  it('S12: needs a scope of its own: who may read customers may not try tokens out', async () => {
    const refused = await introspect(service, sara.token, await serviceToken('customer:read'));
    expect(refused).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
    expect(refused.headers.get('www-authenticate')).toBe(
      'Bearer error="insufficient_scope", scope="introspect"',
    );
  });

  it.each<[string, number, { body: string; type?: string }]>([
    ['no token', 400, { body: 'token_type_hint=access_token' }],
    ['nothing', 400, { body: '' }],
    ['an empty token', 400, { body: 'token=' }],
    ['two tokens', 400, { body: 'token=a&token=b' }],
    ['JSON', 415, { body: '{"token":"a"}', type: 'application/json' }],
    ['text', 415, { body: 'token=a', type: 'text/plain' }],
    ['more than it reads', 413, { body: `token=${'a'.repeat(9000)}` }],
    ['bytes that are no text', 200, { body: 'token=%ff%00%c3%28' }],
  ])('answers %s with %i and never an error of ours', async (_, status, sent) => {
    const answer = await introspect(service, sent);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject(status === 200 ? { active: false } : { error: 'invalid_request' });
  });

  it('S10: takes no token from the URL, by GET or POST', async () => {
    const headers = { authorization: `Bearer ${asker}` };
    const url = `${service.base}/introspect?token=${sara.token}`;
    expect((await fetch(url, { headers })).status).toBe(404);
    expect((await fetch(url, { method: 'POST', headers })).status).toBe(400);
  });

  it('S10: leaves no token in the log', async () => {
    await introspect(service, sara.token);
    const lines = service.logged.join('');
    expect(lines).toContain('"route":"/introspect"');
    for (const token of [sara.token, asker]) expect(lines).not.toContain(token.split('.')[1]);
  });
});
