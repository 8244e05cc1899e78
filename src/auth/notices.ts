/** Telling a customer, at every address known of them, what was done to their account. */
import type { Logger } from '../logger.ts';
import type { Language } from '../texts/texts.ts';
import type { Phone } from '../values/phone.ts';
import type { Destination } from './destination.ts';
import { hasProvenPhone, provenAmong } from './identity.ts';
import type { ToldOfPhoneChange } from './phone-change.ts';
import type { Customers, Messenger, Notice, ShopCustomer } from './ports.ts';

export function noticesOf(parts: { customers: Customers; messenger: Messenger; log: Logger }) {
  const { customers, messenger, log } = parts;
  const languageOf = (customer: Pick<ShopCustomer, 'language'>): Language =>
    customer.language === 'AR' ? 'ar' : 'en';

  /** A notice that cannot be delivered stops nothing: what it tells of has been done already. */
  async function deliver(sending: Promise<void>[]): Promise<void> {
    for (const sent of await Promise.allSettled(sending)) {
      if (sent.status === 'rejected') log.error({ err: sent.reason }, 'a notice to a customer was not sent');
    }
  }

  function toEverywhere(notice: Notice, customer: ShopCustomer): Promise<void>[] {
    const language = languageOf(customer);
    return [
      ...(customer.phone ? [messenger.notifyBySms(notice, customer.phone.e164, language)] : []),
      ...(customer.email ? [messenger.notifyByEmail(notice, customer.email, language)] : []),
    ];
  }

  async function phoneLocked(phone: Phone, language: Language): Promise<void> {
    const match = provenAmong(await customers.findByPhone(phone));
    if (match.kind !== 'one') return;
    const { email } = match.customer;
    await deliver([
      messenger.notifyBySms('accountLocked', phone.e164, language),
      ...(email ? [messenger.notifyByEmail('accountLocked', email, language)] : []),
    ]);
  }

  async function emailLocked(email: string, language: Language): Promise<void> {
    const customer = await customers.findByEmail(email);
    if (!customer?.emailVerified) return;
    const phone = hasProvenPhone(customer) ? customer.phone : null;
    await deliver([
      messenger.notifyByEmail('emailLocked', email, language),
      ...(phone ? [messenger.notifyBySms('emailLocked', phone.e164, language)] : []),
    ]);
  }

  return {
    /** The customer as it was before: the old phone and e-mail are the ones to tell. */
    phoneTaken: (customer: ShopCustomer) => deliver(toEverywhere('phoneTaken', customer)),

    async phoneChanged({ phone, email, language }: ToldOfPhoneChange): Promise<void> {
      const read = languageOf({ language });
      await deliver([
        ...(phone === null ? [] : [messenger.notifyBySms('phoneChanged', phone, read)]),
        ...(email === null ? [] : [messenger.notifyByEmail('phoneChanged', email, read)]),
      ]);
    },

    /** By SMS only where there is no e-mail address, and then to a phone that was proven. */
    async accountDeleted(customer: ShopCustomer): Promise<void> {
      const { email, phone } = customer;
      const isProven = customer.phoneVerified || customer.verifiedWithoutOtp;
      const language = languageOf(customer);
      if (email != null) await deliver([messenger.notifyByEmail('accountDeleted', email, language)]);
      else if (phone && isProven)
        await deliver([messenger.notifyBySms('accountDeleted', phone.e164, language)]);
    },

    async passwordChanged(customer: ShopCustomer): Promise<void> {
      if (customer.email == null) return;
      await deliver([messenger.notifyByEmail('passwordChanged', customer.email, languageOf(customer))]);
    },

    /** The customer as it was before: at the old e-mail, or at the phone of whom had none. */
    async emailChanged(customer: ShopCustomer): Promise<void> {
      const language = languageOf(customer);
      if (customer.email != null) {
        await deliver([messenger.notifyByEmail('emailChanged', customer.email, language)]);
      } else if (customer.phone && hasProvenPhone(customer)) {
        await deliver([messenger.notifyBySms('emailChanged', customer.phone.e164, language)]);
      }
    },

    /** Nothing is sent where the phone or e-mail stands for nobody. */
    async locked(to: Destination, language: Language): Promise<void> {
      await ('phone' in to ? phoneLocked(to.phone, language) : emailLocked(to.email, language));
    },
  };
}
