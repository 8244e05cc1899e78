/** What can be said of the recipes for routers that are not at hand: that they hold what the service asks for. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config.ts';
import { LIMITS } from '../../src/limits.ts';

const read = async (name: string) =>
  parse(await readFile(new URL(`../../schema/${name}`, import.meta.url), 'utf8'));
const config = readConfig({ NODE_ENV: 'test' });
const PASSED_ON = ['accept-language', 'authorization', 'idempotency-key', 'x-forwarded-for', 'x-request-id'];
const fromEnvironment = (name: string) => `\${${name}}`;
const seconds = (text: string) => Number(/^(\d+)s$/.exec(text)?.[1]);

describe('schema/router.yaml', async () => {
  const router = await read('router.yaml');

  it('passes on what the service reads, and the secret that a client cannot give', () => {
    const rules: Record<string, { named?: string; name?: string; value?: string }>[] =
      router.headers.subgraphs.customer.request;
    expect(rules.flatMap(({ propagate }) => propagate?.named ?? []).sort()).toEqual(PASSED_ON);
    expect(rules.filter(({ propagate }) => !propagate)).toEqual([
      { insert: { name: 'router-authorization', value: fromEnvironment('env.CUSTOMER_ROUTER_SECRET') } },
    ]);
    expect(router.telemetry.exporters.tracing.propagation.trace_context).toBe(true);
  });

  it("trusts the service's own tokens, and stops nobody for a bad one", () => {
    const { jwks, on_error } = router.authentication.router.jwt;
    expect(jwks).toMatchObject([{ issuers: [config.tokens.issuer], audiences: [config.tokens.audience] }]);
    expect(on_error).toBe('Continue');
  });

  it('waits longer than the service, lets its errors through, and counts costs as it does', () => {
    const { customer } = router.traffic_shaping.subgraphs;
    expect(seconds(customer.timeout) * 1000).toBeGreaterThan(config.operationTimeoutMs);
    expect(seconds(router.traffic_shaping.router.timeout)).toBeGreaterThan(seconds(customer.timeout));
    expect(customer.deduplicate_query).toBe(false);
    expect(router.include_subgraph_errors.subgraphs.customer).toBe(true);
    expect(router.demand_control.strategy.static_estimated.max).toBe(LIMITS.cost);
  });

  it('needs GraphOS for what stands below the line, and for nothing above it', async () => {
    const text = await readFile(new URL('../../schema/router.yaml', import.meta.url), 'utf8');
    const [above = '', below = ''] = text.split('# ---- GraphOS ----');
    expect(Object.keys(parse(below)).sort()).toEqual(['authentication', 'authorization', 'demand_control']);
    expect(Object.keys(parse(above)).sort()).toEqual([
      'headers',
      'include_subgraph_errors',
      'supergraph',
      'telemetry',
      'traffic_shaping',
    ]);
  });
});

describe('schema/cosmo.yaml', async () => {
  const cosmo = await read('cosmo.yaml');

  it('passes on what the service reads, and the secret that a client cannot give', () => {
    const rules: { op: string; named?: string; name?: string; value?: string }[] =
      cosmo.headers.subgraphs.customer.request;
    const named = rules.filter(({ op }) => op === 'propagate').map((rule) => rule.named?.toLowerCase());
    expect(named.sort()).toEqual(PASSED_ON);
    expect(rules.filter(({ op }) => op !== 'propagate')).toEqual([
      { op: 'set', name: 'Router-Authorization', value: fromEnvironment('CUSTOMER_ROUTER_SECRET') },
    ]);
  });

  it('waits longer than the service, lets its errors through, and stops nobody for a bad token', () => {
    const { request_timeout } = cosmo.traffic_shaping.subgraphs.customer;
    expect(seconds(request_timeout) * 1000).toBeGreaterThan(config.operationTimeoutMs);
    expect(cosmo.subgraph_error_propagation).toEqual({
      mode: 'pass-through',
      allowed_extension_fields: ['code', 'retryable', 'requestId'],
    });
    expect(cosmo.authentication).toBeUndefined();
  });
});
