/** That the bench compares like with like: one answer, and one idea of who may have it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithRedis, freePort } from '../support/redis.ts';
import { type RunningService, startTestService } from '../support/service.ts';
import { agree } from './agreement.ts';
import { connect } from './load.ts';
import { type Callers, operateOf } from './operations.ts';
import * as apollo from './peers/apollo.ts';
import * as mercurius from './peers/mercurius.ts';
import * as rest from './peers/rest.ts';
import type { Peer } from './peers/settings.ts';
import * as yoga from './peers/yoga.ts';
import { KEPT, peerSettings, type Server, serviceSettings } from './servers.ts';
import { type Stage, setStage } from './stage.ts';
import { headersOf } from './visitors.ts';

const PEERS = { 'rest-cached': rest, apollo, yoga, mercurius };

describeWithRedis('the servers of the bench', () => {
  const servers: Pick<Server, 'name' | 'origin'>[] = [];
  const peers: Peer[] = [];
  let stage: Stage;
  let service: RunningService;
  let keeping: RunningService;
  let callers: Callers;

  beforeAll(async () => {
    stage = await setStage({ customers: 2 });
    service = await startTestService({ ...serviceSettings(stage), LOG_LEVEL: 'silent' });
    servers.push({ name: 'service', origin: service.base });
    keeping = await startTestService({ ...serviceSettings(stage), ...KEPT, LOG_LEVEL: 'silent' });
    servers.push({ name: 'service-kept', origin: keeping.base });
    callers = await stage.callers(service.base);
    for (const name of ['rest-cached', 'apollo', 'yoga', 'mercurius'] as const) {
      const port = await freePort();
      peers.push(await PEERS[name].serve({ ...peerSettings(stage, port, 'cached'), logLevel: 'silent' }));
      servers.push({ name, origin: `http://127.0.0.1:${port}` });
    }
  }, 30_000);

  afterAll(async () => {
    for (const peer of peers) await peer.close();
    await keeping.close();
    await service.close();
    await stage.close();
  });

  it('answer the screen and the entities alike', async () => {
    await expect(agree(servers, callers, stage.upstream)).resolves.toBeUndefined();
  });

  it('refuse a token, verified before, whose session has ended', async () => {
    const screens = servers.map(({ name, origin }) => {
      const operate = operateOf('screen', name, callers, stage.upstream);
      return async () => {
        const { send, close } = connect(origin);
        await operate(send, 1).finally(close);
      };
    });
    for (const screen of screens) await screen();
    await service.ask('mutation { logout { __typename } }', {}, { headers: headersOf(2, callers.tokens[1]) });
    for (const screen of screens) await expect(screen()).rejects.toThrow('answered');
  });
});
