import { pathToFileURL } from 'node:url';
import { OptionsError, type Points, type PointWriteEvent, type Unit } from 'busbar';
import { show } from '../problems.js';

/** The device of a script, as each of its functions gets it. */
export interface ScriptDevice<P extends Points = Points> {
  readonly unit: Unit;
  readonly points: P;
  /** Milliseconds since the simulation began. */
  readonly time: number;
  /** The virtual date. */
  readonly date: Date;
  /** The next random number of this script, 0 <= x < 1; it follows from the seed. */
  random(): number;
  /** Runs a scenario of the unit from its beginning. @throws Error if there is none of this name. */
  run(scenario: string): void;
  /** Switches a fault on. @throws Error if there is none of this name. */
  raise(fault: string): void;
  /** Switches a fault off. @throws Error if there is none of this name. */
  clear(fault: string): void;
}

/**
 * What no behaviour or reaction can say: the default export of a script. What its functions throw, or the promises that
 * they return reject with, is an `error` event of the simulator.
 */
export interface Script<P extends Points = Points> {
  /** The simulation begins in the unit. */
  start?(device: ScriptDevice<P>): unknown;
  /** A step of time has passed. */
  tick?(device: ScriptDevice<P>): unknown;
  /** A client has written a point. Called in the step after it, for each of at most 1000 writes. */
  written?(device: ScriptDevice<P>, write: PointWriteEvent): unknown;
}

const FUNCTIONS = ['start', 'tick', 'written'];

/** Checks a script. @throws OptionsError */
export function checkScript(value: unknown, path: readonly (string | number)[]): void {
  if (typeof value !== 'object' || value === null) {
    throw new OptionsError(path, `expected an object with the functions ${FUNCTIONS.join(', ')}, found ${show(value)}`);
  }
  const entries = Object.entries(value);
  const wrong = entries.find(([name, each]) => !FUNCTIONS.includes(name) || typeof each !== 'function');
  if (wrong === undefined && entries.length > 0) return;
  const found = wrong === undefined ? 'none of them' : `${wrong[0]}: ${typeof wrong[1]}`;
  throw new OptionsError(path, `expected the functions ${FUNCTIONS.join(', ')}, found ${found}`);
}

/**
 * Imports a script: the default export of a file.
 *
 * @param version another one makes Node.js read the file anew.
 * @throws OptionsError if it can't be imported, with the reason as its `cause`, or is none.
 */
export async function loadScript(file: string, version = 0): Promise<Script> {
  const url = pathToFileURL(file);
  if (version > 0) url.searchParams.set('version', String(version));
  const module: { default?: Script } = await import(url.href).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    const failure = new OptionsError([], `${file} can't be imported: ${reason}`);
    failure.cause = error;
    throw failure;
  });
  checkScript(module.default, []);
  return module.default ?? {};
}
