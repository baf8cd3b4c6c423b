import type { EventEmitter } from 'node:events';
import { emitError, emitSafely } from '../emit.js';
import { asError, HandlerError } from '../errors.js';
import type { Peer } from '../peer.js';
import {
  type Change,
  type ChangeEvent,
  type ChangeSource,
  type Circumstances,
  type Place,
  placeOf,
} from './change-event.js';
import { DirtyRanges } from './dirty-ranges.js';
import type { Point } from './points/point.js';
import { hasChanged, observe, recall, valuesOf, type WrittenPoint } from './points/point-events.js';
import type { PointIndex } from './points/point-index.js';
import { type Guard, UnitWord } from './shared-memory.js';
import type { Unit } from './unit.js';

/** Who makes a change. A request also says where to report a listener's error. */
export type Origin = string | { readonly peer: Peer; report?(thrown: unknown): void };

/** A table in memory, as the reports of changes need it. */
export interface Changing<Value> {
  readonly spot: Spot<Value>;
  getRange(address: number, count: number): Value[];
}

/** The place of a table in its unit. */
export interface Spot<Value> {
  /** Its name in messages. */
  readonly name: string;
  readonly place: (address: number, quantity: number) => Place;
  readonly change: (address: number, values: readonly Value[], previous: readonly Value[]) => Change;
  /** The change as a client made it, where it is told as another. */
  readonly written?: (address: number, values: readonly Value[], previous: readonly Value[]) => Change;
}

/** A change to report. */
interface Made {
  readonly change: Change;
  /** The same as a client made it. */
  readonly written: Change;
  readonly points: readonly WrittenPoint[];
}

/** The same, with all that its reports tell. */
interface Told extends Omit<Made, 'change'> {
  readonly event: ChangeEvent;
  readonly origin: Origin;
}

/** How many changes by listeners are reported at once; after that, the event loop gets its turn first. */
const MAX_BY_LISTENERS = 500;

/** Events that report changes. */
const TOLD = ['change', 'changes', 'write', 'fileWrite', 'pointChange', 'pointWrite'] as const;

/**
 * Makes all changes of a unit's memory. It keeps other threads out meanwhile, and reports a change after it has taken
 * effect: first with `change`, then, for a client's write, with `write` or `fileWrite`, then with `pointChange` and
 * `pointWrite` for each point; and once per turn of the event loop with `changes`.
 */
export class Changes {
  /** Nobody listens, and no other thread serves the unit: tables may be read and written directly. */
  idle = true;
  /** Somebody listens to `read`. */
  readsHeard = false;
  #guard: Guard | undefined;
  /** The unit's words, where other threads see whether somebody listens; undefined while there are none. */
  #words: Int32Array | undefined;
  /** Undefined for tables, files and queues outside a unit. */
  readonly #unit: Unit | undefined;
  #listened: ReadonlySet<string> = new Set();
  #origin: Origin = 'program';
  /** Depth of changes in progress that belong together. */
  #held = 0;
  #telling = false;
  #queue: Told[] = [];
  /** The points of the unit. */
  points: PointIndex<Point> | undefined;
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

  /** Shows other threads whether somebody listens. @param words of the unit; undefined to stop. */
  showListeners(words: Int32Array | undefined): void {
    this.#words = words;
    this.#updateIdle();
  }

