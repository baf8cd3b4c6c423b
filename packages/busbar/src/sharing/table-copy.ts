import type { Place } from '../data/change-event.js';
import { NO_BYTES } from '../protocol/bytes.js';
import type { Copy } from './copy.js';
import type { Run } from './entry.js';
import { type Kind, landed, taken, takenBack, withWaiting } from './mark.js';
import type { TablePart } from './parts.js';

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
    for (let i = from; i < to; i++) this.#marks[i] = withWaiting(this.#marks[i], kind);
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
      for (let i = from; i < to; i++) this.#marks[i] = taken(this.#marks[i], kind);
      return { part: this.name, offset: from, bytes: this.part.view(from, to - from).slice() };
    });
  }

  landed({ offset, bytes }: Run, kind: Kind): void {
    for (let i = offset; i < offset + bytes.length; i++) this.#marks[i] = landed(this.#marks[i], kind);
    this.settle(offset, bytes.length);
    while (this.#from < this.#to && this.#marks[this.#from] === 0) this.#from++;
    while (this.#from < this.#to && this.#marks[this.#to - 1] === 0) this.#to--;
  }

  again({ offset, bytes }: Run, kind: Kind): void {
    for (let i = offset; i < offset + bytes.length; i++) this.#marks[i] = takenBack(this.#marks[i], kind);
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
