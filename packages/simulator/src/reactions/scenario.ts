import { parseDuration } from '../duration.js';
import { checkTogether, type Path } from '../problems.js';
import { compileActions } from './actions.js';
import type { Agenda } from './agenda.js';
import type { ScenarioOptions } from './schema.js';
import type { Stage } from './stage.js';

/** Runs a task, and reports what it throws. */
export type Perform = (owner: object, place: () => string, task: () => void) => void;

interface Step {
  /** Milliseconds since the beginning of the scenario. */
  readonly time: number;
  readonly tasks: readonly (() => void)[];
}

/** What a scenario needs while it runs. */
export interface Performance {
  readonly agenda: Agenda;
  readonly now: () => { readonly time: number };
  readonly perform: Perform;
  /** Tells that it begins or ends. */
  readonly tell: (state: ScenarioState) => void;
}

/** `cancelled` also stands for one that is run again before its end. */
export type ScenarioState = 'started' | 'ended' | 'cancelled';

/** A timeline of actions. */
export class Scenario {
  readonly name: string;
  readonly #performance: Performance;
  #steps: readonly Step[] = [];
  /** Stands for its present run; undefined while there is none. */
  #current: object | undefined;

  constructor(name: string, performance: Performance) {
    this.name = name;
    this.#performance = performance;
  }

  /** Prepares its steps, once all scenarios are there. @throws OptionsError with all problems. */
  prepare(options: ScenarioOptions, path: Path, stage: Stage): void {
    const times = timesOf(options);
    const steps: Step[] = [];
    checkTogether(
      options.map((step, i) => () => {
        steps.push({ time: times[i] ?? 0, tasks: compileActions(step, [...path, i], stage) });
      }),
    );
    this.#steps = steps.sort((a, b) => a.time - b.time);
  }

  get running(): boolean {
    return this.#current !== undefined;
  }

  /** Begins, anew if it already runs. */
  run(): void {
    const { now, tell } = this.#performance;
    this.cancel();
    this.#current = {};
    tell('started');
    this.#wait(0, now().time);
  }

  cancel(): void {
    const { agenda, tell } = this.#performance;
    if (!this.running) return;
    this.#current = undefined;
    agenda.delete(this);
    tell('cancelled');
  }

  #wait(index: number, start: number): void {
    const { agenda, tell } = this.#performance;
    const step = this.#steps[index];
    if (step !== undefined) agenda.set(this, start + step.time, () => this.#play(index, start));
    else {
      this.#current = undefined;
      tell('ended');
    }
  }

  /** Plays all steps of one time. */
  #play(first: number, start: number): void {
    const { perform } = this.#performance;
    const current = this.#current;
    const steps = this.#steps.slice(first).filter(({ time }) => time === this.#steps[first]?.time);
    for (const task of steps.flatMap(({ tasks }) => tasks)) perform(task, () => `scenario ${this.name}`, task);
    // A step may have cancelled the scenario, or run it again.
    if (this.#current === current) this.#wait(first + steps.length, start);
  }
}

function timesOf(steps: ScenarioOptions): number[] {
  let time = 0;
  return steps.map(({ at, after }) => {
    time = at === undefined ? time + parseDuration(after ?? '0s') : parseDuration(at);
    return time;
  });
}
