/** What routers get: the supergraph by the compositions there are, and what clients see of it. */
import { composeServices } from '@apollo/composition';
import { composeSchemaContract, composeServices as composeWithHive } from '@theguild/federation-composition';
import { federateSubgraphs, LATEST_ROUTER_COMPATIBILITY_VERSION as version } from '@wundergraph/composition';
import { parse, printSchema } from 'graphql';

export interface Part {
  name: string;
  sdl: string;
  /** Where a gateway finds it; any text where no gateway runs. */
  url: string;
}

const servicesOf = (parts: readonly Part[]) =>
  parts.map(({ name, sdl, url }) => ({ name, url, typeDefs: parse(sdl) }));

/** The supergraph by Apollo's composition. Throws with all its complaints. */
export function composeByApollo(parts: readonly Part[]): string {
  return completed(composeServices(servicesOf(parts))).supergraphSdl;
}

/** The supergraph by Hive's composition. Throws with all its complaints. */
export function composeByHive(parts: readonly Part[]): string {
  return completed(composeWithHive(servicesOf(parts))).supergraphSdl;
}

/** What clients see, by Cosmo's composition, whose supergraph is for its own router alone. Throws with all its complaints. */
export function composeByCosmo(parts: readonly Part[]): string {
  const subgraphs = parts.map(({ name, sdl, url }) => ({ name, url, definitions: parse(sdl) }));
  const result = federateSubgraphs({ subgraphs, version });
  if (!result.success) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return printSchema(result.federatedGraphClientSchema);
}

/**
 * The public contract: everything but what is tagged `internal`, as the SDL that clients see and as a supergraph, in
 * which subgraphs still reach what clients do not. Throws with all its complaints.
 */
export function composeContract(parts: readonly Part[]): { publicSdl: string; supergraphSdl: string } {
  const filter = { include: new Set<string>(), exclude: new Set(['internal']) };
  return completed(composeSchemaContract(servicesOf(parts), filter, true));
}

/** A composition that came about. */
function completed<Result extends { errors?: readonly Error[] | undefined }>(result: Result) {
  if (result.errors) throw new Error(result.errors.map(({ message }) => message).join('\n'));
  return result as Exclude<Result, { errors: readonly Error[] }>;
}
