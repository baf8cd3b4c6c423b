import { OptionsError, type Points, type Unit } from 'busbar';
import { z } from 'zod';
import { type Simulate, simulateSchema } from '../behaviours/simulate.js';
import { checkSettings, checkTogether, type Path } from '../problems.js';
import { type ReactionOptions, reactionSchema, type ScenarioOptions, scenarioSchema } from '../reactions/schema.js';
import { checkScript, type Script } from '../script/script.js';

/** How a unit lives. `P` are its points. */
export interface Simulation<P extends Points = Points> {
  /** How its points move, by their names. */
  readonly simulate?: { readonly [Name in keyof P]?: Simulate } | undefined;
  /** What happens when points are written or have a value. */
  readonly when?: readonly ReactionOptions[] | undefined;
  /** Timelines of actions, by their names. */
  readonly scenarios?: Readonly<Record<string, ScenarioOptions>> | undefined;
  readonly script?: Script<P> | undefined;
  /** The folder of the files of `replay`; by default that in which the program was started. */
  readonly folder?: string | undefined;
}

/** A unit, and how it lives. */
export interface SimulatedUnit extends Simulation {
  readonly unit: Unit;
}

/** The same, with its place in the options. */
export interface PlacedUnit extends SimulatedUnit {
  readonly path: Path;
}

const simulationSchema = z.strictObject({
  simulate: z.record(z.string(), simulateSchema).optional(),
  when: z.array(reactionSchema).optional(),
  scenarios: z.record(z.string(), scenarioSchema).optional(),
  script: z.unknown().optional(),
  folder: z.string().optional(),
});

/** Checks settings by themselves, without the points. @throws OptionsError with all problems. */
export function checkSimulationSettings(simulation: Simulation, path: Path): void {
  checkTogether([
    () => void checkSettings(simulationSchema, simulation, path),
    () => {
      if (simulation.script !== undefined) checkScript(simulation.script, [...path, 'script']);
    },
  ]);
}

/** The same for several units. */
export function checkUnits(units: readonly SimulatedUnit[]): void {
  checkTogether(
    units.map(({ unit, ...simulation }, i) => () => {
      if (units.findIndex((other) => other.unit === unit) < i) throw new OptionsError([i], 'the unit is there twice');
      checkSimulationSettings(simulation, [i]);
    }),
  );
}
