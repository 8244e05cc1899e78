/** Both compositions that the subgraph must get along with. */
import { composeServices } from '@apollo/composition';
import { composeServices as composeWithHive } from '@theguild/federation-composition';
import { parse } from 'graphql';

export interface Part {
  name: string;
  sdl: string;
  /** Where a gateway finds it; any text where no gateway runs. */
  url: string;
}

/** The supergraph by Apollo's composition. Throws with all its complaints. */
export function composeByApollo(parts: readonly Part[]): string {
  const { supergraphSdl, errors } = composeServices(
    parts.map(({ name, sdl, url }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (supergraphSdl === undefined) throw new Error(errors?.map((error) => error.message).join('\n'));
  return supergraphSdl;
}

/** The supergraph by Hive's composition. Throws with all its complaints. */
export function composeByHive(parts: readonly Part[]): string {
  const { supergraphSdl, errors } = composeWithHive(
    parts.map(({ name, sdl, url }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (supergraphSdl === undefined) throw new Error(errors?.map((error) => error.message).join('\n'));
  return supergraphSdl;
}
