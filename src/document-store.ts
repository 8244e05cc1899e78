/** Documents that have been parsed and found valid, kept for the next request with the same text. */
import type { DocumentStore } from '@apollo/server';
import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import type { DocumentNode } from 'graphql';

// A character takes some 60 bytes once it is parsed: half a million are 30 MB, and the documents of many clients.
const MAX_CHARACTERS = 500_000;

/**
 * A store for Apollo Server that holds on to at most `maxCharacters` of text; what was not asked for for
 * longest goes first.
 *
 * Apollo's own weighs the nodes without the text that they keep alive: with one long comment after the
 * other anybody could fill the memory.
 */
export function documentStore(maxCharacters: number = MAX_CHARACTERS): DocumentStore {
  return new InMemoryLRUCache<DocumentNode>({
    maxSize: maxCharacters,
    // A document without its text cannot be weighed, so it is too heavy.
    sizeCalculation: ({ loc }) => loc?.source.body.length ?? maxCharacters + 1,
  });
}
