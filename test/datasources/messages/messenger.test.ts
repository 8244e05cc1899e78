import { expect, test } from 'vitest';
import { messengerOf } from '../../../src/datasources/messages/messenger.ts';

function messenger() {
  const sent: string[] = [];
  const port = { send: async ({ to }: { to: string }) => void sent.push(to), close: async () => undefined };
  const settings = {
    webDomain: null,
    androidHash: null,
    supportPhone: null,
    codeSeconds: 300,
    linkUrl: 'https://shop.example.com/account',
    linkSeconds: 86_400,
    placeholderDomain: 'customers.invalid',
  };
  return { sent, ...messengerOf(port, port, settings) };
}

test('nothing is ever mailed to an address that only stands for one', async () => {
  const { sent, mailCode, mailLink, mailTaken, notifyByEmail } = messenger();
  const link = { purpose: 'activateAccount', identifier: 'a.b', key: 'c', language: 'en' } as const;
  for (const email of ['p-1@customers.invalid', 'P-1@Customers.Invalid', 'sara@example.com']) {
    await mailCode({ email, code: '123456', purpose: 'login', language: 'en' });
    await mailLink({ email, ...link });
    await mailTaken({ email, ...link });
    await notifyByEmail('emailChanged', email, 'en');
  }
  expect(sent).toEqual(Array.from({ length: 4 }, () => 'sara@example.com'));
});
