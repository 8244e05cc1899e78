/** What has changed for clients since the last release, and whether CHANGELOG.md tells them of what breaks. */
import { type Change, ChangeType, CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildASTSchema, parse } from 'graphql';

/** A subgraph's SDL as a schema; federation's own directives are used in it and defined elsewhere. */
const schemaOf = (sdl: string) => buildASTSchema(parse(sdl), { assumeValidSDL: true });

/** Every change that breaks an operation of some client, as GraphQL Inspector sees it, or the SDL of some neighbour. */
export async function breakingChanges(released: string, current: string): Promise<Change[]> {
  const changes = await diff(schemaOf(released), schemaOf(current));
  return changes.filter(
    (change) => change.criticality.level === CriticalityLevel.Breaking || breaksNeighbours(change),
  );
}

/** Neighbours refer to entities by their keys, and have shareable types of their own. */
const breaksNeighbours = ({ type, path }: Change) =>
  type === ChangeType.DirectiveUsageObjectRemoved && /\.@(key|shareable)$/.test(path ?? '');

/**
 * The breaking changes whose path, such as `` `Customer.phone` `` or `` `Mutation.login.input` ``, does not stand
 * under "Breaking" of the section "Unreleased".
 */
export function unannounced(breaking: readonly Change[], changelog: string): Change[] {
  const unreleased = sectionOf(changelog, '## Unreleased');
  const announced = sectionOf(unreleased, '### Breaking');
  return breaking.filter(({ path }) => !announced.includes(`\`${path}\``));
}

/** The text below a heading up to the next of its kind; empty where there is no such heading. */
function sectionOf(markdown: string, heading: string): string {
  const [, section = ''] = `\n${markdown}`.split(`\n${heading}\n`);
  const [hashes] = heading.split(' ');
  return section.split(`\n${hashes} `)[0] ?? '';
}
