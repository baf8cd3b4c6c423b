import type { EventEmitter } from 'node:events';
import { emitError, emitSafely, type Listened } from '../emit.js';
import { asError, HandlerError } from '../errors.js';
import {
  type Change,
  type ChangeSource,
  type Circumstances,
  type Place,
  placeOf,
  type WholeChange,
} from './change-event.js';
import { DirtyRanges } from './dirty-ranges.js';
import { isRequest, type Origin, sourceOf } from './origin.js';
import type { Point } from './points/point.js';
import { hasChanged, observe, recall, valuesOf, type WrittenPoint } from './points/point-events.js';
import type { PointIndex } from './points/point-index.js';
import type { Spot } from './spot.js';

/** A unit, as its reports need it. */
export interface Reported extends Listened {
  readonly id: number;
}

/** A change to report. */
export interface Made {
  readonly change: Change;
  /** The same as a client made it. */
  readonly written: Change;
  readonly points: readonly WrittenPoint[];
}

/** The same, with all that its reports tell. */
interface Told extends Omit<Made, 'change'> {
  readonly event: Change & Circumstances & { readonly unit: Reported };
  readonly origin: Origin;
}

/** A table in memory, as reports need it. */
export interface Observed<Value> {
  readonly spot: Spot<Value>;
  getRange(address: number, count: number): Value[];
}

/** How many changes by listeners are reported at once; after that, the event loop gets its turn first. */
const MAX_BY_LISTENERS = 500;

/** Events that report changes. */
const TOLD = ['change', 'changes', 'write', 'fileWrite', 'pointChange', 'pointWrite'] as const;

/**
 * Tells the listeners of a unit what has changed, after it has taken effect: first with `change`, then, for a client's
 * write, with `write` or `fileWrite`, then with `pointChange` and `pointWrite` for each point; and once per turn of the
 * event loop with `changes`.
 */
export class Reports {
  /** Who makes the changes that say nothing else. */
  origin: Origin = 'program';
  /** Somebody listens to `read`. */
  readsHeard = false;
  /** The points of the unit. */
  points: PointIndex<Point> | undefined;
  /** Undefined for tables, files and queues outside a unit. */
  readonly #unit: Reported | undefined;
  #listened: ReadonlySet<string> = new Set();
  /** Depth of changes in progress that belong together. */
  #held = 0;
  #telling = false;
  #queue: Told[] = [];
  readonly #dirty = new DirtyRanges();
  #scheduled = false;

  constructor(unit: Reported | undefined) {
    this.#unit = unit;
  }

  /** Nobody listens. */
  get idle(): boolean {
    return this.#listened.size === 0;
  }

  /** Somebody listens to changes, whoever makes them. */
  get hearsAll(): boolean {
    return ['change', 'changes', 'pointChange'].some((name) => this.#listened.has(name));
  }

  /** From now on, tracks the listeners of the unit, which is `emitter`. @param updated called when they are others. */
  follow(emitter: EventEmitter, updated: () => void): void {
    const update = (added?: unknown) => {
      this.#listened = new Set(TOLD.filter((name) => name === added || emitter.listenerCount(name) > 0));
      this.readsHeard = added === 'read' || emitter.listenerCount('read') > 0;
      updated();
    };
    // The first event comes before the listener is added, the second after it is removed.
    emitter.on('newListener', update);
    emitter.on('removeListener', () => update());
    update();
  }

  /** Changes that belong together begin: they are reported after all are made. */
  hold(): void {
    this.#held++;
  }

  letGo(): void {
    this.#held--;
    this.#tellAll();
  }

  /** Reports a change that another thread has made in shared memory. */
  relay(change: Change & Circumstances): void {
    if (this.#unit === undefined) return;
    this.mark(placeOf(change), change.by);
    const points = 'address' in change ? this.#heardPoints(placeOf(change), 'program') : [];
    const written = 'address' in change ? points.map((point) => recall(point, change)) : [];
    this.#queue.push({ event: { unit: this.#unit, ...change }, written: change, points: written, origin: 'program' });
    this.#tellAll();
  }

  /** Has `store` change an existing range of a table, whose values are told. */
  observe<Value>(table: Observed<Value>, address: number, count: number, store: () => void, origin: Origin): Made {
    const { spot } = table;
    const previous = table.getRange(address, count);
    const points = observe(this.#heardPoints(spot.place(address, count), origin), store);
    const values = table.getRange(address, count);
    const change = spot.change(address, values, previous);
    return { change, written: spot.written?.(address, values, previous) ?? change, points };
  }

  /** Reports a change of something that is not a range of a table. */
  tellWhole(change: WholeChange): void {
    this.mark(placeOf(change), sourceOf(this.origin));
    if (this.#listened.has('change')) this.tell({ change, written: change, points: [] }, this.origin);
  }

  /** Whether its values are told. */
  wantsValues(origin: Origin): boolean {
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

  /** Has `changes` tell of it. */
  mark(place: Place, by: ChangeSource): void {
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

  tell({ change, written, points }: Made, origin: Origin): void {
    if (this.#unit === undefined) return;
    const event = { unit: this.#unit, by: sourceOf(origin), time: Date.now(), ...change };
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
    const outer = this.origin;
    // A listener acts for the program, whatever the source of the reported change.
    this.origin = 'program';
    emitSafely(unit, name, details, (thrown) => report(unit, origin, thrown));
    this.origin = outer;
  }
}

/** An event listener has failed: the server whose client made the change reports it, or else the unit. */
function report(unit: Reported, origin: Origin, thrown: unknown): void {
  if (isRequest(origin)) origin.report(thrown);
  else {
    const message = `a listener failed: ${asError(thrown).message}`;
    emitError(unit, new HandlerError('HANDLER_FAILED', message, { unit: unit.id }, { cause: thrown }));
  }
}
