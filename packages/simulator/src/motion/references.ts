import { OptionsError, type Point, type Unit } from 'busbar';
import { type Path, someOf } from '../problems.js';

/** The name of a unit in messages. */
export function unitName({ name, id }: Unit): string {
  return name ?? `unit ${id}`;
}

/** Finds points by their names: `flow` in the same unit, `boiler.flow` or `unit2.flow` in another. */
export class References {
  readonly #units: readonly Unit[];
  readonly #homes: ReadonlyMap<Point, Unit>;

  constructor(units: readonly Unit[]) {
    this.#units = units;
    this.#homes = new Map(units.flatMap((unit) => Object.values(unit.points).map((point) => [point, unit])));
  }

  /** The unit of a point. */
  homeOf(point: Point): Unit | undefined {
    return this.#homes.get(point);
  }

  /** The name of a point in messages that are not about one unit. */
  nameOf(point: Point): string {
    const home = this.#homes.get(point);
    return home === undefined || this.#units.length === 1 ? point.name : `${unitName(home)}.${point.name}`;
  }

  /** @throws OptionsError if there is no such point, or the unit's name is not unique. */
  find(name: string, home: Unit, path: Path): Point {
    const dot = name.lastIndexOf('.');
    return this.own(name.slice(dot + 1), dot < 0 ? home : this.#unit(name.slice(0, dot), path), path);
  }

  /** The point of a unit. @throws OptionsError if there is no such point. */
  own(name: string, unit: Unit, path: Path): Point {
    const point = unit.points[name];
    if (point !== undefined) return point;
    const known = someOf(Object.keys(unit.points));
    throw new OptionsError(path, `${unitName(unit)} has no point "${name}"; its points are ${known}`);
  }

  #unit(name: string, path: Path): Unit {
    const named = this.#units.filter((unit) => unit.name === name);
    const found = named.length > 0 ? named : this.#units.filter(({ id }) => `unit${id}` === name);
    const [unit, other] = found;
    if (unit !== undefined && other === undefined) return unit;
    const problem = unit === undefined ? 'there is no unit' : 'there are several units';
    throw new OptionsError(path, `${problem} "${name}"; the units are ${someOf(this.#units.map(unitName))}`);
  }
}
