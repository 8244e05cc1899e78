/** Magento 2, the shop: everything of it that this service uses. */
import { Failure } from '../../failures.ts';
import type { Logger } from '../../logger.ts';
import type { Lock } from '../../stores/lock.ts';
import type { UpstreamPolicy } from '../http/lanes.ts';
import type { M2Addresses } from './address.ts';
import { addressesOf } from './address-write.ts';
import { appInfoOf, type M2AppInfo } from './app-info.ts';
import { cardsOf, type M2Cards } from './card.ts';
import { connection, type StoreViewCodes } from './connection.ts';
import type { M2Credentials } from './credentials.ts';
import type { M2Customers } from './customer.ts';
import { customersOf } from './customer-write.ts';
import { devicesOf, type M2Devices } from './device.ts';
import { directoryOf, type M2Directory } from './directory.ts';
import { groupsOf, type M2Groups } from './group.ts';
import { loyaltyOf, type M2Loyalty } from './loyalty.ts';
import { type M2Notifications, notificationsOf } from './notification.ts';
import { type M2Passwords, passwordsOf } from './password.ts';
import { type M2Wallets, walletsOf } from './wallet.ts';

export interface M2Config {
  /** Up to and with the store view: `https://shop.example.com/rest/default`. */
  url: string;
  /** What paths of pictures are below; `null` leaves such pictures out. */
  mediaUrl: string | null;
  credentials: M2Credentials;
  /** The domain of e-mails that stand for none. */
  placeholderDomain: string;
  /** In which store views customers of a language shop, and the shop's own texts are asked for. */
  storeViews: StoreViewCodes;
  /** For each request, from its start to the end of the answer. */
  timeoutMs: number;
  /** Bounds and circuits; the usual ones where left out. */
  policy?: UpstreamPolicy | undefined;
}

export interface M2 {
  /**
   * Asks M2 for the numbers of its store views, which proves address, credentials and views at once.
   *
   * Rejects with an `Error` that says in plain words what is wrong. It need not succeed: whatever needs
   * the numbers later asks again.
   */
  start(): Promise<void>;
  customers: M2Customers;
  addresses: M2Addresses;
  cards: M2Cards;
  loyalty: M2Loyalty;
  wallets: M2Wallets;
  notifications: M2Notifications;
  devices: M2Devices;
  passwords: M2Passwords;
  groups: M2Groups;
  directory: M2Directory;
  appInfo: M2AppInfo;
}

/** The M2 of `config`; nothing is sent before `start` or the first use. */
export function connectM2({ config, log, lock }: { config: M2Config; log: Logger; lock: Lock }): M2 {
  const shared = connection(config, log, lock);
  const directory = directoryOf(shared);
  return {
    async start() {
      try {
        await shared.storeViewFor('EN');
        await shared.storeViewFor('AR');
      } catch (failure) {
        const reason =
          failure instanceof Failure ? (failure.detail ?? failure.message) : 'an unexpected error';
        throw new Error(`M2 cannot be used: ${reason}`, { cause: failure });
      }
    },
    customers: customersOf(shared, directory),
    addresses: addressesOf(shared, directory),
    cards: cardsOf(shared),
    loyalty: loyaltyOf(shared),
    wallets: walletsOf(shared),
    notifications: notificationsOf(shared),
    devices: devicesOf(shared),
    passwords: passwordsOf(shared),
    groups: groupsOf(shared),
    directory,
    appInfo: appInfoOf(shared),
  };
}
