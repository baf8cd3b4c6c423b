import type { MemoryChange, Rehearsed } from '../data/backing.js';
import type { Place } from '../data/change-event.js';
import type { Unit } from '../data/unit.js';
import type { Copy } from './copy.js';
import type { Run } from './entry.js';
import type { Kind } from './mark.js';
import { fileName, type Parts, partsOf, queueName } from './parts.js';
import { QueueCopy } from './queue-copy.js';
import { TableCopy } from './table-copy.js';

/** The name of the source of changes that came from other servers. */
export const SOURCE = 'sharing';

/** A unit's part of the image as Redis has it, beside its memory. */
export class Copies {
  readonly unit: Unit;
  readonly parts: Parts;
  readonly #tables: ReadonlyMap<string, TableCopy>;
  readonly #queues: ReadonlyMap<string, QueueCopy>;
  /** In the order in which they are read and written. */
  readonly all: readonly Copy[];
  /** Something of the program's waits for Redis. */
  readonly #waiting = new Set<Kind>();
  /** It waits, or is on its way. */
  #isBehind = false;
  /** The memory is being brought to what Redis has. */
  #isSettling = false;
  /** A client's request is carried out, whose changes Redis has. */
  #isCarryingOut = false;

  /** @throws SharingError `UNIT_TOO_LARGE` */
  constructor(unit: Unit) {
    this.unit = unit;
    this.parts = partsOf(unit);
    const tables = this.parts.tables.map((part) => new TableCopy(part));
    const queues = this.parts.queues.map((pointer) => new QueueCopy(unit.fifos, pointer));
    this.#tables = new Map(tables.map((table) => [table.name, table]));
    this.#queues = new Map(queues.map((queue) => [queue.name, queue]));
    this.all = [...tables, ...queues];
  }

  get hasWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /**
   * The memory has changed.
   * @param requested by a client's request itself, not by a listener that heard of it.
   * @returns whether that has to go to Redis.
   */
  note(change: MemoryChange, kind: Kind, requested: boolean): boolean {
    if (this.#isSettling || (this.#isCarryingOut && requested)) return false;
    const noted = this.#note(change, kind);
    if (noted) this.#wait(kind);
    return noted;
  }

  #wait(kind: Kind): void {
    this.#waiting.add(kind);
    this.#isBehind = true;
  }

  /** Notes all that differs from what Redis has. */
  noteAll(kind: Kind): void {
    const tables = [...this.#tables.values()].map((table) => table.noteAll(kind));
    const queues = [...this.#queues.values()].map((queue) => queue.note(kind));
    if ([...tables, ...queues].includes(true)) this.#wait(kind);
  }

  #note(change: MemoryChange, kind: Kind): boolean {
    if ('after' in change) {
      const run = this.runOf(change, change.after);
      return run !== undefined && this.#tables.get(run.part)?.note(run.offset, run.bytes, kind) === true;
    }
    return change.part === 'fifos' && this.#queues.get(queueName(change.pointer))?.note(kind) === true;
  }

  /** Whether it adds, replaces or removes a file, or a queue that is not shared. */
  isOutside(change: MemoryChange): change is Extract<MemoryChange, { action: string }> {
    if ('after' in change || !('action' in change)) return false;
    return change.part === 'files' || !this.#queues.has(queueName(change.pointer)) || change.action === 'delete';
  }

  /** The program's changes that wait, which are on their way from now on. */
  take(kind: Kind): Run[] {
    return this.#waiting.delete(kind) ? this.all.flatMap((copy) => copy.take(kind)) : [];
  }

  /** The program's changes are in Redis, or have been refused: then the memory gets what is there. */
  landed(runs: readonly Run[], kind: Kind): void {
    this.#change(() => {
      for (const run of runs) this.#of(run.part)?.landed(run, kind);
    });
  }

  /** Nothing of the program's waits any more, or is on its way. */
  arrived(): void {
    this.#isBehind = false;
  }

  /** Another server's change. */
  apply(runs: readonly Run[]): void {
    this.confirm(runs);
    this.settle(runs);
  }

  confirm(runs: readonly Run[]): void {
    for (const run of runs) this.#of(run.part)?.confirm(run);
  }

  settle(runs: readonly Run[]): void {
    this.#change(() => {
      for (const { part, offset, bytes } of runs) this.#of(part)?.settle(offset, bytes.length);
    });
  }

  /**
   * Carries out a client's request, which makes these changes. What the program has set since stays. Listeners hear of it
   * afterwards, so what they set is later still.
   */
  carryOut<T>(runs: readonly Run[], run: () => T): T {
    return this.unit.as(SOURCE, () => {
      this.confirm(runs);
      const putBack = this.#isBehind ? this.#keep(runs) : [];
      this.#isCarryingOut = true;
      const result = run();
      this.#isCarryingOut = false;
      this.#change(() => {
        for (const put of putBack) put();
      });
      this.settle(runs);
      return result;
    });
  }

  #keep(runs: readonly Run[]): (() => void)[] {
    return runs.flatMap(({ part, offset, bytes }) => this.#tables.get(part)?.keep(offset, bytes.length) ?? []);
  }

  /** Takes all as Redis has it. @throws RangeError */
  load(parts: readonly Uint8Array[]): void {
    this.#change(() => {
      for (const [i, copy] of this.all.entries()) copy.load(parts[i]);
    });
  }

  /** The program's changes that are not in Redis are given up. */
  forget(): void {
    for (const copy of this.all) copy.forget();
    this.#waiting.clear();
    this.#isBehind = false;
  }

  /** Those on their way wait again. */
  takeAgain(runs: readonly Run[], kind: Kind): void {
    for (const run of runs) this.#of(run.part)?.again(run, kind);
    if (runs.length > 0) this.#waiting.add(kind);
  }

  /** What the memory has is what Redis gets. */
  adopt(): void {
    this.forget();
    for (const copy of this.all) copy.adopt();
  }

  place(run: Run): Place | undefined {
    return this.#of(run.part)?.place(run);
  }

  /** @returns undefined if that part is not shared. */
  runOf(change: Rehearsed, bytes: Uint8Array): Run | undefined {
    const isFile = change.part === 'files';
    const name = isFile ? fileName(change.file) : change.part;
    const offset = this.#tables.get(name)?.part.offsetOf(isFile ? change.record : change.address) ?? -1;
    return offset < 0 ? undefined : { part: name, offset, bytes };
  }

  /** What the memory has of a range. */
  wordsAt(name: string, address: number, quantity: number): Run | undefined {
    const part = this.#tables.get(name)?.part;
    const offset = part?.offsetOf(address) ?? -1;
    if (part === undefined || offset < 0) return undefined;
    return { part: name, offset, bytes: part.view(offset, part.cell * quantity).slice() };
  }

  #of(name: string): Copy | undefined {
    return this.#tables.get(name) ?? this.#queues.get(name);
  }

  /** Listeners hear of it afterwards, so what they set is noted. */
  #change(task: () => void): void {
    this.unit.as(SOURCE, () => {
      this.#isSettling = true;
      try {
        task();
      } finally {
        this.#isSettling = false;
      }
    });
  }
}
