/** Whose a change of the program is: anybody's, or that of the server that leads. */
export const FREE = 1;
export const LED = 2;
export type Kind = typeof FREE | typeof LED;
export const KINDS: readonly Kind[] = [LED, FREE];

/**
 * What of a value has still to reach Redis: 0 for nothing; a kind for a change that waits; a kind moved up for one that is
 * on its way. One of each may be there.
 */
type Mark = number;

const WAITING = FREE | LED;
const ON_ITS_WAY = 2;

/** A change waits, in the place of one that waited before. */
export function withWaiting(mark: Mark, kind: Kind): Mark {
  return (mark & ~WAITING) | kind;
}

/** What waited is on its way. */
export function taken(mark: Mark, kind: Kind): Mark {
  return (mark & ~kind) | (kind << ON_ITS_WAY);
}

/** What was on its way is not any more. */
export function landed(mark: Mark, kind: Kind): Mark {
  return mark & ~(kind << ON_ITS_WAY);
}

/** What was on its way waits again, unless a newer change does. */
export function takenBack(mark: Mark, kind: Kind): Mark {
  return landed(mark, kind) | ((mark & WAITING) === 0 ? kind : 0);
}
