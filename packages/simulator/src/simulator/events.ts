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
