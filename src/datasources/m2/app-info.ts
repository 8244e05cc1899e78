/** What the apps show of the shop itself, from the shop's own module. */
import type { Language } from '../../texts/texts.ts';
import { AppInfo, AppVersion, Faq, SocialAccount } from '../../types/app-info.ts';
import { DeviceType } from '../../types/device.ts';
import { keptFor } from '../kept.ts';
import { StoredValues } from '../stored.ts';
import type { Connection } from './connection.ts';
import { failureOf } from './refusal.ts';
import { readAppInfo, readFaqs, type WireAppInfo } from './wire.ts';

export interface M2AppInfo {
  /** As the shop has it in that language. Kept for a minute. */
  find(language: Language): Promise<AppInfo>;
  /** In the shop's order; empty where it has none. Kept for a minute. */
  faqs(language: Language): Promise<Faq[]>;
}

const INFO = 'V1/hmg/app-info';
const FAQS = 'V1/hmg/faqs';
const KEPT_MS = 60 * 1000;

/** The app info and the questions of M2's shop. */
export function appInfoOf(connection: Connection): M2AppInfo {
  async function read(route: string, language: Language): Promise<unknown> {
    const answer = await connection.callIn(language, { method: 'GET', route });
    if (answer.status !== 200) throw failureOf(route, answer);
    return answer.body;
  }

  return {
    find: keptFor(KEPT_MS, async (language: Language) => {
      return toAppInfo(readAppInfo(await read(INFO, language)), new StoredValues(connection.log, 'app info'));
    }),
    faqs: keptFor(KEPT_MS, async (language: Language) => {
      return readFaqs(await read(FAQS, language)).map((faq) => new Faq(faq));
    }),
  };
}

function toAppInfo(wire: WireAppInfo, stored: StoredValues): AppInfo {
  return new AppInfo({
    supportEmail: stored.email('support_email', wire.support_email),
    supportPhone: stored.text(wire.support_phone),
    termsUrl: stored.url('terms_url', wire.terms_url),
    termsVersion: stored.text(wire.terms_version),
    privacyUrl: stored.url('privacy_url', wire.privacy_url),
    minimumVersions: wire.minimum_versions.flatMap(({ platform, version }) => {
      const known = platformOf(platform) ?? stored.unusable('minimum_versions');
      return known === null ? [] : [new AppVersion({ platform: known, version })];
    }),
    socialAccounts: wire.social_accounts.flatMap(({ name, url }) => {
      const known = stored.url('social_accounts', url);
      return known === null ? [] : [new SocialAccount({ name, url: known })];
    }),
  });
}

function platformOf(platform: string): DeviceType | undefined {
  return Object.values(DeviceType).find((type) => type === platform.toUpperCase());
}
