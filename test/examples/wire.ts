/** A started service behind a wire that can be cut, as the examples' clients meet it. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { KeptSession, SessionStore } from '../../examples/apollo-client/session.ts';
import { type Fate, startProxy, type UpstreamProxy } from '../support/proxy.ts';
import { type RunningService, startTestService } from '../support/service.ts';

/** One operation that a client has sent. */
export interface SentOperation {
  /** As the client names it. */
  name: string;
  token: string | undefined;
  idempotencyKey: string | undefined;
  variables: Record<string, unknown>;
}

/** Starts both before the tests of a file and ends them after it; the wire is whole before each test. */
export function wireToService() {
  let service: RunningService;
  let proxy: UpstreamProxy;
  let fate: (operation: SentOperation) => Fate | Promise<Fate> = () => 'pass';
  let sent: SentOperation[] = [];

  beforeAll(async () => {
    service = await startTestService({
      OTP_PAUSE_SECONDS: '0',
      OTP_PER_PHONE_HOUR: '100',
      OTP_PER_PHONE_DAY: '100',
      SESSIONS_PER_CUSTOMER: '50',
    });
    proxy = await startProxy(service.base);
    proxy.fate = ({ body, headers }) => {
      const { query, variables } = JSON.parse(body);
      const operation = {
        name: /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? '',
        token: headers.authorization?.replace('Bearer ', ''),
        idempotencyKey: headers['idempotency-key']?.toString(),
        variables,
      };
      sent.push(operation);
      return fate(operation);
    };
  });
  afterEach(() => {
    fate = () => 'pass';
    sent = [];
  });
  afterAll(async () => {
    await proxy.close();
    await service.close();
  });

  return {
    get service() {
      return service;
    },
    /** Of the GraphQL endpoint, by way of the wire. */
    get url() {
      return `${proxy.url}/graphql`;
    },
    /** What becomes of each operation; everything passes until it is set. */
    set fate(decide: typeof fate) {
      fate = decide;
    },
    /** The operations of this name that the clients of this test have sent. */
    sent: (name: string) => sent.filter((operation) => operation.name === name),
  };
}

/** What one device keeps; several clients may share it as tabs share a browser's storage. */
export function memoryStore(): SessionStore & { kept: KeptSession | null } {
  let last: Promise<unknown> = Promise.resolve();
  const store = {
    kept: null as KeptSession | null,
    load: async () => store.kept,
    async save(kept: KeptSession | null) {
      store.kept = kept;
    },
    lock<Result>(work: () => Promise<Result>): Promise<Result> {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
  return store;
}
