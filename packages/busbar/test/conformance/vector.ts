import type { Changes } from './device.js';

/** One request, the reply that it must get, and what it must leave changed in the device under test (else nothing). */
export interface Vector {
  title: string;
  /** Unit identifier; the device under test if absent. */
  unit?: number;
  request: string;
  reply: string;
  changes?: Changes;
}

/** The vectors of one function code. */
export interface VectorTable {
  code: string;
  name: string;
  vectors: Vector[];
  /** Valid requests; each of their truncations, and each with a byte more, must be refused with 03. */
  wellFormed: string[];
}
