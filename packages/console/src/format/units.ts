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
