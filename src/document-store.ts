/** Documents that have been parsed and found valid, kept for the next request with the same text. */
import type { DocumentStore } from '@apollo/server';
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
  const kept = new Map<string, DocumentNode>();
  let characters = 0;

  function take(key: string): DocumentNode | undefined {
    const document = kept.get(key);
    if (document === undefined) return undefined;
    kept.delete(key);
    characters -= lengthOf(document);
    return document;
  }

  function add(key: string, document: DocumentNode): void {
    const length = lengthOf(document);
    if (length > maxCharacters) return;
    for (const oldest of kept.keys()) {
      if (characters + length <= maxCharacters) break;
      take(oldest);
    }
    // A map keeps the order in which things were added.
    kept.set(key, document);
    characters += length;
  }

  return {
    async get(key) {
      const document = take(key);
      if (document) add(key, document);
      return document;
    },
    async set(key, document) {
      take(key);
      add(key, document);
    },
    async delete(key) {
      return take(key) !== undefined;
    },
  };
}

/** Infinite for a document without its text, which is too long for any store. */
function lengthOf({ loc }: DocumentNode): number {
  return loc?.source.body.length ?? Number.POSITIVE_INFINITY;
}
