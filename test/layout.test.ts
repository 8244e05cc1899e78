import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, it } from 'vitest';

const SRC = new URL('../src/', import.meta.url);

const BASE = ['values', 'texts', 'failures', 'logger', 'operation', 'config'];
const BELOW_REQUEST = ['types', 'inputs', 'auth', 'datasources', 'stores', ...BASE];
const GRAPHQL = '(@apollo/|@as-integrations/|graphql|type-graphql)';
const API = `(dataloader|${GRAPHQL})`;
const HTTP = '(node:https?|node:net|@fastify/|fastify|got|nodemailer)';

interface Rule {
  /** Rooms, or single files of `src`, beside the room itself. */
  may: string[];
  /** Packages by the beginning of their name. */
  notPackages?: string[];
  because: string;
}

/** What each room may import: a folder of `src`, a file that is a room of its own, or `request` for the other files. */
const RULES: Record<string, Rule> = {
  main: { may: ['server', ...BASE], because: 'it only starts and stops the process' },
  server: {
    may: ['schema', 'request', 'explorer', 'sandbox', 'tracing', ...BELOW_REQUEST],
    notPackages: ['got', 'ioredis'],
    because: 'it joins the parts and does none of their work',
  },
  schema: { may: ['request', 'resolvers', 'types', ...BASE], because: 'it lists the resolvers' },
  request: {
    may: ['web-page', ...BELOW_REQUEST],
    notPackages: ['got', 'ioredis'],
    because: 'resolvers stand on what one request carries, not the other way round',
  },
  tools: {
    may: ['auth', 'stores', ...BASE],
    notPackages: ['ioredis', API, HTTP],
    because: 'a tool runs beside the service, with the rules and the store and nothing else of it',
  },
  'tools/doctor': {
    may: ['datasources', 'auth', 'stores', 'values', ...BASE],
    notPackages: [API],
    because:
      'the doctor asks what the service will ask, by the same names and credentials, and answers nobody',
  },
  resolvers: {
    may: ['context.ts', 'access.ts', 'cache-policy.ts', ...BELOW_REQUEST],
    notPackages: ['ioredis', HTTP],
    because: 'resolvers unpack, call and translate: no rules, no HTTP, no state',
  },
  inputs: {
    may: ['types', 'values', 'texts'],
    notPackages: ['ioredis', HTTP],
    because: 'inputs check what was typed and ask nobody',
  },
  auth: {
    may: ['stores', ...BASE],
    notPackages: ['ioredis', API, HTTP],
    because: 'auth knows neither GraphQL nor HTTP; what it needs of the outside comes through its ports',
  },
  datasources: {
    may: ['types', 'stores', ...BASE],
    notPackages: ['ioredis', '@apollo/', 'dataloader', '@?fastify'],
    because: 'datasources answer in our words and know no rules',
  },
  types: {
    may: ['values'],
    notPackages: ['ioredis', '@apollo/', HTTP],
    because: 'types are decorated classes and nothing else',
  },
  stores: {
    may: BASE,
    notPackages: [GRAPHQL, HTTP],
    because: 'stores keep short-lived state, whatever it means',
  },
  sandbox: {
    may: ['values', 'texts', 'logger', 'web-page', 'explorer/step.ts'],
    notPackages: ['ioredis', 'got', API],
    because: 'a stand-in that shared code with what it tests would share its mistakes',
  },
  explorer: {
    may: ['web-page'],
    notPackages: ['ioredis', 'got', API],
    because: 'its pages are clients of the service like any other',
  },
  'web-page': { may: [], notPackages: ['ioredis', API, HTTP], because: 'it only writes HTML' },
  values: { may: [], notPackages: ['ioredis', 'node:fs', API, HTTP], because: 'values are pure' },
  texts: { may: [], notPackages: ['ioredis', 'node:fs', API, HTTP], because: 'texts are pure' },
  failures: { may: [], because: 'everything stands on it' },
  logger: { may: ['operation'], because: 'everything stands on it' },
  operation: { may: [], because: 'everything stands on it' },
  tracing: {
    may: BASE,
    notPackages: [API, HTTP],
    because: 'it makes spans of what it is told and knows none of those who tell',
  },
  config: { may: ['settings', 'setting-forms'], because: 'everything stands on it' },
  settings: { may: ['setting-forms'], because: 'they only say which settings there are' },
  'setting-forms': { may: [], because: 'they only say how settings are written' },
};

function roomOf(path: string): string {
  if (/^tools\/doctor[./]/.test(path)) return 'tools/doctor';
  const [room = ''] = path.replace(/\.ts$/, '').split('/');
  return room in RULES ? room : 'request';
}

