import type { SunspecGroup, SunspecModel, SunspecPoint } from './schema.js';

/** A point of a model at its place. */
export interface PlacedPoint {
  /** Of the model's own, with the groups that it stands in: `module_2_DCA`. */
  readonly name: string;
  readonly address: number;
  readonly point: SunspecPoint;
}

/** A model as a device has it in its registers. */
export interface PlacedModel {
  readonly id: number;
  readonly label: string;
  readonly address: number;
  /** Number of registers, with those of its id and length. */
  readonly size: number;
  readonly points: readonly PlacedPoint[];
  /** How often each group stands there that may stand several times, by the name of the point that says so. */
  readonly counts: ReadonlyMap<string, number>;
}

/** How often groups are to stand, by their names; 1 without an entry. */
export type Repeats = ReadonlyMap<string, number>;

/** Puts the points of a model one behind the other, as the standard prescribes it: a group's points, then its groups. */
export function placeModel({ id, group }: SunspecModel, address: number, repeats: Repeats): PlacedModel {
  const points: PlacedPoint[] = [];
  const counts = new Map<string, number>();
  let next = address;
  addGroup(group, '');
  return { id, label: group.label ?? group.name, address, size: next - address, points, counts };

  function addGroup({ points: own, groups }: SunspecGroup, prefix: string): void {
    for (const point of own) {
      points.push({ name: `${prefix}${point.name}`, address: next, point });
      next += point.size;
    }
    for (const inner of groups) {
      if (inner.count === undefined) addGroup(inner, `${prefix}${inner.name}_`);
      else addRepeated(inner, prefix, inner.count);
    }
  }

  function addRepeated(inner: SunspecGroup, prefix: string, count: number | string): void {
    const times = repeats.get(inner.name) ?? (typeof count === 'number' && count > 0 ? count : 1);
    for (const name of countersOf(group, count)) counts.set(name, times);
    for (let i = 1; i <= times; i++) addGroup(inner, `${prefix}${inner.name}_${i}_`);
  }
}

/** The points that say how often a group stands there. A count of 0 leaves it to the length; some models count, too. */
function countersOf({ points }: SunspecGroup, count: number | string): string[] {
  if (typeof count === 'string') return [count];
  return points.flatMap(({ name, type }) => (type === 'count' || name === 'N' ? [name] : []));
}

/** The names of the groups of a model that may stand several times. */
export function repeatedGroups({ groups }: SunspecGroup): string[] {
  return groups.flatMap((inner) => [...(inner.count === undefined ? [] : [inner.name]), ...repeatedGroups(inner)]);
}
