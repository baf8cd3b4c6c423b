import type { Place } from '../data/change-event.js';
import type { Fifos } from '../data/fifos.js';
import { NO_BYTES, readRegisters, writeUint16 } from '../protocol/bytes.js';
import type { Run } from './entry.js';
import { queueName, type TablePart } from './parts.js';

/** Whose a change of the program is: anybody's, or that of the server that leads. */
export const FREE = 1;
export const LED = 2;
export type Kind = typeof FREE | typeof LED;
export const KINDS: readonly Kind[] = [LED, FREE];

/** What is on its way to Redis has its kind moved up by this. */
const ON_ITS_WAY = 2;

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

/** The copy of a table or file. */
export class TableCopy implements Copy {
  readonly name: string;
  readonly part: TablePart;
  readonly confirmed: Uint8Array;
  /** What of each byte waits or is on its way. */
  readonly #marks: Uint8Array;
  /** All marks are between these. */
  #from = 0;
  #to = 0;

  constructor(part: TablePart) {
    this.name = part.name;
    this.part = part;
    this.confirmed = new Uint8Array(part.size);
    this.#marks = new Uint8Array(part.size);
    this.adopt();
  }

  adopt(): void {
    for (const { offset, length } of this.part.segments) this.confirmed.set(this.part.view(offset, length), offset);
  }

  load(bytes: Uint8Array): void {
    if (bytes.length !== this.confirmed.length) {
      throw new RangeError(`${this.name} has ${bytes.length} bytes in Redis, not ${this.confirmed.length}`);
    }
    this.confirmed.set(bytes);
    this.settle(0, bytes.length);
  }

  confirm({ offset, bytes }: Run): void {
    this.confirmed.set(bytes, offset);
  }

  /**
   * A change has been made in memory. It goes to Redis as a whole unless all of it is there already: registers that were
   * set together stay together, whatever others write meanwhile. @returns whether it goes.
   */
  note(offset: number, bytes: Uint8Array, kind: Kind): boolean {
    const isThere = bytes.every((byte, i) => this.#marks[offset + i] === 0 && this.confirmed[offset + i] === byte);
    if (!isThere) this.#mark(offset, offset + bytes.length, kind);
    return !isThere;
  }

  /** The same for all that differs from what Redis has. */
  noteAll(kind: Kind): boolean {
    const runs = this.#runs(0, this.part.size, (i) => this.confirmed[i] !== this.#memory(i));
    for (const { from, to } of runs) this.#mark(from, to, kind);
    return runs.length > 0;
  }

  #mark(from: number, to: number, kind: Kind): void {
    for (let i = from; i < to; i++) this.#marks[i] = (this.#marks[i] & ~(FREE | LED)) | kind;
    this.#widen(from, to);
  }