/** Loaded where they are needed, for a service that needs none of them is not to wait for them. */
const LOADED_LATE = ['explorer', 'sandbox', 'tracing'];

/** Every import and re-export; `import()` too, in a type or not. */
const IMPORT =
  /^(import|export)\b( type\b)?[^'";]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\(\s*'([^']+)'/gm;

/** What is wrong with a file of `src`, one line for each breach. */
function breaches(path: string, text: string): string[] {
  const room = roomOf(path);
  const { may, notPackages = [], because } = RULES[room] as Rule;
  const found: string[] = [];
  for (const [, isStatic, isType, from, bare, dynamic] of text.matchAll(IMPORT)) {
    const target = from ?? bare ?? dynamic ?? '';
    if (!target.startsWith('.')) {
      if (target.startsWith('@opentelemetry/') && room !== 'tracing') {
        found.push(`src/${path} imports ${target}: OpenTelemetry is known to src/tracing.ts alone`);
      } else if (notPackages.some((name) => new RegExp(`^${name}`).test(target))) {
        found.push(`src/${path} imports the package ${target}, but ${because}`);
      }
      continue;
    }
    const file = posix.join(posix.dirname(path), target);
    const other = roomOf(file);
    const isAllowed = other === room || may.includes(other) || may.includes(file);
    if (!isAllowed) {
      found.push(`src/${path} imports src/${file}: ${room} may not import ${other}, for ${because}`);
    } else if (room === 'server' && LOADED_LATE.includes(other) && isStatic && !isType) {
      found.push(`src/${path} imports src/${file} at once: it is loaded only where it is needed`);
    }
  }
  const mayReadEnvironment = ['main.ts', 'config.ts'].includes(path) || room.startsWith('tools');
  if (!mayReadEnvironment && /\bprocess\.env\b|from '(node:)?process'/.test(text)) {
    found.push(`src/${path} reads the environment: settings come from src/config.ts`);
  }
  return found;
}

it('imports go one way', () => {
  const paths = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  expect(paths).toEqual(
    expect.arrayContaining(['main.ts', 'server.ts', 'auth/auth.ts', 'types/customer.ts']),
  );
  expect(paths.flatMap((path) => breaches(path, readFileSync(new URL(path, SRC), 'utf8')))).toEqual([]);
});

it.each([
  ['context.ts', "import { startService } from './server.ts';"],
  ['server.ts', "import './main.ts';"],
  ['server.ts', "import { startSandbox } from './sandbox/sandbox.ts';"],
  ['server.ts', "import { startTracing } from './tracing.ts';"],
  ['datasources/http.ts', "import { trace } from '@opentelemetry/api';"],
  ['datasources/http.ts', "import type { Tracing } from '../tracing.ts';"],
  ['server.ts', "import { createExplorer } from './explorer/explorer.ts';"],
  ['metrics.ts', "const { startSandbox } = await import('./sandbox/sandbox.ts');"],
  ['context.ts', "import { CardResolver } from './resolvers/card.ts';"],
  ['resolvers/card.ts', "import { got } from 'got';"],
  ['resolvers/card.ts', "import {\n  type Result,\n  Redis,\n} from 'ioredis';"],
  ['resolvers/card.ts', "import { LIMITS } from '../limits.ts';"],
  ['resolvers/card.ts', 'const isLoud = process.env.LOUD;'],
  ['stores/redis.ts', "import { env } from 'node:process';"],
  ['auth/session.ts', "import type { Customer } from '../types/customer.ts';"],
  ['auth/session.ts', "let m2: import('../datasources/m2/m2.ts').M2;"],
  ['auth/session.ts', "import { GraphQLError } from 'graphql';"],
  ['auth/session.ts', "import { request } from 'node:http';"],
  ['datasources/m2/card.ts', "export type { Session } from '../../auth/session.ts';"],
  ['datasources/m2/card.ts', "import { checkEmail } from '../../inputs/fields.ts';"],
  ['sandbox/m2/server.ts', "import { readCustomer } from '../../datasources/m2/wire.ts';"],
  ['tools/token.ts', "import { connectM2 } from '../datasources/m2/m2.ts';"],
  ['tools/doctor/m2.ts', "import { startSandbox } from '../../sandbox/sandbox.ts';"],
  ['auth/session.ts', "import { signToken } from '../tools/token.ts';"],
  ['types/card.ts', "import { text } from '../texts/texts.ts';"],
  ['stores/memory.ts', "import { sessionsOf } from '../auth/session.ts';"],
])('a breach is noticed: %s with %s', (path, line) => {
  expect(breaches(path, `import { z } from 'zod';\n${line}\n`)).toHaveLength(1);
});
