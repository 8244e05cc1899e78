/** Keeps the session of a web app, shared by all its tabs. */
import type { SessionStore } from './session.ts';

const KEY = 'customer-session';

/** Any script on the page can read `localStorage`: keep strangers' scripts out with a Content-Security-Policy. */
export const browserStore: SessionStore = {
  load: async () => JSON.parse(localStorage.getItem(KEY) ?? 'null'),
  save: async (kept) =>
    kept ? localStorage.setItem(KEY, JSON.stringify(kept)) : localStorage.removeItem(KEY),
  // Two tabs that renew at once would each hand in a token that the other has spent.
  lock: (work) => navigator.locks.request(KEY, work),
};
