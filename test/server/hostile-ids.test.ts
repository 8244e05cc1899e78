/** Ids and numbers that would be a path, a filter or a query of their own, in every place that takes one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type UpstreamWatch, watchUpstreams } from '../fuzz/upstreams.ts';
import { dataOf, sandboxOf, saudi, shopOf, signIn } from '../journeys/steps.ts';
import {
  AddressDocument,
  DeleteAddressDocument,
  DeleteCardDocument,
  HmgLoginDocument,
  LogoutDeviceDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
  UpdateAddressDocument,
  VerifyPasswordResetTokenDocument,
} from '../support/operations.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { NO_LIMITS } from '../timing/asking.ts';
import { ROUTER_SECRET, serviceToken, sharedSettings } from './services.ts';

let service: RunningService;
let watch: UpstreamWatch;
let token: string;
/** The service as its router reaches it. */
const router: Pick<RunningService, 'ask'> = {
  ask: (document, variables, asking) =>
    service.ask(document, variables, { ...asking, headers: { 'router-authorization': ROUTER_SECRET } }),
};
beforeAll(async () => {
  service = await startTestService(sharedSettings({ ...NO_LIMITS, ROUTER_SECRETS: ROUTER_SECRET }));
  ({ token } = await signIn(router, '501234567'));
  watch = watchUpstreams({ ...sandboxOf(service), ownUrl: service.url });
});
afterAll(async () => {
  watch.stop();
  await service.close();
});

const HOSTILE = [
  ...['..', '../1', '../../customers/2', '%2e%2e%2f2', '2/../2', '%252e%252e', '2%00', '2\u0000', '\\2'],
  ...['2?fields=items', '2#', '2&x=1', '2;x', 'me', 'search', '2\r\nHost: a'],
  ...['1,2', '2,', '%', "2' or '1'='1", '2"', '[eq]', '{"eq":2}', '$2'],
  ...['-2', '2.0', '2e0', '٢', ' 2', '1'.repeat(400), '__proto__', 'NaN'],
];

const ENTITIES =
  'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Customer { id lastName } } }';

describe('A11: an id that would be a path or a filter reaches no other route and widens no search', () => {
  it.each(HOSTILE)('%j', async (id) => {
    const before = structuredClone([...shopOf(service).customers.values()].map(({ addresses }) => addresses));
    const ask: RunningService['ask'] = (document, variables) => router.ask(document, variables, { token });
    const link = { token: id, customerId: id };

    const answers = await Promise.all([
      ask(AddressDocument, { id }),
      ask(UpdateAddressDocument, { id, input: { city: 'Nowhere' } }),
      ask(DeleteAddressDocument, { id }),
      ask(DeleteCardDocument, { id }),
      ask(LogoutDeviceDocument, { id }),
      ask(VerifyPasswordResetTokenDocument, { input: link }),
      ask(ResetPasswordDocument, { input: { ...link, newPassword: 'Seven plum trees, 1 row' } }),
      ask(RequestPasswordResetDocument, { input: { userIdentifier: id } }),
      ask(HmgLoginDocument, { input: { phone: saudi('561119003'), fileNo: id } }),
    ]);
    for (const answer of answers) dataOf<unknown>(answer);
    expect(answers[0].data).toEqual({ address: null });
    const r = ['Customer', 'CustomerAddress', 'SavedCard'].map((__typename) => ({ __typename, id }));
    const { data, errors } = await ask<{ _entities: unknown }, object>(ENTITIES, { r });
    expect(data).toEqual({ _entities: [null, null, null] });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(Array(3).fill('FORBIDDEN'));

    // Only a neighbour's ids are looked up as they come.
    const neighbour = await router.ask<{ _entities: unknown }, object>(
      ENTITIES,
      { r },
      { token: await serviceToken('customer:read') },
    );
    expect(neighbour.data).toEqual({ _entities: [null, null, null] });

    expect(watch.takeProblems()).toEqual([]);
    expect([...shopOf(service).customers.values()].map(({ addresses }) => addresses)).toEqual(before);
  });

  it('and not because nobody was asked about any of them', () => {
    expect(watch.count()).toBeGreaterThan(HOSTILE.length);
  });
});
