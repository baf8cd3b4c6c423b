import type { Place } from '../data/change-event.js';
import type { Fifos } from '../data/fifos.js';
import { NO_BYTES, readRegisters, writeUint16 } from '../protocol/bytes.js';
import type { Copy } from './copy.js';
import type { Run } from './entry.js';
import { type Kind, landed, taken, takenBack, withWaiting } from './mark.js';
import { queueName } from './parts.js';

/** The copy of a queue, which changes as a whole: the last one to change it has the word. */
export class QueueCopy implements Copy {
  readonly name: string;
  readonly #fifos: Fifos;
  readonly #pointer: number;
  confirmed: Uint8Array = NO_BYTES;
  #mark = 0;

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
    if (this.#mark === 0 && this.#isConfirmed()) return false;
    this.#mark = withWaiting(this.#mark, kind);
    return true;
  }

  #isConfirmed(): boolean {
    return Buffer.compare(this.#memory(), this.confirmed) === 0;
  }

  settle(): void {
    if (this.#mark !== 0 || this.#isConfirmed()) return;
    const queue = this.#fifos.get(this.#pointer);
    queue?.drain();
    queue?.push(...readRegisters(this.confirmed, 0, this.confirmed.length / 2));
  }

  take(kind: Kind): Run[] {
    if ((this.#mark & kind) === 0) return [];
    this.#mark = taken(this.#mark, kind);
    return [{ part: this.name, offset: 0, bytes: this.#memory() }];
  }

  landed(_: Run, kind: Kind): void {
    this.#mark = landed(this.#mark, kind);
    this.settle();
  }

  again(_: Run, kind: Kind): void {
    this.#mark = takenBack(this.#mark, kind);
  }

  forget(): void {
    this.#mark = 0;
  }

  place(): Place {
    return { part: 'fifos', pointer: this.#pointer };
  }
}
