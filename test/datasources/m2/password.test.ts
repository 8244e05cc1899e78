import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type M2Test, m2Test } from '../../support/m2.ts';
import { recording } from '../../support/recordings.ts';

let test: M2Test;
beforeEach(async () => {
  test = await m2Test();
});
afterEach(async () => {
  expect(test.upstream.takeProblems()).toEqual([]);
  await test.close();
});

function answerOf(number: string) {
  const { status, body } = recording(number).response;
  return { status, body };
}

const anonymous = { authorization: undefined };
const own = { authorization: 'Bearer customer-token' };

describe('signing in to M2', () => {
  const request = {
    request: 'POST V1/integration/customer/token',
    body: { username: 'sara@example.com', password: 'Passw0rd-123' },
    headers: anonymous,
  };

  it('answers the token', async () => {
    test.expect({ ...request, answer: { body: 'customer-token' } });
    expect(await test.m2.passwords.signIn('sara@example.com', 'Passw0rd-123')).toBe('customer-token');
  });

  it.each(['092', '100', '305', '343'])(
    'answers null for all refusals alike, as in recording %s',
    async (number) => {
      test.expect({ ...request, answer: answerOf(number) });
      expect(await test.m2.passwords.signIn('sara@example.com', 'Passw0rd-123')).toBeNull();
    },
  );

  it.each([
    ['an object', { body: { token: 'x' } }],
    ['an empty text', { body: '' }],
  ])('takes %s for no token', async (_, answer) => {
    test.expect({ ...request, answer });
    await expect(test.m2.passwords.signIn('sara@example.com', 'Passw0rd-123')).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
    });
  });
});

describe('changing a password', () => {
  it.each([
    ['changed', '295'],
    ['wrong', '289'],
    ['wrong', '302'],
    ['refused', '290'],
    ['refused', '291'],
  ])('is %s as in recording %s', async (outcome, number) => {
    test.expect({
      request: 'PUT V1/customers/me/password',
      body: { currentPassword: 'old', newPassword: 'new' },
      headers: own,
      answer: answerOf(number),
    });
    expect(await test.m2.passwords.change('customer-token', 'old', 'new')).toBe(outcome);
  });

  it('does not call a dead token a wrong password', async () => {
    test.expect({ request: 'PUT V1/customers/me/password', answer: answerOf('113') });
    await expect(test.m2.passwords.change('customer-token', 'old', 'new')).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
  });

  it('S7: revokes the tokens of all devices, and takes one that is dead for revoked', async () => {
    const request = 'POST V1/integration/customer/revoke-customer-token';
    test.expect({ request, body: null, headers: own, answer: answerOf('366') });
    test.expect({ request, body: null, headers: own, answer: answerOf('369') });
    await test.m2.passwords.revokeTokens('customer-token');
    await test.m2.passwords.revokeTokens('customer-token');
  });
});

describe('resetting a password', () => {
  it.each([
    [true, '306'],
    [false, '309'],
  ])('mails a link: %s as in recording %s', async (outcome, number) => {
    test.expect({
      request: 'PUT V1/customers/password',
      body: { email: 'sara@example.com', template: 'email_reset', websiteId: 1 },
      headers: anonymous,
      answer: answerOf(number),
    });
    expect(await test.m2.passwords.requestReset('sara@example.com')).toBe(outcome);
  });

  it('mails a link of our own through the shop module, with our token', async () => {
    const request = 'PUT V1/hmg/customers/password';
    const body = { email: 'sara@example.com', redirectUri: 'https://app.example.com/reset' };
    const headers = { authorization: 'Bearer integration-token' };
    test.expect({ request, body, headers, answer: { body: true } });
    test.expect({ request, body, headers, answer: answerOf('309') });
    expect(await test.m2.passwords.requestResetTo(body.email, body.redirectUri)).toBe(true);
    expect(await test.m2.passwords.requestResetTo(body.email, body.redirectUri)).toBe(false);
  });

  it('fails where the shop has no such module, which is no unknown e-mail', async () => {
    test.expect({ request: 'PUT V1/hmg/customers/password', answer: answerOf('400') });
    await expect(
      test.m2.passwords.requestResetTo('sara@example.com', 'https://app.example.com/reset'),
    ).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' });
  });

  it.each([
    [true, '318'],
    [false, '320'],
    [false, '321'],
    [false, '334'],
  ])('checks a token: %s as in recording %s', async (outcome, number) => {
    const request = 'GET V1/customers/7/password/resetLinkToken/IGQuTYAfqW4e';
    test.expect({ request, headers: anonymous, answer: answerOf(number) });
    expect(await test.m2.passwords.checkResetToken('7', 'IGQuTYAfqW4e')).toBe(outcome);
  });

  it.each([
    ['7', '../../8'],
    ['7', '%2e%2e'],
    ['7', '..'],
    ['7', ''],
    ['7/x', 'IGQuTYAfqW4e'],
    ['0', 'IGQuTYAfqW4e'],
  ])('A11: asks nobody about customer "%s" and token "%s"', async (id, token) => {
    expect(await test.m2.passwords.checkResetToken(id, token)).toBe(false);
  });

  it.each([
    ['reset', '328'],
    ['linkExpired', '322'],
    ['linkExpired', '325'],
    ['linkExpired', '331'],
    ['linkExpired', '333'],
    ['refused', '323'],
    ['refused', '324'],
    ['refused', '032'],
    ['refused', '030'],
  ])('sets the password: %s as in recording %s', async (outcome, number) => {
    test.expect({
      request: 'POST V1/customers/resetPassword',
      body: { email: 'sara@example.com', resetToken: 'IGQuTYAfqW4e', newPassword: 'new' },
      headers: anonymous,
      answer: answerOf(number),
    });
    expect(await test.m2.passwords.reset('sara@example.com', 'IGQuTYAfqW4e', 'new')).toBe(outcome);
  });
});
