import type { Unit } from 'busbar';

/** Says whether a unit may be moved now. */
export type Leads = (unit: Unit) => boolean;

/** Which units a simulator moves: all, unless others may move them, too. */
export class Leading {
  /** Undefined: all. */
  leads: Leads | undefined;
  /** Sources of changes by which clients of others write. */
  clientSources: readonly string[] = [];
  readonly #resting = new WeakSet<Unit>();
  readonly #takenUp = new WeakSet<Unit>();

  /** Whether somebody else has the unit. */
  rests(unit: Unit): boolean {
    return this.#resting.has(unit);
  }

  /** Asks anew. @returns whether the unit `rests` from now on, is to be taken up, or neither. */
  heed(unit: Unit): 'rests' | 'takenUp' | undefined {
    const rests = this.leads?.(unit) === false;
    if (rests === this.#resting.has(unit)) return undefined;
    if (rests) this.#resting.add(unit);
    else this.#resting.delete(unit);
    return rests ? 'rests' : 'takenUp';
  }

  /** The unit holds values to go on from. */
  note(unit: Unit): void {
    this.#takenUp.add(unit);
  }

  /** @returns whether the unit holds values to go on from; that is told once. */
  isNoted(unit: Unit): boolean {
    return this.#takenUp.delete(unit);
  }
}
