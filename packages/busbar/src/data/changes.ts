import type { EventEmitter } from 'node:events';
import type { Backing, Rehearsed } from './backing.js';
import type { WholeChange } from './change-event.js';
import { isRequest, type Origin, sourceOf } from './origin.js';
import { type Observed, type Reported, Reports } from './reports.js';
import { type Guard, UnitWord } from './shared-memory.js';

/** A table in memory, as its changes are made. */
export interface Changing<Value> extends Observed<Value> {
  /** The memory of a range: big-endian words, or one byte per bit. */
  view(address: number, count: number): Uint8Array;
}

/** A change that is to be taken back. */
interface Noted {
  readonly view: Uint8Array;
  readonly change: Rehearsed;
}

/**
 * Makes all changes of a unit's memory. It keeps other threads out meanwhile, lets the unit's backing know, and has them
 * reported after they have taken effect.
 */
export class Changes {
  /** Nobody listens, nothing is behind it, no other thread serves the unit: tables may be read and written directly. */
  idle = true;
  /** A client's reads are told. */
  readsHeard = false;
  readonly reports: Reports;
  #guard: Guard | undefined;
  #backing: Backing | undefined;
  /** The unit's words, where other threads see whether somebody listens; undefined while there are none. */
  #words: Int32Array | undefined;
  /** Of a rehearsal. */
  #noted: Noted[] | undefined;

  constructor(unit: Reported | undefined) {
    this.reports = new Reports(unit);
  }

  /** Keeps out the other threads that serve the unit; undefined while there are none. */
  get guard(): Guard | undefined {
    return this.#guard;
  }

  set guard(guard: Guard | undefined) {
    this.#guard = guard;
    this.#update();
  }

  /** What stands behind the memory. */
  set backing(backing: Backing | undefined) {
    this.#backing = backing;
    this.#update();
  }

  /** Shows other threads whether somebody listens. @param words of the unit; undefined to stop. */
  showListeners(words: Int32Array | undefined): void {
    this.#words = words;
    this.#update();
  }

  /** From now on, tracks the listeners of the unit, which is `emitter`. */
  follow(emitter: EventEmitter): void {
    this.reports.follow(emitter, () => this.#update());
  }

  #update(): void {
    const { reports } = this;
    this.idle = reports.idle && this.#guard === undefined && this.#backing === undefined;
    this.readsHeard = reports.readsHeard;
    if (this.#words !== undefined) Atomics.store(this.#words, UnitWord.listening, Number(reports.hearsAll));
  }

  /** Accesses memory while other threads are kept out. */
  run<T>(task: () => T): T {
    return this.#guard === undefined ? task() : this.#guard.run(task);
  }

  /** Makes changes that belong together: they are reported after all are made. */
  by<T>(origin: Origin, task: () => T): T {
    const { reports } = this;
    const outer = reports.origin;
    reports.origin = origin;
    reports.hold();
    try {
      return this.run(task);
    } finally {
      reports.origin = outer;
      reports.letGo();
    }
  }

  /** Writes an existing range of a table, and has it reported. */
  write<Value>(
    table: Changing<Value>,
    address: number,
    count: number,
    store: () => void,
    origin: Origin = this.reports.origin,
  ): void {
    const { reports } = this;
    if (this.#noted !== undefined) this.#noted.push(noted(table, address, count, store));
    else if (reports.wantsValues(origin)) {
      const backed = () => this.#store(table, address, count, store, origin);
      const made = this.run(() => reports.observe(table, address, count, backed, origin));
      reports.mark(table.spot.place(address, count), sourceOf(origin));
      reports.tell(made, origin);
    } else {
      this.run(() => this.#store(table, address, count, store, origin));
      reports.mark(table.spot.place(address, count), sourceOf(origin));
    }
  }

  #store<Value>(table: Changing<Value>, address: number, count: number, store: () => void, origin: Origin): void {
    if (this.#backing?.changed === undefined) store();
    else this.#backing.changed(noted(table, address, count, store).change, sourceOf(origin), isRequest(origin));
  }

  /** Reports a change of something that is not a range of a table. */
  tell(change: WholeChange): void {
    const { reports } = this;
    this.#backing?.changed?.(change, sourceOf(reports.origin), isRequest(reports.origin));
    reports.tellWhole(change);
  }

  /** Does a task, notes what it changes of tables and files, and takes that back; nobody hears of it. */
  rehearse<T>(task: () => T): { readonly result: T; readonly changes: readonly Rehearsed[] } {
    const all: Noted[] = [];
    this.#noted = all;
    this.readsHeard = false;
    try {
      return { result: task(), changes: all.map(({ change }) => change) };
    } finally {
      for (const { view, change } of all.reverse()) view.set(change.before);
      this.#noted = undefined;
      this.readsHeard = this.reports.readsHeard;
    }
  }
}

/** Has `store` make a change, and notes it. */
function noted<Value>(table: Changing<Value>, address: number, count: number, store: () => void): Noted {
  const view = table.view(address, count);
  const before = view.slice();
  store();
  const bytes = { before, after: view.slice() };
  const place = table.spot.place(address, count);
  if (place.part === 'files')
    return { view, change: { part: 'files', file: place.file, record: place.record, ...bytes } };
  return { view, change: { part: place.part, address: place.address, ...bytes } };
}

/** The changes of anything outside a unit. */
export const UNHEARD: Changes = new Changes(undefined);
