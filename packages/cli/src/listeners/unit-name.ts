import type { Unit } from 'busbar';

/** `unit 1 (boiler)` */
export function unitName({ id, name }: Unit): string {
  return name === undefined ? `unit ${id}` : `unit ${id} (${name})`;
}

/** As an item of a list of units in the log. */
export function unitListed({ id, name }: Unit): { id: number; name: string | undefined } {
  return { id, name };
}

/** What tells a unit from another with the same id, as facts. */
export function unitFacts({ id, name }: Unit): { unit: number; unitName?: string } {
  return name === undefined ? { unit: id } : { unit: id, unitName: name };
}