  /** Reports a change that another thread has made in shared memory. */
  relay(change: Change & Circumstances): void {
    if (this.#unit === undefined) return;
    this.#mark(placeOf(change), change.by);
    const points = 'address' in change ? this.#heardPoints(placeOf(change), 'program') : [];
    const written = 'address' in change ? points.map((point) => recall(point, change)) : [];
    this.#queue.push({ event: { unit: this.#unit, ...change }, written: change, points: written, origin: 'program' });
    this.#tellAll();
  }

  #updateIdle(): void {
    this.idle = this.#guard === undefined && this.#listened.size === 0;
    const listening = ['change', 'changes', 'pointChange'].some((name) => this.#listened.has(name));
    if (this.#words !== undefined) Atomics.store(this.#words, UnitWord.listening, Number(listening));
  }

  /** From now on, tracks the listeners of the unit, which is `emitter`. */
  follow(emitter: EventEmitter): void {
    const update = (added?: unknown) => {
      this.#listened = new Set(TOLD.filter((name) => name === added || emitter.listenerCount(name) > 0));
      this.readsHeard = added === 'read' || emitter.listenerCount('read') > 0;
      this.#updateIdle();
    };
    // The first event comes before the listener is added, the second after it is removed.
    emitter.on('newListener', update);
    emitter.on('removeListener', () => update());
    update();
  }

  /** Accesses memory while other threads are kept out. */
  run<T>(task: () => T): T {
    return this.#guard === undefined ? task() : this.#guard.run(task);
  }

  /** Makes changes that belong together: they are reported after all are made. */
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

  /** Writes an existing range of a table, and reports it. */
  write<Value>(
    table: Changing<Value>,
    address: number,
    count: number,
    store: () => void,
    origin: Origin = this.#origin,
  ): void {
    const { spot } = table;
    if (this.#wantsValues(origin)) {
      const place = spot.place(address, count);
      const told = this.run(() => {
        const previous = table.getRange(address, count);
        const points = observe(this.#heardPoints(place, origin), store);
        const values = table.getRange(address, count);
        const change = spot.change(address, values, previous);
        return { change, written: spot.written?.(address, values, previous) ?? change, points };
      });
      this.#mark(place, sourceOf(origin));
      this.#tell(told, origin);
    } else {
      this.run(store);
      this.#mark(spot.place(address, count), sourceOf(origin));
    }
  }

  /** Reports a change of something that is not a range of a table. */
  tell(change: Change): void {
    this.#mark(placeOf(change), sourceOf(this.#origin));
    if (this.#listened.has('change')) this.#tell({ change, written: change, points: [] }, this.#origin);
  }

  #wantsValues(origin: Origin): boolean {
    if (this.#listened.has('change') || this.#hearsPoints(origin)) return true;
    return isRequest(origin) && (this.#listened.has('write') || this.#listened.has('fileWrite'));
  }

  #hearsPoints(origin: Origin): boolean {
    return this.#listened.has('pointChange') || (isRequest(origin) && this.#listened.has('pointWrite'));
  }

  /** The points in a place, if somebody hears of them. */
  #heardPoints(place: Place, origin: Origin): readonly Point[] {
    if (this.points === undefined || !('address' in place) || !this.#hearsPoints(origin)) return [];
    return this.points.at(place.part, place.address, place.quantity);
  }

  #mark(place: Place, by: ChangeSource): void {
    if (!this.#listened.has('changes')) return;
    this.#schedule();
    this.#dirty.add(place, by);
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

  #tell({ change, written, points }: Made, origin: Origin): void {
    if (this.#unit === undefined) return;
    const event: ChangeEvent = { unit: this.#unit, by: sourceOf(origin), time: Date.now(), ...change };
    this.#queue.push({ event, written, points, origin });
    this.#tellAll();
  }

  /** Reports in order: a listener's own change is reported after every listener has got the earlier ones. */
  #tellAll(): void {
    if (this.#telling || this.#held > 0) return;
    this.#telling = true;
    const most = this.#queue.length + MAX_BY_LISTENERS;
    let told = 0;
    // Taking the first one off a long list each time would cost its length each time.
    for (; told < this.#queue.length && told < most; told++) {
      const next = this.#queue[told];
      this.#tellOne(next);
      for (const point of next.points) this.#tellPoint(point, next);
    }
    this.#queue.splice(0, told);
    this.#telling = false;
    if (this.#queue.length > 0) setImmediate(() => this.#tellAll());
  }

  #tellOne({ event, written, origin }: Told): void {
    this.#emit('change', [event], origin);
    const { unit, by } = event;
    if (!isRequest(origin) || typeof by === 'string') return;
    const { peer } = by;
    if (written.part === 'coils' || written.part === 'holdingRegisters') {
      const { part: table, address, values, previous } = written;
      this.#emit('write', [{ unit, table, address, values, previous, peer }], origin);
    } else if (written.part === 'files' && written.action === 'write') {
      const { file, record, values, previous } = written;
      this.#emit('fileWrite', [{ unit, file, record, values, previous, peer }], origin);
    }
  }

  /** A single bit of a register counts as written only if it has changed: nothing else tells which bit was meant. */
  #tellPoint(written: WrittenPoint, { event, origin }: Told): void {
    const { unit, by, time } = event;
    const isChange = hasChanged(written);
    if (isChange && this.#listened.has('pointChange')) {
      this.#emit('pointChange', [{ unit, ...valuesOf(written), by, time }], origin);
    }
    if (!isRequest(origin) || typeof by === 'string' || !this.#listened.has('pointWrite')) return;
    if (!isChange && written.point.stored.bit !== undefined) return;
    this.#emit('pointWrite', [{ unit, ...valuesOf(written), peer: by.peer }], origin);
  }

  #emit(name: string, details: unknown[], origin: Origin): void {
    const unit = this.#unit;
    if (unit === undefined || !this.#listened.has(name)) return;
    const outer = this.#origin;
    // A listener acts for the program, whatever the source of the reported change.
    this.#origin = 'program';
    emitSafely(unit, name, details, (thrown) => report(unit, origin, thrown));
    this.#origin = outer;
  }
}

/** The changes of anything outside a unit. */
export const UNHEARD: Changes = new Changes(undefined);

/** Only a request has `report`: if the program changes something on behalf of a peer, no server gets the error. */
function isRequest(origin: Origin): origin is { readonly peer: Peer; report(thrown: unknown): void } {
  return typeof origin === 'object' && origin.report !== undefined;
}

function sourceOf(origin: Origin): ChangeSource {
  return typeof origin === 'string' ? origin : { peer: origin.peer };
}

/** An event listener has failed: the server whose client made the change reports it, or else the unit. */
function report(unit: Unit, origin: Origin, thrown: unknown): void {
  if (isRequest(origin)) origin.report(thrown);
  else {
    const message = `a listener failed: ${asError(thrown).message}`;
    emitError(unit, new HandlerError('HANDLER_FAILED', message, { unit: unit.id }, { cause: thrown }));
  }
}
