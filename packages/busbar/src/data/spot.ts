import type { Change, Place } from './change-event.js';

/** The place of a table in its unit. */
export interface Spot<Value> {
  /** Its name in messages. */
  readonly name: string;
  readonly place: (address: number, quantity: number) => Extract<Place, { quantity: number }>;
  readonly change: (address: number, values: readonly Value[], previous: readonly Value[]) => Change;
  /** The change as a client made it, where it is told as another. */
  readonly written?: (address: number, values: readonly Value[], previous: readonly Value[]) => Change;
}
