import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { validate } from 'dockerfile-utils';
import { graphqlSync } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLogger, masked } from '../../src/logger.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { buildSubgraph } from '../../src/schema.ts';
import { SETTINGS } from '../../src/settings.ts';
import { type ServiceProcess, startProcess } from '../server/process.ts';
import { productionSettings } from '../support/production.ts';
import { describeWithRedis, freePort, startRedis, type TestRedis } from '../support/redis.ts';
import { ROOT, readCompose } from './manifests.ts';
import { buildStages, placeIn, readDockerfile, type Stage } from './stages.ts';

// A real installation of the packages, on a machine that other tests keep busy.
const BUILD_MS = 180_000;
vi.setConfig({ testTimeout: 60_000 });

// Node 20's, the oldest that has to install the packages: later ones take lock files that this one refuses.
const NPM = 'npm@10.8.2';

const run = promisify(execFile);

async function baseImage(): Promise<string> {
  const [base] = (await readDockerfile()).getFROMs();
  return base?.getImage() ?? '';
}

/** The image's own Node for this machine, as npm has it. */
async function nodePackage(): Promise<string> {
  const version = /^node:([\d.]+)/.exec(await baseImage())?.[1];
  return `node-${process.platform}-${process.arch}@${version}`;
}

describe('the Dockerfile', () => {
  it('has nothing for a linter to say, and a base of a fixed minor version', async () => {
    const text = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
    expect(validate(text)).toEqual([]);
    expect(await baseImage()).toMatch(/^node:24\.\d+-\w+-slim$/);
  });

  it('is sent exactly what it copies', async () => {
    const copied = (await readDockerfile())
      .getCOPYs()
      .filter((copy) => copy.getFromFlag() === null)
      .flatMap((copy) => copy.getArguments().slice(0, -1))
      .map((source) => `!${source.getValue()}`);
    const lines = (await readFile(join(ROOT, '.dockerignore'), 'utf8')).split('\n');
    const [first, ...others] = lines.filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    expect(others.sort()).toEqual([...new Set(copied)].sort());
  });
});

describeWithRedis('the image', () => {
  let directory: string;
  let path: string;
  let image: Stage;
  let upstreams: Sandbox;
  let redis: TestRedis;
  let running: ServiceProcess | undefined;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'image-'));
    await chmod(directory, 0o755);
    const programs = [await nodePackage(), NPM];
    await run('npm', ['install', '--prefix', directory, '--prefer-offline', '--no-audit', ...programs]);
    path = `${join(directory, 'node_modules/.bin')}:${process.env.PATH}`;
    image = await buildStages(await readDockerfile(), { directory, path });
    await run('chmod', ['-R', 'a-w', image.root]);
    [upstreams, redis] = await Promise.all([startSandbox({ log: createLogger('silent') }), startRedis()]);
  }, BUILD_MS);
  afterEach(() => running?.kill());
  afterAll(async () => {
    await upstreams?.close();
    await redis?.stop();
    await run('chmod', ['-R', 'u+w', directory]);
    await rm(directory, { recursive: true, force: true });
  });

  /** The rights of the image's user, which only root can take on; else the files are read-only all the same. */
  function asUser() {
    const [uid = 0, gid = 0] = (image.user ?? '').split(':').map(Number);
    const where = { cwd: placeIn(image) };
    return process.getuid?.() === 0 ? { ...where, uid, gid } : where;
  }

  function start(settings: Record<string, string>): ServiceProcess {
    return startProcess(
      { PATH: path, ...image.env, TMPDIR: '/nowhere', ...settings },
      { command: image.command, ...asUser() },
    );
  }

  /** Whether `HEALTHCHECK` holds the service for healthy. */
  async function isHealthy(settings: Record<string, string>): Promise<boolean> {
    const [file = '', ...args] = image.healthcheck;
    const env = { PATH: path, ...image.env, ...settings };
    return run(file, args, { env, ...asUser() }).then(
      () => true,
      () => false,
    );
  }

  it('is nobody’s that could write, is told to stop as Node expects it, and has settings that exist', () => {
    expect(image.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(image.command[0]).toBe('node');
    expect(image.stopSignal).toBe('SIGTERM');
    expect(Object.keys(SETTINGS)).toEqual(expect.arrayContaining(Object.keys(image.env)));
  });

  it('has no file whose name the log would mask in a stack trace', async () => {
    const files = await readdir(placeIn(image, 'dist'), { recursive: true });
    expect(files).toContain('main.js');
    expect(files.map(masked)).toEqual(files);
  });

  it('is run by its own Node', async () => {
    const { stdout } = await run('node', ['--version'], { env: { PATH: path } });
    expect(await baseImage()).toContain(`:${stdout.slice(1).split('.', 2).join('.')}-`);
  });

  it('refuses to start without upstreams', async () => {
    running = start({});
    expect(await running.ended()).toBe(1);
    expect(running.errors()).toContain('M2_URL: missing (required in production)');
  });

  it('serves in production with nothing that it could write to, is healthy, and ends with 0 at its signal', async () => {
    const { NODE_ENV: _image, ...settings } = await productionSettings(upstreams, redis);
    const given = { ...settings, PORT: String(await freePort()), SHUTDOWN_DELAY_MS: '1000' };
    running = start(given);
    const url = await running.ready();
    const asked = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ countries { code } }' }),
    });
    expect(await asked.json()).toMatchObject({
      data: { countries: expect.arrayContaining([{ code: 'SA' }]) },
    });
    expect((await fetch(new URL('/ready', url))).status).toBe(200);
    expect(await isHealthy(given)).toBe(true);

    running.signal(image.stopSignal as NodeJS.Signals);
    await vi.waitFor(async () => expect((await fetch(new URL('/ready', url))).status).toBe(503));
    expect(await running.ended()).toBe(0);
    expect(running.errors()).toBe('');
    expect(await isHealthy(given)).toBe(false);
  });

  it('serves the sandbox as compose.yaml starts it', async () => {
    const { environment } = (await readCompose()).services.subgraph;
    const given = { ...environment, PORT: String(await freePort()), REDIS_URL: redis.url };
    running = start(given);
    const url = await running.ready();
    expect((await fetch(new URL('/sandbox/outbox', url))).status).toBe(200);
    expect(await isHealthy(given)).toBe(true);
  });

  it('serves the schema of the source: no name was lost where all became a few files', async () => {
    running = start({ NODE_ENV: 'development' });
    const query = '{ _service { sdl } }';
    const served = await fetch(await running.ready(), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const { data } = graphqlSync({ schema: buildSubgraph({ authDirectives: false }), source: query });
    expect(await served.json()).toEqual({ data: JSON.parse(JSON.stringify(data)) });
  });

  it.each(['doctor', 'token'])('has the tool %s', async (tool) => {
    const where = { ...asUser(), env: { PATH: path } };
    const { stdout } = await run('node', [`dist/tools/${tool}.js`, '--help'], where);
    expect(stdout).toContain('--help');
  });
});
