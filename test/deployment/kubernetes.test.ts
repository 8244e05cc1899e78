import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deployment } from 'kubernetes-types/apps/v1.js';
import type { ConfigMap, Container, PodSpec, Service } from 'kubernetes-types/core/v1.js';
import type { NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSigningKey } from '../../src/auth/access-token.ts';
import { readConfig } from '../../src/config.ts';
import { SETTINGS } from '../../src/settings.ts';
import { type KubernetesObject, ROOT, readCompose, readKubernetes } from './manifests.ts';
import { readDockerfile } from './stages.ts';

let directory: string;
let objects: KubernetesObject[];
let settings: Record<string, string>;
let pod: PodSpec;
let container: Container;

const objectOf = <Kind>(kind: string): Kind => objects.find((object) => object.kind === kind) as Kind;

/** What TypeScript has to say of the objects, each written down as a literal of its type. */
async function complaintsAbout(given: readonly KubernetesObject[]): Promise<string> {
  const file = join(directory, 'objects.ts');
  const typed = given.map((object, index) => {
    const [version, group = 'core'] = object.apiVersion.split('/').reverse();
    const module = `kubernetes-types/${group.replace('.k8s.io', '')}/${version}`;
    return `export const object${index}: import('${module}').${object.kind} = ${JSON.stringify(object, null, 1)};\n`;
  });
  await writeFile(file, typed.join(''));
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const { stdout } = spawnSync(tsc, ['--noEmit', '--strict', '--module', 'nodenext', '--types', '', file], {
    cwd: directory,
    encoding: 'utf8',
  });
  return stdout;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kubernetes-'));
  await symlink(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  objects = await readKubernetes();
  settings = objectOf<ConfigMap>('ConfigMap').data ?? {};
  const spec = objectOf<Deployment>('Deployment').spec?.template.spec;
  if (!spec?.containers[0]) throw new Error('no container');
  pod = spec;
  [container] = spec.containers as [Container];
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('deploy/kubernetes.yaml', () => {
  it('holds objects that Kubernetes knows, each field of them as well', async () => {
    expect(await complaintsAbout(objects)).toBe('');
    const misspelt = structuredClone(objects).map((object) =>
      JSON.parse(JSON.stringify(object).replace('readinessProbe', 'readinesProbe')),
    );
    expect(await complaintsAbout(misspelt)).toContain('readinesProbe');
  }, 60_000);

  it('makes a whole production of the ConfigMap and the Secret, with nothing in it that is no setting', async () => {
    const secrets: Record<string, string> = {
      M2_ACCESS_TOKEN: 'an integration token',
      ESERVICES_TOKEN: 'another token',
      SMTP_URL: 'smtps://name:password@mail.example.com',
      REDIS_URL: 'rediss://redis.example.com',
      TOKEN_KEYS: JSON.stringify({ keys: [await generateSigningKey()] }),
      OTP_SECRET: 'a-secret-of-more-than-32-characters',
      ROUTER_SECRETS: 'a-secret-of-more-than-32-characters',
    };
    const kept = container.env?.map(({ valueFrom }) => valueFrom?.secretKeyRef?.key);
    expect(kept).toEqual(container.env?.map(({ name }) => name));
    expect(kept?.toSorted()).toEqual(Object.keys(secrets).sort());
    expect(Object.keys(SETTINGS)).toEqual(expect.arrayContaining(Object.keys(settings)));
    expect(readConfig({ ...settings, ...secrets })).toMatchObject({ isProduction: true, host: '0.0.0.0' });
  });

  it('names one container’s ports, and the same pods, throughout', () => {
    const { PORT, METRICS_PORT } = { ...SETTINGS, ...settings };
    expect(container.ports).toEqual([
      { name: 'http', containerPort: Number(PORT) },
      { name: 'metrics', containerPort: Number(METRICS_PORT) },
    ]);
    const { spec } = objectOf<Deployment>('Deployment');
    const labels = spec?.template.metadata?.labels ?? {};
    expect(spec?.template.metadata?.annotations).toMatchObject({ 'prometheus.io/port': METRICS_PORT });
    const service = objectOf<Service>('Service').spec;
    expect(service?.ports?.map(({ targetPort }) => targetPort)).toEqual(['http']);
    const policy = objectOf<NetworkPolicy>('NetworkPolicy').spec;
    expect(policy?.ingress?.flatMap(({ ports }) => ports?.map(({ port }) => port))).toEqual([
      'http',
      'metrics',
    ]);
    const selected = [
      spec?.selector.matchLabels,
      service?.selector,
      policy?.podSelector.matchLabels,
      objectOf<PodDisruptionBudget>('PodDisruptionBudget').spec?.selector?.matchLabels,
      ...(pod.topologySpreadConstraints ?? []).map(({ labelSelector }) => labelSelector?.matchLabels),
    ];
    expect(selected).toEqual(selected.map(() => labels));
  });

  it('gives the pod no rights, no disk and no token of the cluster', async () => {
    const user = (await readDockerfile()).getInstructions().find((one) => one.getKeyword() === 'USER');
    const { runAsUser, runAsGroup } = pod.securityContext ?? {};
    expect(`${runAsUser}:${runAsGroup}`).toBe(user?.getArgumentsContent());
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('waits at a stop for as long as Compose does, and longer than the service may take', async () => {
    const seconds = pod.terminationGracePeriodSeconds ?? 0;
    // The delay before the door closes, and what work under way may take after it.
    expect(seconds).toBeGreaterThan(5 + 25);
    expect((await readCompose()).services.subgraph.stop_grace_period).toBe(`${seconds}s`);
  });
});
