import type { Point } from 'busbar';
import { parseDuration } from '../duration.js';
import { readPoint, type Value } from '../value.js';
import type { Agenda } from './agenda.js';
import { ALWAYS, type Condition, conditionOf, isSame } from './condition.js';
import type { Perform } from './scenario.js';
import type { ReactionOptions } from './schema.js';

/** What a reaction needs. */
export interface ReactionNeeds {
  readonly agenda: Agenda;
  readonly now: () => { readonly time: number };
  readonly perform: Perform;
  /** Tells that it happens. */
  readonly tell: () => void;
  readonly place: string;
}

/** Something that happens when a point is written or has a value. */
export class Reaction {
  readonly point: Point;
  /** It waits for writes of clients; any other looks at its point in each step. */
  readonly isOfWrites: boolean;
  /** What it is called in messages. */
  readonly place: string;
  readonly #condition: Condition;
  readonly #changes: boolean;
  readonly #for: number;
  readonly #after: number;
  readonly #tasks: readonly (() => void)[];
  readonly #needs: ReactionNeeds;
  /** Owns the wait of `for`; the reaction itself that of `after`. */
  readonly #holding = {};
  /** Undefined before the first look, which only takes note. */
  #before: Value | undefined;
  #met: boolean | undefined;
  #isWritten = false;

  constructor(point: Point, options: ReactionOptions, tasks: readonly (() => void)[], needs: ReactionNeeds) {
    this.point = point;
    this.isOfWrites = options.written === true;
    this.place = needs.place;
    this.#condition = conditionOf(options);
    this.#changes = options.changes === true;
    this.#for = options.for === undefined ? 0 : parseDuration(options.for);
    this.#after = options.after === undefined ? 0 : parseDuration(options.after);
    this.#tasks = tasks;
    this.#needs = needs;
  }

  /** Takes note of a client's write. @param value undefined: none of the point's type. */
  written(value: Value | undefined): void {
    if (value === undefined ? this.#condition === ALWAYS : this.#condition(value, false)) this.#isWritten = true;
  }

  /** Does what follows from the writes since the last step. */
  heed(): void {
    if (!this.#isWritten) return;
    this.#isWritten = false;
    this.#happen();
  }

  /** Begins anew: nothing is waited for, and the next look only takes note. */
  forget(): void {
    const { agenda } = this.#needs;
    agenda.delete(this);
    agenda.delete(this.#holding);
    this.#before = undefined;
    this.#met = undefined;
    this.#isWritten = false;
  }

  /** Looks at the point. */
  look(): void {
    const value = readPoint(this.point);
    if (this.#changes) this.#lookForChange(value);
    else this.#lookForCondition(this.#condition(value, this.#met ?? false));
  }

  #lookForChange(value: Value): void {
    const before = this.#before;
    this.#before = value;
    if (before !== undefined && !isSame(value, before)) this.#happen();
  }

  #lookForCondition(met: boolean): void {
    const before = this.#met;
    this.#met = met;
    if (before === undefined || met === before) return;
    const { agenda, now } = this.#needs;
    if (!met) agenda.delete(this.#holding);
    else if (this.#for > 0) agenda.set(this.#holding, now().time + this.#for, () => this.#happen());
    else this.#happen();
  }

  #happen(): void {
    const { agenda, now } = this.#needs;
    if (this.#after === 0) this.#act();
    else agenda.set(this, now().time + this.#after, () => this.#act());
  }

  #act(): void {
    const { perform, tell } = this.#needs;
    tell();
    for (const task of this.#tasks) perform(task, () => this.place, task);
  }
}
