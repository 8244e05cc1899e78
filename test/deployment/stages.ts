/**
 * A Dockerfile without a container engine: each stage is a directory that stands for its `/`.
 *
 * Two things are quicker than in an engine. `npm ci` of everything takes what this repository has installed by the
 * same command; and what one stage takes from another is moved, not copied.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rename, stat, symlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Copy, type Dockerfile, DockerfileParser, type Env, type From } from 'dockerfile-ast';
import { ROOT } from './manifests.ts';

export const readDockerfile = async (): Promise<Dockerfile> =>
  DockerfileParser.parse(await readFile(join(ROOT, 'Dockerfile'), 'utf8'));

/** What an image is when it is done. */
export interface Stage {
  /** The directory that stands for its `/`. */
  root: string;
  workdir: string;
  env: Record<string, string>;
  user: string | null;
  stopSignal: string | null;
  /** Arguments of `CMD` and `HEALTHCHECK CMD`, in exec form; none before they are given. */
  command: string[];
  healthcheck: string[];
}

/** Where a path of the image is on this machine. */
export const placeIn = ({ root, workdir }: Stage, path = '.') => join(root, resolve(workdir, path));

const run = promisify(execFile);

/**
 * Carries out every instruction, in order, and gives the last stage.
 *
 * A stage from outside is an empty directory: what its image holds is this machine's, with the programs of `path`.
 * Throws on an instruction that it does not know.
 */
export async function buildStages(
  dockerfile: Dockerfile,
  { directory, path }: { directory: string; path: string },
): Promise<Stage> {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;

  async function begin(from: From): Promise<Stage> {
    const parent = stages.get(from.getImage() ?? '');
    const name = from.getBuildStage() ?? 'final';
    const root = join(directory, name);
    const empty = { workdir: '/', env: {}, user: null, stopSignal: null, command: [], healthcheck: [] };
    const begun: Stage = { ...(parent ?? empty), root };
    await mkdir(root);
    if (parent) await cp(parent.root, root, { recursive: true });
    stages.set(name, begun);
    return begun;
  }

  async function copyInto(to: Stage, instruction: Copy): Promise<void> {
    const from = stages.get(instruction.getFromFlag()?.getValue() ?? '');
    const sources = instruction.getArguments().map((argument) => argument.getValue());
    const target = sources.pop() ?? '';
    for (const source of sources) {
      if (from) {
        await rename(placeIn(from, source), placeIn(to, target));
        continue;
      }
      const place = join(ROOT, source);
      const isInside = target.endsWith('/') && !(await stat(place)).isDirectory();
      await cp(place, placeIn(to, isInside ? join(target, basename(source)) : target), { recursive: true });
    }
  }

  for (const instruction of dockerfile.getInstructions()) {
    const keyword = instruction.getKeyword();
    if (keyword === 'FROM') {
      stage = await begin(instruction as From);
      continue;
    }
    if (!stage) throw new Error(`${keyword} before FROM`);
    const words = instruction.getArguments().map((argument) => argument.getValue());
    const text = words.join(' ');
    switch (keyword) {
      case 'WORKDIR':
        stage.workdir = resolve(stage.workdir, text);
        await mkdir(placeIn(stage), { recursive: true });
        break;
      case 'ENV':
        for (const property of (instruction as Env).getProperties()) {
          stage.env = { ...stage.env, [property.getName()]: property.getValue() ?? '' };
        }
        break;
      case 'COPY':
        await copyInto(stage, instruction as Copy);
        break;
      case 'RUN': {
        if (text === 'npm ci --ignore-scripts') {
          await symlink(join(ROOT, 'node_modules'), placeIn(stage, 'node_modules'));
          break;
        }
        const { NODE_ENV: _ours, ...around } = process.env;
        const env = { ...around, npm_config_prefer_offline: 'true', ...stage.env };
        await run('/bin/sh', ['-c', text], {
          cwd: placeIn(stage),
          env: { ...env, PATH: path },
        });
        break;
      }
      case 'USER':
        stage.user = text;
        break;
      case 'STOPSIGNAL':
        stage.stopSignal = text;
        break;
      case 'CMD':
        stage.command = JSON.parse(text);
        break;
      case 'HEALTHCHECK':
        stage.healthcheck = JSON.parse(words.slice(1).join(' '));
        break;
      case 'LABEL':
      case 'EXPOSE':
        break;
      default:
        throw new Error(`${keyword} is not known here`);
    }
  }
  if (!stage) throw new Error('no stage');
  return stage;
}
