import { OptionsError, type Point, type Unit } from 'busbar';
import type { Faults } from '../faults/faults.js';
import type { Guard } from '../guard.js';
import type { Cell, Now } from '../motion/cell.js';
import { misfit } from '../motion/fit.js';
import { type References, unitName } from '../motion/references.js';
import { SOURCE } from '../motion/runs.js';
import { checkTogether, type Path, someOf } from '../problems.js';
import { Random } from '../random.js';
import { compileActions } from '../reactions/actions.js';
import type { Agenda } from '../reactions/agenda.js';
import { Reaction } from '../reactions/reaction.js';
import { Scenario } from '../reactions/scenario.js';
import type { ReactionOptions } from '../reactions/schema.js';
import type { Stage } from '../reactions/stage.js';
import type { Script } from '../script/script.js';
import { ScriptRun } from '../script/script-run.js';
import { readPoint } from '../value.js';
import type { Tell } from './events.js';
import type { Leading } from './leading.js';
import type { PlacedUnit } from './simulation.js';

/** What a simulator lends to all that happens in it. */
export interface Workshop {
  readonly seed: number;
  readonly now: () => Now;
  readonly agenda: Agenda;
  readonly guard: Guard;
  readonly faults: () => Faults | undefined;
  readonly tell: Tell;
  readonly leading: Leading;
  /** The script of each unit that has been started in it. Several units may have the same one. */
  readonly startedScripts: WeakMap<Unit, Script>;
}

/** The moving points of all units. */
export interface Movement {
  readonly references: References;
  /** Points that have a behaviour, be it a wrong one. */
  readonly moving: ReadonlySet<Point>;
  readonly cells: ReadonlyMap<Point, Cell>;
}

/** What happens in a unit besides the movement of its points: reactions, scenarios and a script. */
export class Device {
  readonly unit: Unit;
  readonly scenarios: ReadonlyMap<string, Scenario>;
  readonly reactions: readonly Reaction[];
  readonly script: ScriptRun | undefined;
  /** Points that reactions and scenarios look at, or that they change. */
  readonly touched = new Set<Point>();
  readonly #workshop: Workshop;
  readonly #movement: Movement;

  /** @throws OptionsError with all problems. */
  constructor(placed: PlacedUnit, workshop: Workshop, movement: Movement) {
    this.unit = placed.unit;
    this.#workshop = workshop;
    this.#movement = movement;
    this.scenarios = new Map(Object.keys(placed.scenarios ?? {}).map((name) => [name, this.#scenario(name)]));
    this.script = this.#script(placed);
    const reactions: Reaction[] = [];
    checkTogether([...this.#preparations(placed), ...this.#reactionMakers(placed, reactions)]);
    this.reactions = reactions;
  }

  /** Ends what goes on: scenarios, waits, and what reactions have noted. */
  forget(): void {
    for (const reaction of this.reactions) reaction.forget();
    for (const scenario of this.scenarios.values()) scenario.cancel();
  }

  #scenario(name: string): Scenario {
    const { agenda, now, guard, tell } = this.#workshop;
    const { unit } = this;
    return new Scenario(name, {
      agenda,
      now,
      perform: (owner, place, task) => guard.run(owner, () => `${unitName(unit)}: ${place()}`, task),
      tell: (state) => tell('scenario', { unit, name, state }),
    });
  }

  #preparations({ scenarios = {}, path }: PlacedUnit): (() => void)[] {
    const stage = this.#stage();
    return Object.entries(scenarios).map(
      ([name, options]) =>
        () =>
          this.scenarios.get(name)?.prepare(options, [...path, 'scenarios', name], stage),
    );
  }

  #reactionMakers({ when = [], path }: PlacedUnit, reactions: Reaction[]): (() => void)[] {
    return when.map((options, i) => () => void reactions.push(this.#reaction(options, i, [...path, 'when', i])));
  }

  #reaction(options: ReactionOptions, index: number, path: Path): Reaction {
    const { agenda, now, guard, tell } = this.#workshop;
    const { unit } = this;
    const stage = this.#stage();
    const point = stage.find(options.point, [...path, 'point']);
    const problem = options.is === undefined ? undefined : misfit(point, options.is);
    if (problem !== undefined) throw new OptionsError([...path, 'is'], problem);
    return new Reaction(point, options, compileActions(options, path, stage), {
      agenda,
      now,
      place: `${unitName(unit)}: reaction ${index + 1} (${options.point})`,
      perform: (owner, place, task) => guard.run(owner, place, task),
      tell: () => tell('reaction', { unit, index, point: options.point }),
    });
  }

  #script({ script }: PlacedUnit): ScriptRun | undefined {
    if (script === undefined) return undefined;
    const { seed, now, guard } = this.#workshop;
    const random = new Random(seed, `${unitName(this.unit)} script`);
    const run = (name: string) => scenarioIn(this.scenarios, name).run();
    return new ScriptRun(this.unit, script, { now, guard, random, run, switchFault: this.#switchFault });
  }

  readonly #switchFault = (name: string, on: boolean): void => {
    const faults = this.#workshop.faults();
    if (faults === undefined) throw new Error(`there are no faults, so none is named "${name}"`);
    faults.switch(name, on);
  };

  #stage(): Stage {
    const { references, moving, cells } = this.#movement;
    const find = (name: string, path: Path) => {
      const point = references.find(name, this.unit, path);
      this.touched.add(point);
      return point;
    };
    return {
      now: this.#workshop.now,
      find,
      reader: (name, path = []) => {
        const point = find(name, path);
        return () => readPoint(point);
      },
      give: (point, value) => {
        (references.homeOf(point) ?? this.unit).as(SOURCE, () => {
          point.value = value;
        });
      },
      isMoving: (point) => moving.has(point),
      cellOf: (point) => cells.get(point),
      scenarios: this.scenarios,
      faultNames: () => this.#workshop.faults()?.list.map(({ name }) => name),
      switchFault: this.#switchFault,
    };
  }
}

function scenarioIn(scenarios: ReadonlyMap<string, Scenario>, name: string): Scenario {
  const scenario = scenarios.get(name);
  if (scenario !== undefined) return scenario;
  throw new Error(`there is no scenario "${name}"; known are ${someOf(scenarios.keys())}`);
}
