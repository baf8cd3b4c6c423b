import type { EventEmitter } from 'node:events';
import { emitError, emitSafely } from '../emit.js';
import { asError, HandlerError } from '../errors.js';
import type { Peer } from '../peer.js';
import type { Change, ChangeEvent, ChangeSource, Place } from './change-event.js';
import { DirtyRanges } from './dirty-ranges.js';
import type { Guard } from './shared-memory.js';
import type { Unit } from './unit.js';

/** Who makes a change. A request also says where a fault of a listener is to be reported. */
export type Origin = string | { readonly peer: Peer; report?(thrown: unknown): void };

/** A table in memory, as its changes are told. */
export interface Changing<Value> {
  readonly spot: Spot<Value>;
  getRange(address: number, count: number): Value[];
}

/** Which part of a unit a table is. */
export interface Spot<Value> {
  /** One for each table of the unit. */
  readonly key: string;
  readonly place: (address: number, quantity: number) => Place;
  readonly change: (address: number, values: readonly Value[], previous: readonly Value[]) => Change;
}

/** How often listeners that change the unit again are told of that at once; then the event loop has its turn first. */
const MAX_ROUNDS = 100;

/** Events that are made of changes. */
const TOLD = ['change', 'changes', 'write', 'fileWrite'] as const;

/**
 * The door through which all that a unit has in memory is changed. It keeps other threads out meanwhile, and tells of the change when
 * that has taken effect: first those who listen to `change`, then, of a client's write, those who listen to `write` or `fileWrite`;
 * and once per turn of the event loop those who listen to `changes`.
 */
export class Changes {
  /** Nobody listens, and no other thread serves the unit: tables may be read and written without more ado. */
  idle = true;
  #guard: Guard | undefined;
  /** Undefined for what belongs to no unit. */
  readonly #unit: Unit | undefined;
  #listened: ReadonlySet<string> = new Set();
  #origin: Origin = 'program';
  /** Changes that belong together are in progress. */
  #held = 0;
  #telling = false;
  #queue: { readonly event: ChangeEvent; readonly origin: Origin }[] = [];
  readonly #dirty = new DirtyRanges();
  #scheduled = false;

  constructor(unit: Unit | undefined) {
    this.#unit = unit;
  }

  /** Keeps out the other threads that serve the unit; undefined while there are none. */
  get guard(): Guard | undefined {
    return this.#guard;
  }

  set guard(guard: Guard | undefined) {
    this.#guard = guard;
    this.#updateIdle();
  }

  #updateIdle(): void {
    this.idle = this.#guard === undefined && this.#listened.size === 0;
  }

  /** Knows from now on who listens to the unit, which is `emitter`. */
  follow(emitter: EventEmitter): void {
    const update = (added?: unknown) => {
      this.#listened = new Set(TOLD.filter((name) => name === added || emitter.listenerCount(name) > 0));
      this.#updateIdle();
    };
    // The first comes ahead of the listener, the other behind it.
    emitter.on('newListener', update);
    emitter.on('removeListener', () => update());
    update();
  }

  /** Touches memory while no other thread does. */
  run<T>(task: () => T): T {
    return this.#guard === undefined ? task() : this.#guard.run(task);
  }

  /** Makes changes that belong together: they are told when all of them are made. */
  by<T>(origin: Origin, task: () => T): T {
    const outer = this.#origin;
    this.#origin = origin;
    this.#held++;
    try {
      return this.run(task);
    } finally {
      this.#origin = outer;
      this.#held--;
      this.#tellAll();
    }
  }

  /** Writes an existing range of a table, and tells of it. */
  write<Value>(table: Changing<Value>, address: number, count: number, store: () => void, origin = this.#origin): void {
    const { spot } = table;
    if (this.#wantsValues(origin)) {
      const change = this.run(() => {
        const previous = table.getRange(address, count);
        store();
        return spot.change(address, table.getRange(address, count), previous);
      });
      this.#mark(spot, address, count, origin);
      this.#tell(change, origin);
    } else {
      this.run(store);
      this.#mark(spot, address, count, origin);
    }
  }

  /** Tells of a change of something that is no run of a table. */
  tell(key: string, place: Place, change: Change): void {
    if (this.#listened.has('changes')) {
      this.#schedule();
      this.#dirty.addWhole(key, place, sourceOf(this.#origin));
    }
    if (this.#listened.has('change')) this.#tell(change, this.#origin);
  }

  #wantsValues(origin: Origin): boolean {
    if (this.#listened.has('change')) return true;
    return isRequest(origin) && (this.#listened.has('write') || this.#listened.has('fileWrite'));
  }

  #mark({ key, place }: Spot<never>, address: number, count: number, origin: Origin): void {
    if (!this.#listened.has('changes')) return;
    this.#schedule();
    this.#dirty.addRun(key, address, count, place, sourceOf(origin));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const ranges = this.#dirty.take();
      if (this.#unit !== undefined) this.#emit('changes', [{ unit: this.#unit, ranges }], 'program');
    });
  }

  #tell(change: Change, origin: Origin): void {
    if (this.#unit === undefined) return;
    const event: ChangeEvent = { unit: this.#unit, by: sourceOf(origin), time: Date.now(), ...change };
    this.#queue.push({ event, origin });
    this.#tellAll();
  }

  /** In order: what a listener changes is told when all have been told of what came before. */
  #tellAll(): void {
    if (this.#telling || this.#held > 0) return;
    this.#telling = true;
    for (let round = 0; round < MAX_ROUNDS && this.#queue.length > 0; round++) {
      for (const { event, origin } of this.#queue.splice(0)) this.#tellOne(event, origin);
    }
    this.#telling = false;
    if (this.#queue.length > 0) setImmediate(() => this.#tellAll());
  }

  #tellOne(event: ChangeEvent, origin: Origin): void {
    this.#emit('change', [event], origin);
    const { unit, by } = event;
    if (!isRequest(origin) || typeof by === 'string') return;
    const { peer } = by;
    if (event.part === 'coils' || event.part === 'holdingRegisters') {
      const { part: table, address, values, previous } = event;
      this.#emit('write', [{ unit, table, address, values, previous, peer }], origin);
    } else if (event.part === 'files' && event.action === 'write') {
      const { file, record, values, previous } = event;
      this.#emit('fileWrite', [{ unit, file, record, values, previous, peer }], origin);
    }
  }

  #emit(name: string, details: unknown[], origin: Origin): void {
    const unit = this.#unit;
    if (unit === undefined || !this.#listened.has(name)) return;
    const outer = this.#origin;
    // What a listener does is the program's doing, whoever made the change that it is told of.
    this.#origin = 'program';
    emitSafely(unit, name, details, (thrown) => report(unit, origin, thrown));
    this.#origin = outer;
  }
}

/** The door of what belongs to no unit. */
export const UNHEARD = new Changes(undefined);

/** A request is a peer's: the program that changes something on behalf of a peer has no fault reported to a server. */
function isRequest(origin: Origin): origin is { readonly peer: Peer; report(thrown: unknown): void } {
  return typeof origin === 'object' && origin.report !== undefined;
}

function sourceOf(origin: Origin): ChangeSource {
  return typeof origin === 'string' ? origin : { peer: origin.peer };
}

/** A listener has failed: the server whose client made the change tells of it, or else the unit. */
function report(unit: Unit, origin: Origin, thrown: unknown): void {
  if (isRequest(origin)) origin.report(thrown);
  else {
    const message = `a listener failed: ${asError(thrown).message}`;
    emitError(unit, new HandlerError('HANDLER_FAILED', message, { unit: unit.id }, { cause: thrown }));
  }
}
