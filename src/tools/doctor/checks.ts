/** Every check of an installation, in the order in which they are told. */
import type { Config } from '../../config.ts';
import { type Check, fail } from './check.ts';
import { eservicesCheck } from './eservices.ts';
import { clockCheck, moduleChecks, reachableCheck, storeViewsCheck } from './m2.ts';
import { attributeChecks } from './m2-attributes.ts';
import { identityChecks, passwordRulesCheck } from './m2-identity.ts';
import { emailCheck, smsCheck } from './messages.ts';
import { redisCheck } from './redis.ts';
import { keysCheck, productionChecks } from './settings.ts';
import { shopAt } from './shop.ts';

/** `mayProbe`: whether customers may be invented in M2. */
export function checksOf(config: Config, { mayProbe }: { mayProbe: boolean }): Check[] {
  const { m2, eservices, redisUrl, smtp, sms } = config;
  return [
    keysCheck(config),
    ...(m2 === null ? [absent('M2', 'M2_URL and its credentials')] : m2Checks(config, m2, mayProbe)),
    eservices === null ? absent('EServices', 'ESERVICES_URL') : eservicesCheck(eservices),
    redisUrl === null ? absent('Redis', 'REDIS_URL') : redisCheck(redisUrl),
    smtp === null ? absent('SMTP', 'SMTP_URL') : emailCheck(smtp.url),
    sms === null ? absent('SMS', 'SMS_URL') : smsCheck(sms.url),
    ...productionChecks(config),
  ];
}

function m2Checks(config: Config, settings: NonNullable<Config['m2']>, isAllowed: boolean): Check[] {
  const shop = shopAt(settings);
  const probe = { isAllowed, placeholderDomain: config.placeholderDomain };
  return [
    reachableCheck(shop),
    storeViewsCheck(shop, config.storeViews),
    clockCheck(shop),
    ...attributeChecks(shop),
    ...identityChecks(shop, probe),
    ...moduleChecks(shop),
    passwordRulesCheck(shop, probe, config.password.minLength),
  ];
}

function absent(name: string, settings: string): Check {
  return { name, run: async () => fail(`${name}: not asked, for it is not configured`, `set ${settings}`) };
}
