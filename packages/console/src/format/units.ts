interface Unit {
  readonly id: number;
  readonly name?: string | undefined;
}

/** How people call a unit. */
export function unitName({ id, name }: Unit): string {
  return name ?? `Unit ${id}`;
}

/** Whether a unit is searched for, by its name or its id. */
export function isUnitFound(unit: Unit, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return `${unitName(unit)} ${unit.id}`.toLowerCase().includes(wanted);
}

/** From so many units on, a list of them has a search. */
export const MANY_UNITS = 12;

/** Units in few words: those that follow each other are a range, as in `1..247, meter`. */
export function unitList(keys: readonly (number | string)[]): string {
  const parts: { text: number | string; last: number | string }[] = [];
  for (const key of keys) {
    const before = parts.at(-1);
    if (before !== undefined && typeof key === 'number' && before.last === key - 1) before.last = key;
    else parts.push({ text: key, last: key });
  }
  return parts.map(({ text, last }) => (text === last ? text : `${text}..${last}`)).join(', ');
}
