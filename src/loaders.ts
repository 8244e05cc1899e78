/** What one request reads of M2, each thing once; each loader is made when it is first asked. */
import DataLoader from 'dataloader';
import type { Wanted } from './datasources/m2/customer.ts';
import type { M2 } from './datasources/m2/m2.ts';
import type { NotificationPage, PageAsked } from './datasources/m2/notification.ts';
import type { SavedCard } from './types/card.ts';
import type { Customer } from './types/customer.ts';
import type { LoyaltyMembership } from './types/loyalty.ts';
import type { CustomerWallet } from './types/wallet.ts';

export class Loaders {
  readonly #m2: M2;
  readonly #projection: { readonly wanted: Wanted | null };
  #customers?: DataLoader<string, Customer | null>;
  #cards?: DataLoader<string, SavedCard[]>;
  #loyalty?: DataLoader<string, LoyaltyMembership>;
  #groupNames?: DataLoader<string, string | null>;
  #wallets?: DataLoader<string, CustomerWallet | null>;
  #notifications?: DataLoader<PageAsked, NotificationPage, string>;

  /** `projection` is looked at when customers and cards are read: it is not known before. */
  constructor(m2: M2, projection: { readonly wanted: Wanted | null }) {
    this.#m2 = m2;
    this.#projection = projection;
  }

  get customers() {
    this.#customers ??= new DataLoader(
      (ids) => this.#m2.customers.findMany(ids, this.#projection.wanted ?? undefined),
      { batchScheduleFn },
    );
    return this.#customers;
  }

  get cards() {
    this.#cards ??= loaderOf((id) => this.#m2.cards.list(id, { isShown: this.#projection.wanted !== null }));
    return this.#cards;
  }

  get loyalty() {
    this.#loyalty ??= loaderOf((id) => this.#m2.loyalty.find(id));
    return this.#loyalty;
  }

  get groupNames() {
    this.#groupNames ??= loaderOf((id) => this.#m2.groups.name(id));
    return this.#groupNames;
  }

  get wallets() {
    this.#wallets ??= loaderOf((id) => this.#m2.wallets.find(id));
    return this.#wallets;
  }

  get notifications() {
    this.#notifications ??= loaderOf((asked) => this.#m2.notifications.page(asked), JSON.stringify);
    return this.#notifications;
  }
}

/** After all that is asked for at this moment; DataLoader's own way takes a promise more. */
const batchScheduleFn = (dispatch: () => void) => process.nextTick(dispatch);

/** For what can only be read one by one: each at most once in a request. */
function loaderOf<Key, T, Name = Key>(
  read: (key: Key) => Promise<T>,
  nameOf?: (key: Key) => Name,
): DataLoader<Key, T, Name> {
  return new DataLoader((keys) => Promise.all(keys.map((key) => read(key).catch((error: Error) => error))), {
    batchScheduleFn,
    ...(nameOf && { cacheKeyFn: nameOf }),
  });
}
