/** Records as far as they are shown: no field is worked out that nobody asked for. */

/** How each field of what is shown comes of a record that is on its way there. */
export type Fields<Source, Shown> = { readonly [Name in keyof Shown]: (source: Source) => Shown[Name] };

/**
 * A function that reads the fields of a record that are `wanted` and those that are there `always`; all of them where
 * nothing is said of what is wanted.
 */
export function showing<Source, Shown extends object>(
  fields: Fields<Source, Shown>,
  always: readonly (string & keyof Shown)[],
): (source: Source, wanted: ReadonlySet<string> | undefined) => Shown {
  const all = Object.entries<(source: Source) => unknown>(fields).map(([name, read]) => ({ name, read }));
  // There is one set for each operation, and a page of customers for each set.
  const known = new WeakMap<ReadonlySet<string>, typeof all>();

  function among(wanted: ReadonlySet<string>): typeof all {
    const some = all.filter(({ name }) => wanted.has(name) || always.some((one) => one === name));
    known.set(wanted, some);
    return some;
  }

  return (source, wanted) => {
    const shown: Record<string, unknown> = {};
    const some = wanted === undefined ? all : (known.get(wanted) ?? among(wanted));
    for (const { name, read } of some) shown[name] = read(source);
    return shown as Shown;
  };
}
