import type { Place } from '../data/change-event.js';
import type { Run } from './entry.js';
import type { Kind } from './mark.js';

/**
 * A part of the image as Redis has it, beside the memory of the unit. The two differ where the program's changes are not
 * in the image yet: there the memory keeps the program's value, whatever others change meanwhile.
 */
export interface Copy {
  readonly name: string;
  /** What Redis has. */
  readonly confirmed: Uint8Array;
  /** Takes all bytes as Redis has them. @throws RangeError if they are of another size. */
  load(bytes: Uint8Array): void;
  /** Redis has this now; `settle` brings it to memory. */
  confirm(run: Run): void;
  /** Where nothing of the program's is waiting, the memory gets what Redis has. */
  settle(offset: number, length: number): void;
  /** The program's changes that wait, which are on their way from now on. */
  take(kind: Kind): Run[];
  /** They are not any more, whatever became of them. */
  landed(run: Run, kind: Kind): void;
  /** They wait again. */
  again(run: Run, kind: Kind): void;
  /** The memory is what Redis gets. */
  adopt(): void;
  /** The program's changes are all given up. */
  forget(): void;
  place(run: Run): Place;
}
