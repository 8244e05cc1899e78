/** What the nouns share: calls to M2 as us, as a customer or as nobody, and the store view they are made in. */
import { Failure } from '../../failures.ts';
import type { Logger } from '../../logger.ts';
import { apart } from '../../operation.ts';
import type { Lock } from '../../stores/lock.ts';
import type { Language } from '../../texts/texts.ts';
import { lanesOf, type UpstreamPolicy } from '../http/lanes.ts';
import { type Answer, type Call, type Upstream, upstream } from '../http.ts';
import { authorizationOf, bearer, type M2Credentials } from './credentials.ts';
import { failureOf } from './refusal.ts';
import { readStoreViews } from './wire.ts';

/** Where M2 is and how it takes us; `m2.ts` says what each setting is. */
export interface ConnectionSettings {
  url: string;
  mediaUrl: string | null;
  credentials: M2Credentials;
  placeholderDomain: string;
  storeViews: StoreViewCodes;
  timeoutMs: number;
  policy?: UpstreamPolicy | undefined;
}

/** Codes of the store views for people of a language; without one it is the view of M2's URL. */
export type StoreViewCodes = Readonly<Partial<Record<Language, string>>>;

export interface Connection {
  readonly log: Logger;
  readonly lock: Lock;
  readonly settings: ConnectionSettings;
  /** With our own credentials. A 401 is about those, so it rejects with `UPSTREAM_UNAVAILABLE`. */
  call(call: Call): Promise<Answer>;
  /** As `call`, in the store view for people of that language: what the shop says, it says in theirs. */
  callIn(language: Language, call: Call): Promise<Answer>;
  /** With a customer's M2 token, or with none for `null`. */
  callAs(token: string | null, call: Call): Promise<Answer>;
  /** The store view of M2's URL; asked once and kept. */
  storeView(): Promise<StoreView>;
  /** The view for customers of a language, `null` for none; it is of the same website. */
  storeViewFor(language: 'EN' | 'AR' | null): Promise<StoreView>;
  /** What `storeView` has learnt so far; empty before. */
  knownViews(): readonly StoreView[];
}

/** A store view by its numbers, which bodies and searches need. */
export interface StoreView {
  id: string;
  code: string;
  websiteId: string;
}

/** A connection to the M2 of `settings`; nothing is sent yet. */
export function connection(settings: ConnectionSettings, log: Logger, lock: Lock): Connection {
  const lanes = lanesOf('M2', { policy: settings.policy, partOf, log });
  const base = { name: 'M2', baseUrl: settings.url, timeoutMs: settings.timeoutMs, log, lanes };
  const open = upstream(base);
  const authorize = authorizationOf(settings.credentials, open);
  const ours = upstream({ ...base, authorize });
  const ofViews = new Map<string, Upstream>();
  let views: Promise<readonly StoreView[]> | null = null;
  let known: readonly StoreView[] = [];
  let ofUrl: StoreView | null = null;

  function call(request: Call, by = ours): Promise<Answer> {
    return by.call(request).then((answer) => {
      if (answer.status !== 401) return answer;
      const detail = `M2 refused our own token or its permissions for ${request.route}`;
      throw new Failure('UPSTREAM_UNAVAILABLE', { detail });
    });
  }

  function ofLanguage(language: Language): Upstream {
    const code = settings.storeViews[language];
    if (code === undefined) return ours;
    const known =
      ofViews.get(code) ?? upstream({ ...base, baseUrl: urlOfView(settings.url, code), authorize });
    ofViews.set(code, known);
    return known;
  }

  async function readViews(): Promise<readonly StoreView[]> {
    const answer = await call({ method: 'GET', route: 'V1/store/storeViews' });
    if (answer.status !== 200) throw failureOf('V1/store/storeViews', answer);
    known = readStoreViews(answer.body)
      .filter((view) => view.id !== '0')
      .map((view) => ({ id: view.id, code: view.code, websiteId: view.website_id }));
    return known;
  }

  async function allViews(): Promise<readonly StoreView[]> {
    views ??= apart(readViews);
    const asked = views;
    // M2 may have been away; the next call asks anew.
    asked.catch(() => {
      if (views === asked) views = null;
    });
    return asked;
  }

  return {
    log,
    lock,
    settings,
    call: (request) => call(request),
    callIn: (language, request) => call(request, ofLanguage(language)),
    callAs: (token, request) =>
      open.call(token === null ? request : { ...request, headers: { ...request.headers, ...bearer(token) } }),
    async storeView() {
      ofUrl ??= viewOf(settings.url, await allViews());
      return ofUrl;
    },
    async storeViewFor(language) {
      const known = await allViews();
      const ofUrl = viewOf(settings.url, known);
      const code = language === null ? undefined : settings.storeViews[language === 'AR' ? 'ar' : 'en'];
      return code === undefined ? ofUrl : namedView(code, ofUrl, known);
    },
    knownViews: () => known,
  };
}

/** M2's URL with another store view at its end. */
export function urlOfView(url: string, code: string): string {
  const base = url.replace(/\/+$/, '');
  const ofAll = base.endsWith('/rest') ? base : base.slice(0, base.lastIndexOf('/'));
  return `${ofAll}/${encodeURIComponent(code)}`;
}

/** The shop's own module, noun by noun: when cards are in trouble, customers and the wallet need not be. */
function partOf(route: string): string | null {
  return /^V1\/hmg\/(?:customers\/(?:\{id\}\/)?)?([\w-]+)/.exec(route)?.[1] ?? null;
}

/** The view that the URL's last segment names; `/rest` alone is the view `default`, as M2 has it. Throws where M2 has none such. */
export function viewOf(url: string, views: readonly StoreView[]): StoreView {
  const segments = new URL(url).pathname.split('/').filter((segment) => segment !== '');
  const last = segments.at(-1) ?? 'rest';
  const code = last === 'rest' ? 'default' : decodeURIComponent(last);
  const view = views.find((candidate) => candidate.code === code);
  if (view) return view;
  const codes = views.map((candidate) => candidate.code).join(', ');
  const detail = `M2_URL ends in the store view "${code}", which M2 does not have; it has: ${codes}`;
  throw new Failure('UPSTREAM_INVALID', { detail });
}

/** A view that the settings name: one of another website would take its customers out of ours. Throws for those. */
export function namedView(code: string, { websiteId }: StoreView, views: readonly StoreView[]): StoreView {
  const ours = views.filter((candidate) => candidate.websiteId === websiteId);
  const view = ours.find((candidate) => candidate.code === code);
  if (view) return view;
  const codes = ours.map((candidate) => candidate.code).join(', ');
  const detail = `M2_STORE_VIEWS names the store view "${code}", which the website of M2_URL does not have; it has: ${codes}`;
  throw new Failure('UPSTREAM_INVALID', { detail });
}