  #widen(from: number, to: number): void {
    const isFirst = this.#from === this.#to;
    this.#from = isFirst ? from : Math.min(this.#from, from);
    this.#to = isFirst ? to : Math.max(this.#to, to);
  }

  settle(offset: number, length: number): void {
    const differs = (i: number) => this.#marks[i] === 0 && this.confirmed[i] !== this.#memory(i);
    for (const { from, to } of this.#runs(offset, offset + length, differs)) {
      this.part.write(from, this.confirmed.slice(from, to));
    }
  }

  /** The memory of the segment that was looked at last: neighbours follow one another. */
  #seen: { readonly offset: number; readonly view: Uint8Array } = { offset: 0, view: NO_BYTES };

  #memory(at: number): number {
    const { offset, view } = this.#seen;
    if (at >= offset && at < offset + view.length) return view[at - offset];
    const segment = this.part.segments.find((each) => at < each.offset + each.length);
    if (segment === undefined) return 0;
    this.#seen = { offset: segment.offset, view: this.part.view(segment.offset, segment.length) };
    return this.#seen.view[at - segment.offset];
  }

  take(kind: Kind): Run[] {
    const runs = this.#runs(this.#from, this.#to, (i) => (this.#marks[i] & kind) !== 0);
    return runs.map(({ from, to }) => {
      for (let i = from; i < to; i++) this.#marks[i] = (this.#marks[i] & ~kind) | (kind << ON_ITS_WAY);
      return { part: this.name, offset: from, bytes: this.part.view(from, to - from).slice() };
    });
  }

  landed({ offset, bytes }: Run, kind: Kind): void {
    for (let i = offset; i < offset + bytes.length; i++) this.#marks[i] &= ~(kind << ON_ITS_WAY);
    this.settle(offset, bytes.length);
    while (this.#from < this.#to && this.#marks[this.#from] === 0) this.#from++;
    while (this.#from < this.#to && this.#marks[this.#to - 1] === 0) this.#to--;
  }

  again({ offset, bytes }: Run, kind: Kind): void {
    for (let i = offset; i < offset + bytes.length; i++) {
      const isNewer = (this.#marks[i] & (FREE | LED)) !== 0;
      this.#marks[i] = (this.#marks[i] & ~(kind << ON_ITS_WAY)) | (isNewer ? 0 : kind);
    }
  }

  forget(): void {
    this.#marks.fill(0, this.#from, this.#to);
    this.#to = this.#from;
  }

  place({ offset, bytes }: Run): Place {
    return this.part.place(offset, bytes.length);
  }

  /** The bytes that the program has set and Redis does not have, in a range. @returns puts them back into memory. */
  keep(offset: number, length: number): () => void {
    const runs = this.#runs(offset, offset + length, (i) => this.#marks[i] !== 0);
    const kept = runs.map(({ from, to }) => ({ from, bytes: this.part.view(from, to - from).slice() }));
    return () => {
      for (const { from, bytes } of kept) {
        if (Buffer.compare(this.part.view(from, bytes.length), bytes) !== 0) this.part.write(from, bytes);
      }
    };
  }

  /** Runs of whole cells of which a byte is wanted, each in one segment. */
  #runs(from: number, to: number, isWanted: (at: number) => boolean): { readonly from: number; readonly to: number }[] {
    const { cell, segments } = this.part;
    const found: { from: number; to: number }[] = [];
    for (const segment of segments) {
      const end = Math.min(to, segment.offset + segment.length);
      let last: { from: number; to: number } | undefined;
      for (let at = Math.max(from, segment.offset); at < end; at += cell) {
        if (!isWanted(at) && (cell === 1 || !isWanted(at + 1))) last = undefined;
        else if (last !== undefined) last.to = at + cell;
        else {
          last = { from: at, to: at + cell };
          found.push(last);
        }
      }
    }
    return found;
  }
}

/** The copy of a queue, which changes as a whole: the last one to change it has the word. */
export class QueueCopy implements Copy {
  readonly name: string;
  readonly #fifos: Fifos;
  readonly #pointer: number;
  confirmed: Uint8Array = NO_BYTES;
  #marks = 0;

  constructor(fifos: Fifos, pointer: number) {
    this.name = queueName(pointer);
    this.#fifos = fifos;
    this.#pointer = pointer;
    this.adopt();
  }

  adopt(): void {
    this.confirmed = this.#memory();
  }

  #memory(): Uint8Array {
    const values = this.#fifos.get(this.#pointer)?.values ?? [];
    const bytes = new Uint8Array(2 * values.length);
    for (const [i, value] of values.entries()) writeUint16(bytes, 2 * i, value);
    return bytes;
  }

  load(bytes: Uint8Array): void {
    this.confirmed = bytes.slice();
    this.settle();
  }

  confirm({ bytes }: Run): void {
    this.confirmed = bytes.slice();
  }

  /** The queue has changed in memory. @returns whether that has to go to Redis. */
  note(kind: Kind): boolean {
    if (this.#marks === 0 && this.#isConfirmed()) return false;
    this.#marks = (this.#marks & ~(FREE | LED)) | kind;
    return true;
  }

  #isConfirmed(): boolean {
    return Buffer.compare(this.#memory(), this.confirmed) === 0;
  }

  settle(): void {
    if (this.#marks !== 0 || this.#isConfirmed()) return;
    const queue = this.#fifos.get(this.#pointer);
    queue?.drain();
    queue?.push(...readRegisters(this.confirmed, 0, this.confirmed.length / 2));
  }

  take(kind: Kind): Run[] {
    if ((this.#marks & kind) === 0) return [];
    this.#marks = (this.#marks & ~kind) | (kind << ON_ITS_WAY);
    return [{ part: this.name, offset: 0, bytes: this.#memory() }];
  }

  landed(_: Run, kind: Kind): void {
    this.#marks &= ~(kind << ON_ITS_WAY);
    this.settle();
  }

  again(_: Run, kind: Kind): void {
    const isNewer = (this.#marks & (FREE | LED)) !== 0;
    this.#marks = (this.#marks & ~(kind << ON_ITS_WAY)) | (isNewer ? 0 : kind);
  }

  forget(): void {
    this.#marks = 0;
  }

  place(): Place {
    return { part: 'fifos', pointer: this.#pointer };
  }
}
