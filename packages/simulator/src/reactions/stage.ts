import type { Point } from 'busbar';
import type { Cell, Now } from '../motion/cell.js';
import type { Path } from '../problems.js';
import type { Value } from '../value.js';

/** A scenario, for what starts and ends it. */
export interface Runnable {
  run(): void;
  cancel(): void;
}

/** What actions may reach: names as one unit sees them. */
export interface Stage {
  /** The present moment. */
  now(): Now;
  /** @throws OptionsError if there is no such point. */
  readonly find: (name: string, path: Path) => Point;
  /** Makes the reader of a point's value. @throws OptionsError if there is no such point. */
  readonly reader: (name: string, path?: Path) => () => Value;
  /** Gives a point a value. @throws Error if it can't hold it. */
  give(point: Point, value: Point['value']): void;
  /** Whether a point has a behaviour. */
  isMoving(point: Point): boolean;
  /** The moving point, once all are made. */
  cellOf(point: Point): Cell | undefined;
  readonly scenarios: ReadonlyMap<string, Runnable>;
  /** Names of the faults; undefined if there are none. */
  faultNames(): readonly string[] | undefined;
  switchFault(name: string, on: boolean): void;
}
