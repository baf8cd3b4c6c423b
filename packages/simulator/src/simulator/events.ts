import type { EventEmitter } from 'node:events';
import type { Unit } from 'busbar';
import type { ScenarioState } from '../reactions/scenario.js';

/** A reaction happens. */
export interface ReactionEvent {
  readonly unit: Unit;
  /** Its place in the list `when`, from 0. */
  readonly index: number;
  /** The name of the point that it watches. */
  readonly point: string;
}

/** A scenario begins or ends. */
export interface ScenarioEvent {
  readonly unit: Unit;
  readonly name: string;
  readonly state: ScenarioState;
}

/** A scenario, and whether it runs at the moment. */
export interface ScenarioStatus {
  readonly unit: Unit;
  readonly name: string;
  readonly running: boolean;
}

/** Events of a simulator. What their listeners throw is a process warning. */
export interface SimulatorEvents {
  /**
   * A behaviour, reaction, scenario or script has failed, and the simulation goes on. The same failure is reported only
   * once until it is over. Without a listener it is a process warning.
   */
  error: [error: Error];
  reaction: [event: ReactionEvent];
  scenario: [event: ScenarioEvent];
}

/** Tells what happens. */
export type Tell = <E extends keyof SimulatorEvents>(event: E, ...details: SimulatorEvents[E]) => void;

/** Makes the function that raises events. An `error` that nobody listens for, and a listener that throws, are process warnings. */
export function tellerOf(emitter: EventEmitter<SimulatorEvents>): Tell {
  return (event, ...details) => {
    if (event === 'error' && emitter.listenerCount('error') === 0) {
      for (const error of details) warn(error);
      return;
    }
    try {
      emitter.emit<keyof SimulatorEvents>(event, ...details);
    } catch (thrown) {
      warn(thrown);
    }
  };
}

function warn(thrown: unknown): void {
  process.emitWarning(thrown instanceof Error ? thrown : new Error('a listener failed', { cause: thrown }));
}
