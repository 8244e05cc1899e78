/** Auth with a provider of its own, asked for its keys over HTTP. */
import type { SocialProvider } from '../../src/auth/ports.ts';
import type { SocialLoginAsked } from '../../src/auth/social-login.ts';
import { keySetOf } from '../../src/datasources/social/key-set.ts';
import { createLogger } from '../../src/logger.ts';
import type { Store } from '../../src/stores/store.ts';
import { type FakeOutside, fakeOutside } from '../support/outside.ts';
import {
  CLIENT_IDS,
  type Person,
  startProvider,
  type TestProvider,
  type Unlike,
} from '../support/provider.ts';
import { authOn, CONFIG, request } from './setup.ts';

export const SOCIAL = {
  ...CONFIG.social,
  audiences: { GOOGLE: [CLIENT_IDS.GOOGLE, 'another'], APPLE: [CLIENT_IDS.APPLE] },
};

export const GRACE: Person & { email: string } = {
  sub: '110169484474386276334',
  email: 'grace@example.com',
  email_verified: true,
  given_name: 'Grace',
  family_name: 'Example',
};

/** What another replica has in common with the first. */
interface Shared {
  store: Store;
  outside: FakeOutside;
  provider: TestProvider;
}

/** Auth that takes tokens of a provider just started; to be closed. */
export async function socialAuth({ cooldownMs = 0, beside }: { cooldownMs?: number; beside?: Shared } = {}) {
  const provider = beside?.provider ?? (await startProvider());
  const keys = () =>
    keySetOf({
      name: 'test',
      url: provider.url,
      timeoutMs: 2_000,
      log: createLogger('silent'),
      cooldownMs,
    });
  const outside = fakeOutside(beside?.outside.shop, { GOOGLE: keys(), APPLE: keys() });
  const auth = await authOn(beside?.store, outside, { social: SOCIAL });

  type Given = Partial<SocialLoginAsked> & { language?: 'en' | 'ar' };
  /** Brings a token and waits until its work after the answer is done. */
  async function bring(idToken: string, { language = 'en', ...given }: Given = {}) {
    const bringing = request({ language });
    const asked: SocialLoginAsked = {
      provider: 'GOOGLE',
      nonce: null,
      firstName: null,
      lastName: null,
      acceptedTermsVersion: null,
      device: null,
      ...given,
      idToken,
    };
    const outcome = await auth.socialLogin(asked, bringing.circumstances);
    await bringing.answered();
    return outcome;
  }
  return {
    ...auth,
    provider,
    bring,
    /** Brings a token of this person that was issued just now. */
    async enter(person: Person = GRACE, given: Given & { unlike?: Unlike } = {}) {
      const { unlike, ...rest } = given;
      const of: SocialProvider = rest.provider ?? 'GOOGLE';
      return bring(await provider.tokenOf(person, { provider: of, ...unlike }), rest);
    },
  };
}
