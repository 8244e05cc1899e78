/** The files that say how the service is deployed, as data. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export const ROOT = new URL('../../', import.meta.url).pathname;

interface ComposeService {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  networks: string[];
  cap_drop: string[];
  read_only: boolean;
  security_opt: string[];
  stop_grace_period?: string;
}

export interface Compose {
  services: Record<'redis' | 'subgraph', ComposeService>;
  networks: Record<string, { internal?: boolean }>;
}

/** `compose.yaml`, with the default of each variable in its place. */
export async function readCompose(): Promise<Compose> {
  const text = await readFile(join(ROOT, 'compose.yaml'), 'utf8');
  return parse(text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'));
}

/** An object of Kubernetes: typed only where the tests look. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
}

/** `deploy/kubernetes.yaml`; throws on what is no YAML. */
export async function readKubernetes(): Promise<KubernetesObject[]> {
  const documents = parseAllDocuments(await readFile(join(ROOT, 'deploy/kubernetes.yaml'), 'utf8'));
  if (!Array.isArray(documents)) throw new Error('no documents');
  return documents.map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });
}
