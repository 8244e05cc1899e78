/** `?fields=id,addresses[id,city]`: the pruning of answers. */
import { isObject } from './input.ts';

type Tree = Map<string, Tree>;

/** Reads `a,b[c,d]` into a tree; what cannot be read ends the list. */
function parse(text: string): Tree {
  const root: Tree = new Map();
  const path: Tree[] = [root];
  let last: Tree = root;
  for (const [token] of text.matchAll(/[[\],]|[^[\],]+/g)) {
    if (token === '[') path.push(last);
    else if (token === ']') path.pop();
    else if (token !== ',') {
      last = new Map();
      path.at(-1)?.set(token.trim(), last);
    }
  }
  return root;
}

function prune(value: unknown, tree: Tree): unknown {
  if (tree.size === 0) return value;
  if (Array.isArray(value)) {
    // An empty list comes out as null, but only where fields of it were asked for.
    return value.length === 0 ? null : value.map((item: unknown) => prune(item, tree));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const wanted = tree.get(key);
      return wanted ? [[key, prune(inner, wanted)]] : [];
    }),
  );
}

/** The answer with only the asked fields; as it is when `fields` is `null`. */
export function pickFields(answer: unknown, fields: string | null): unknown {
  return fields === null ? answer : prune(answer, parse(fields));
}
