/** What was, and what takes its place. */
interface Pair<T> {
  readonly before: T;
  readonly after: T;
}

/** How a list has become another. */
export interface Pairing<T> {
  /** The same. */
  readonly kept: readonly Pair<T>[];
  /** Of the same name, but different. */
  readonly changed: readonly Pair<T>[];
  readonly added: readonly T[];
  readonly removed: readonly T[];
}

/**
 * Finds for each item the one that it was before: first the same one, then one with the same name.
 * @param names what items are known by, the surest first; undefined for an item without such a name.
 */
export function pairs<T>(
  before: readonly T[],
  after: readonly T[],
  isSame: (before: T, after: T) => boolean,
  names: readonly ((item: T) => unknown)[],
): Pairing<T> {
  const [old, fresh] = [new Set(before), new Set(after)];
  const take = (fits: (before: T, after: T) => boolean): Pair<T>[] => {
    return [...fresh].flatMap((item) => {
      const match = [...old].find((each) => fits(each, item));
      if (match === undefined) return [];
      old.delete(match);
      fresh.delete(item);
      return [{ before: match, after: item }];
    });
  };
  const kept = take(isSame);
  const changed = names.flatMap((name) => take((one, other) => name(one) !== undefined && name(one) === name(other)));
  return { kept, changed, added: [...fresh], removed: [...old] };
}
