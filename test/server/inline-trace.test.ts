import { Trace } from '@apollo/usage-reporting-protobuf';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { AppInfoResolver } from '../../src/resolvers/app-info.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { JSON_TYPE, post } from './http.ts';
import { ROUTER_SECRET } from './services.ts';

const ASKING = { 'apollo-federation-include-trace': 'ftv1' };
const QUERY = '{ first: countries { code } countries { code } customer { id } }';

let service: RunningService;
beforeAll(async () => {
  service = await startTestService({ ROUTER_SECRETS: ROUTER_SECRET });
});
afterAll(() => service.close());

async function ask(headers: Record<string, string>, query = QUERY, of = service) {
  const response = await post(of, JSON.stringify({ query }), {
    ...JSON_TYPE,
    'router-authorization': ROUTER_SECRET,
    ...headers,
  });
  return { cacheControl: response.headers.get('cache-control'), ...(await response.json()) };
}

it('a router that asks gets a trace of every field, with how long each took', async () => {
  const { data, extensions } = await ask(ASKING);
  expect(data.countries.length).toBeGreaterThan(0);
  const trace = Trace.decode(Buffer.from(extensions.ftv1, 'base64'));
  expect(trace.durationNs).toBeGreaterThan(0);
  const fields = trace.root?.child ?? [];
  expect(fields).toMatchObject([
    { responseName: 'first', originalFieldName: 'countries', parentType: 'Query' },
    { responseName: 'countries', parentType: 'Query', type: '[Country!]' },
    { responseName: 'customer', parentType: 'Query', type: 'Customer' },
  ]);
  for (const { startTime, endTime } of fields) expect(Number(endTime)).toBeGreaterThan(Number(startTime));
});

it('of an error it tells where it is and no word of it', async () => {
  const broken = vi.spyOn(AppInfoResolver.prototype, 'faqs').mockImplementation(async () => {
    throw new Error('cannot read sara@example.com, +966501234567');
  });
  const { extensions } = await ask(ASKING, '{ customer { id } faqs { question } }').finally(() =>
    broken.mockRestore(),
  );
  const bytes = Buffer.from(extensions.ftv1, 'base64');
  const errors = Trace.decode(bytes).root?.child?.map(({ responseName, error }) => ({ responseName, error }));
  expect(errors).toMatchObject([
    { responseName: 'customer', error: [{ message: '<masked>' }] },
    { responseName: 'faqs', error: [{ message: '<masked>' }] },
  ]);
  expect(bytes.toString()).not.toMatch(/cannot|sara|966|Sign in/);
});

it('an answer with a trace in it is for nobody else', async () => {
  const query = '{ countries { code } }';
  expect((await ask(ASKING, query)).cacheControl).toBe('no-store');
  expect((await ask({}, query)).cacheControl).toMatch(/^public/);
});

it.each<Record<string, string>>([{}, { 'apollo-federation-include-trace': 'ftv2' }])(
  'who does not ask gets none: %j',
  async (headers) => {
    expect(await ask(headers)).not.toHaveProperty('extensions');
  },
);

it('without a router’s secret nobody gets one: how long a field took may tell what its answer does not', async () => {
  const open = await startTestService();
  try {
    const answer = await ask(ASKING, QUERY, open);
    expect(answer.data.countries.length).toBeGreaterThan(0);
    expect(answer).not.toHaveProperty('extensions');
  } finally {
    await open.close();
  }
});

it('nothing is said of it in the log', () => {
  const said = service.logged.map((line) => String(JSON.parse(line).msg));
  expect(said.filter((line) => /trac(e|ing)/i.test(line))).toEqual([]);
});
