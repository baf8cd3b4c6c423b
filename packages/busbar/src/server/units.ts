import type { Unit } from '../data/unit.js';
import { StateError } from '../errors.js';
import type { Destinations } from './destinations.js';
import { checkUnit, checkUnits } from './options.js';
import type { ServedUnit } from './served-unit.js';

/** The units that a server serves, in the order in which they came: the first one is the default unit. */
export class ServerUnits implements Iterable<Unit> {
  readonly #destinations: Destinations;

  /** @internal */
  constructor(destinations: Destinations) {
    this.#destinations = destinations;
  }

  get size(): number {
    return this.#destinations.units.length;
  }

  /** The unit with this id, if the server serves one. */
  get(id: number): Unit | undefined {
    return this.#destinations.find(id)?.unit;
  }

  /** Whether the server serves this unit, or one with this id. */
  has(unit: Unit | number): boolean {
    return this.#find(unit) !== undefined;
  }

  /**
   * Serves another unit, from the next request on.
   * @throws OptionsError if it is no `Unit`, StateError `UNIT_ID_TAKEN` if the server has a unit with this id.
   */
  add(unit: Unit): this {
    const { id } = checkUnit(unit, ['unit']);
    if (this.has(id))
      throw new StateError('UNIT_ID_TAKEN', `the server has another unit with id ${id}: delete it first`);
    this.#destinations.add(unit);
    return this;
  }

  /**
   * Serves this unit, or the one with this id, no longer. Requests that came before are still carried out and answered;
   * later ones find no unit with this id.
   * @returns whether the server served it.
   */
  delete(unit: Unit | number): boolean {
    const served = this.#find(unit);
    if (served === undefined) return false;
    this.#destinations.delete(served);
    return true;
  }

  /**
   * Serves exactly these units, in this order, from the next request on. Those that it served before keep their counters
   * and modes; for those that it no longer serves, `delete` says what happens.
   * @throws OptionsError if one is no `Unit`, or two have the same id; then nothing changes.
   */
  replace(units: readonly Unit[]): this {
    this.#destinations.replace(checkUnits(units, ['units']));
    return this;
  }

  *[Symbol.iterator](): IterableIterator<Unit> {
    for (const { unit } of this.#destinations.units) yield unit;
  }

  #find(unit: Unit | number): ServedUnit | undefined {
    if (typeof unit === 'number') return this.#destinations.find(unit);
    return this.#destinations.units.find((served) => served.unit === unit);
  }
}
