import { join } from 'node:path';
import { DCLinter } from 'dclint';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { SETTINGS } from '../../src/settings.ts';
import { type Compose, ROOT, readCompose } from './manifests.ts';

let compose: Compose;
beforeAll(async () => {
  compose = await readCompose();
});

describe('compose.yaml', () => {
  it('is what Compose takes, and has nothing for a linter to say', () => {
    const linter = new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] });
    const found: { messages: object[] }[] = linter.lintFiles([join(ROOT, 'compose.yaml')], false);
    expect(found.map(({ messages }) => messages)).toEqual([[]]);
  });

  it('starts the service on its sandbox, with the state in Redis', () => {
    const { environment = {} } = compose.services.subgraph;
    expect(Object.keys(SETTINGS)).toEqual(expect.arrayContaining(Object.keys(environment)));
    const config = readConfig({ ...environment, PORT: String(environment.PORT) });
    expect(config).toMatchObject({ isSandbox: true, redisUrl: 'redis://redis:6379', host: '0.0.0.0' });
  });

  it('lets in nobody but this machine, and nobody but the service to Redis', () => {
    const { redis, subgraph } = compose.services;
    expect(subgraph.ports).toEqual(['127.0.0.1:4000:4000']);
    expect(redis).not.toHaveProperty('ports');
    expect(redis.networks.map((name) => compose.networks[name])).toEqual([{ internal: true }]);
  });

  it('has a Redis that evicts nothing', () => {
    const command = compose.services.redis.command ?? [];
    expect(command[command.indexOf('--maxmemory-policy') + 1]).toBe('noeviction');
  });

  it.each(['redis', 'subgraph'] as const)('gives %s no rights and no disk', (name) => {
    expect(compose.services[name]).toMatchObject({
      cap_drop: ['ALL'],
      read_only: true,
      security_opt: ['no-new-privileges:true'],
    });
  });
});
