/** What one request carries: who calls, in which language, and the parts that answer it. */
import { AsyncResource } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import type { Auth } from './auth/auth.ts';
import type { Bearer } from './auth/bearer.ts';
import type { Circumstances } from './auth/code-request.ts';
import { sameText } from './auth/secrets.ts';
import type { Background } from './background.ts';
import type { Config } from './config.ts';
import type { Wanted } from './datasources/m2/customer.ts';
import type { M2 } from './datasources/m2/m2.ts';
import { Failure } from './failures.ts';
import type { InputRules } from './inputs/checked.ts';
import { Loaders } from './loaders.ts';
import type { Logger } from './logger.ts';
import { type Language, languageOf } from './texts/texts.ts';
import type { LoyaltyMembership } from './types/loyalty.ts';

/** What lives as long as the process. */
export interface Parts {
  config: Config;
  log: Logger;
  m2: M2;
  auth: Auth<LoyaltyMembership>;
  background: Background;
}

/** Whose open session the request comes with. */
export interface SignedIn {
  kind: 'customer';
  customerId: string;
  sessionId: string;
  authTime: Date;
}

export type Caller =
  /** `because`: it could not be found out who it is. */
  | { kind: 'nobody'; because?: Failure }
  | SignedIn
  /** Another service of the supergraph. */
  | { kind: 'service'; name: string; scopes: ReadonlySet<string> };

export interface Context {
  requestId: string;
  language: Language;
  caller: Caller;
  /** Whether the request proved to come through the gateway. */
  isGateway: boolean;
  inputRules: InputRules;
  circumstances: Circumstances;
  /**
   * What a query will show of customers; `null` for mutations, which show what they wrote, whole. An object of its
   * own, for Apollo Server copies the context before it is known.
   */
  projection: { wanted: Wanted | null };
  /** Whether the same mutation was begun before, and nobody knows how that ended. */
  isRepeat: boolean;
  /** Whether the answer is one that only time makes another: it is not kept under an `Idempotency-Key`. */
  isPassing: boolean;
  load: Pick<Loaders, keyof Loaders>;
  parts: Parts;
}

/** The caller's open session; throws `UNAUTHENTICATED` where there is none. */
export function signedIn({ caller }: Context): SignedIn {
  if (caller.kind === 'customer') return caller;
  throw (caller.kind === 'nobody' && caller.because) || new Failure('UNAUTHENTICATED');
}

const proofs = new WeakMap<IncomingHttpHeaders, boolean>();

/** Whether the request carries one of the router's secrets. `false` where none is configured. */
export function provesRouter(
  { headers }: { headers: IncomingHttpHeaders },
  secrets: readonly string[],
): boolean {
  // Asked several times of each request.
  const known = proofs.get(headers);
  if (known !== undefined) return known;
  const given = headers['router-authorization'];
  const isProven = typeof given === 'string' && secrets.some((secret) => sameText(secret, given));
  proofs.set(headers, isProven);
  return isProven;
}

/** The token of an `Authorization: Bearer` header; `null` where there is none. */
export function bearerTokenOf({ authorization }: IncomingHttpHeaders): string | null {
  return authorization?.match(/^Bearer +(\S+)$/i)?.[1] ?? null;
}

/**
 * The key of an `Idempotency-Key` header, in quotes (as the draft of its standard has it) or plain; `null` where there is none
 * or none that nobody else would think of.
 */
export function idempotencyKeyOf(headers: IncomingHttpHeaders): string | null {
  const given = headers['idempotency-key'];
  return typeof given === 'string' ? (/^("?)([\x21\x23-\x7e]{16,255})\1$/.exec(given)?.[2] ?? null) : null;
}

/** A token that is no good leaves the caller nobody: public fields and `refreshSession` still answer. */
function callerOf(headers: IncomingHttpHeaders, { auth }: Parts): Promise<Caller> {
  const token = bearerTokenOf(headers);
  if (token === null) return Promise.resolve({ kind: 'nobody' });
  return auth.findBearer(token).then(callerBy, (error: unknown) => {
    if (error instanceof Failure) return { kind: 'nobody', because: error };
    throw error;
  });
}

function callerBy(bearer: Bearer | null): Caller {
  if (bearer === null) return { kind: 'nobody' };
  const { kind, claims } = bearer;
  if (kind === 'service') return { kind, name: claims.name, scopes: claims.scopes };
  const { customerId, sessionId, authTime } = claims;
  return { kind, customerId, sessionId, authTime };
}

/**
 * Reads the client's address as far as limits count it: not where a gateway passed none on, for that would
 * throttle everybody as one, and not for the developer's own machine while M2 is a stand-in.
 */
function addressReader({ config, log }: Parts) {
  let isReported = false;

  return (request: FastifyRequest, isGateway: boolean): string | null => {
    if (isGateway && request.ip === request.socket.remoteAddress) {
      // A matter of settings: to be said once, not with every request.
      if (!isReported) log.warn('the gateway passes on no client address; see TRUSTED_PROXIES');
      isReported = true;
      return null;
    }
    if (!ipaddr.isValid(request.ip)) return null;
    const isOwnMachine = ipaddr.process(request.ip).range() === 'loopback';
    return isOwnMachine && config.m2 === null ? null : request.ip;
  };
}

/** A class, for V8 keeps objects that are written with a getter until it collects the oldest ones, and all they refer to. */
class RequestCircumstances implements Circumstances {
  readonly language: Language;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #background: Background;
  readonly #address: () => string | null;

  constructor(
    request: FastifyRequest,
    reply: FastifyReply,
    language: Language,
    background: Background,
    address: () => string | null,
  ) {
    this.language = language;
    this.#request = request;
    this.#reply = reply;
    this.#background = background;
    this.#address = address;
  }

  /** Hardly any request asks for it, and to read it takes long. */
  get client() {
    return { address: this.#address() };
  }

  get idempotencyKey() {
    return idempotencyKeyOf(this.#request.headers);
  }

  afterAnswer(name: string, work: () => Promise<void>): void {
    // What listens is run in nobody's name.
    // 'close' comes after the last byte, or earlier and only once when the client does not wait for it.
    const start = AsyncResource.bind(() => this.#background.run(name, work));
    const { raw } = this.#reply;
    if (raw.closed) start();
    else raw.once('close', start);
  }
}

/** Builds the context of one HTTP request. Never throws for what the client sent. */
export function contextOf(parts: Parts) {
  const { config, m2, background } = parts;
  const addressOf = addressReader(parts);

  return async (request: FastifyRequest, reply: FastifyReply): Promise<Context> => {
    const language = languageOf(request.headers['accept-language']);
    const isGateway = provesRouter(request, config.routerSecrets);
    const projection: Context['projection'] = { wanted: null };
    return {
      requestId: request.id,
      language,
      caller: await callerOf(request.headers, parts),
      isGateway,
      inputRules: { language, phoneCountries: config.phoneCountries, resetRedirects: config.resetRedirects },
      circumstances: new RequestCircumstances(request, reply, language, background, () =>
        addressOf(request, isGateway),
      ),
      projection,
      isRepeat: false,
      isPassing: false,
      load: new Loaders(m2, projection),
      parts,
    };
  };
}
