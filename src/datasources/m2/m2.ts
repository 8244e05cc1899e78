/** Magento 2, the shop: everything of it that this service uses. */
import { Failure } from '../../failures.ts';
import type { Logger } from '../../logger.ts';
import type { Lock } from '../../stores/lock.ts';
import type { UpstreamPolicy } from '../http/lanes.ts';
import type { M2Addresses } from './address.ts';
import { addressesOf } from './address-write.ts';
import { cardsOf, type M2Cards } from './card.ts';
import { connection } from './connection.ts';
import type { M2Credentials } from './credentials.ts';
import type { M2Customers } from './customer.ts';
import { customersOf } from './customer-write.ts';
import { directoryOf, type M2Directory } from './directory.ts';
import { groupsOf, type M2Groups } from './group.ts';
import { loyaltyOf, type M2Loyalty } from './loyalty.ts';
import { type M2Passwords, passwordsOf } from './password.ts';

export interface M2Config {
  /** Up to and with the store view: `https://shop.example.com/rest/default`. */
  url: string;
  /** What paths of pictures are below; `null` leaves such pictures out. */
  mediaUrl: string | null;
  credentials: M2Credentials;
  /** The domain of e-mails that stand for none. */
  placeholderDomain: string;
  /** For each request, from its start to the end of the answer. */
  timeoutMs: number;
  /** Bounds and circuits; the usual ones where left out. */
  policy?: UpstreamPolicy | undefined;
}

export interface M2 {
  /**
   * Asks M2 for the numbers of its store view, which proves address, credentials and view at once.
   *
   * Rejects with an `Error` that says in plain words what is wrong. It need not succeed: whatever needs
   * the numbers later asks again.
   */
  start(): Promise<void>;
  customers: M2Customers;
  addresses: M2Addresses;
  cards: M2Cards;
  loyalty: M2Loyalty;
  passwords: M2Passwords;
  groups: M2Groups;
  directory: M2Directory;
}

/** The M2 of `config`; nothing is sent before `start` or the first use. */
export function connectM2({ config, log, lock }: { config: M2Config; log: Logger; lock: Lock }): M2 {
  const shared = connection(config, log, lock);
  const directory = directoryOf(shared);
  return {
    async start() {
      try {
        await shared.storeView();
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
    passwords: passwordsOf(shared),
    groups: groupsOf(shared),
    directory,
  };
}
