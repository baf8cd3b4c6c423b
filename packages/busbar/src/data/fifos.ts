import {
  checkArray,
  checkInteger,
  checkList,
  checkMembers,
  checkMethod,
  checkOptions,
  type Path,
  withDefault,
} from '../checks.js';
import { DataError, formatPath, OptionsError, StateError } from '../errors.js';
import { after } from '../promise.js';
import { ADDRESS_COUNT } from '../protocol/limits.js';
import { type Changes, UNHEARD } from './changes.js';
import { checkAnswer } from './handlers.js';
import { type Context, contextOf } from './request.js';
import { shareable } from './shared-memory.js';
import { requireInteger } from './typed-values.js';

/** A FIFO queue at the pointer address `pointer` (0..65535), with its initial values, oldest first. */
export interface FifoBlock {
  readonly pointer: number;
  readonly values?: readonly number[] | undefined;
}

/** FIFO queues as function 18 uses them. */
export interface FifoSource {
  readonly inMemory: boolean;
  /** The queue's registers; undefined if there is no queue at `pointer`. */
  read(pointer: number, request: Context): ArrayLike<number> | undefined | Promise<ArrayLike<number>>;
}

/** A queue in memory that threads share. */
export interface SharedQueue {
  readonly ring: Uint16Array;
  readonly state: Int32Array;
}

const INITIAL_ROOM = 16;
const HEAD = 0;
const LENGTH = 1;

/**
 * A queue of registers. The program pushes and drains; clients read it without changing it (AP, clause 6.18). While it
 * holds more than 31 registers, clients get exception 03.
 */
export class FifoQueue {
  /** A ring buffer. While shared, it has room for the longest queue. */
  #ring: Uint16Array = new Uint16Array(INITIAL_ROOM);
  /** Index of the oldest register in the ring, and how many there are. */
  #state: Int32Array = new Int32Array(2);
  readonly #pointer: number;
  #changes = UNHEARD;

  /** @internal */
  constructor(pointer: number, values: readonly number[] = []) {
    this.#pointer = pointer;
    this.#append(values);
  }

  get length(): number {
    return this.#state[LENGTH];
  }

  /** The registers in the queue, oldest first. */
  get values(): readonly number[] {
    return this.#changes.run(() => this.#oldest(this.length));
  }

  /** Appends registers, each 0..65535. @throws DataError `INVALID_VALUE`; then nothing was appended. */
  push(...values: number[]): void {
    for (const value of values) requireInteger(value, 0, 0xffff, 'FIFO queue');
    if (values.length === 0) return;
    this.#changes.run(() => this.#append(values));
    this.#tell('push', values);
  }

  /** Removes and returns the `count` oldest registers, or all. */
  drain(count: number = ADDRESS_COUNT): number[] {
    const taken = this.#changes.run(() => this.#take(count));
    if (taken.length > 0) this.#tell('drain', taken);
    return taken;
  }

  /** From now on, `changes` makes all its changes. @internal */
  belongTo(changes: Changes): void {
    this.#changes = changes;
  }

  #tell(action: 'push' | 'drain', values: readonly number[]): void {
    if (this.#changes.idle) return;
    this.#changes.tell({ part: 'fifos', pointer: this.#pointer, action, values: [...values] });
  }

  /** As for tables. @internal */
  share(storage?: SharedQueue): SharedQueue {
    if (storage === undefined) this.#reserve(ADDRESS_COUNT);
    this.#ring = storage?.ring ?? shareable(this.#ring);
    this.#state = storage?.state ?? shareable(this.#state);
    return { ring: this.#ring, state: this.#state };
  }

  #oldest(count: number): number[] {
    return Array.from({ length: count }, (_, i) => this.#ring[(this.#state[HEAD] + i) % this.#ring.length]);
  }

  #take(count: number): number[] {
    const taken = this.#oldest(Math.max(0, Math.min(count, this.length)));
    this.#state[HEAD] = (this.#state[HEAD] + taken.length) % this.#ring.length;
    this.#state[LENGTH] -= taken.length;
    return taken;
  }

  #append(values: readonly number[]): void {
    const length = this.length + values.length;
    if (length > ADDRESS_COUNT) {
      throw new DataError('INVALID_VALUE', `FIFO queue: more than ${ADDRESS_COUNT} registers; drain it`);
    }
    this.#reserve(length);
    const end = this.#state[HEAD] + this.length;
    for (const [i, value] of values.entries()) this.#ring[(end + i) % this.#ring.length] = value;
    this.#state[LENGTH] = length;
  }

  /** Makes room; a shared ring already has it. */
  #reserve(room: number): void {
    if (room <= this.#ring.length) return;
    const ring = new Uint16Array(Math.min(ADDRESS_COUNT, Math.max(room, 2 * this.#ring.length)));
    ring.set(this.#oldest(this.length));
    this.#ring = ring;
    this.#state[HEAD] = 0;
  }
}

/** The FIFO queues of a unit in memory, by pointer address. */
export class Fifos {
  readonly inMemory = true;
  readonly #queues = new Map<number, FifoQueue>();
  #changes = UNHEARD;

  /** As for tables. @internal */
  belongTo(changes: Changes): void {
    this.#changes = changes;
    for (const queue of this.#queues.values()) queue.belongTo(changes);
  }

  /** Pointer addresses that have a queue. */
  get pointers(): number[] {
    return [...this.#queues.keys()].sort((a, b) => a - b);
  }

  get(pointer: number): FifoQueue | undefined {
    return this.#queues.get(pointer);
  }

  /**
   * Creates a queue, or replaces it.
   * @param pointer 0..65535
   * @throws OptionsError if the pointer or a value is wrong, StateError `UNIT_SHARED` while a synchronous server serves
   * the unit.
   */
  create(pointer: number, values: readonly number[] = []): FifoQueue {
    this.#refuseShared();
    const key = checkPointer(pointer, ['pointer']);
    const queue = new FifoQueue(key, checkValues(values, ['values']));
    queue.belongTo(this.#changes);
    this.#queues.get(key)?.belongTo(UNHEARD);
    this.#queues.set(key, queue);
    this.#tell('create', key);
    return queue;
  }

  /** @returns whether the queue existed. @throws StateError as `create()`. */
  delete(pointer: number): boolean {
    this.#refuseShared();
    this.#queues.get(pointer)?.belongTo(UNHEARD);
    const existed = this.#queues.delete(pointer);
    if (existed) this.#tell('delete', pointer);
    return existed;
  }

  #tell(action: 'create' | 'delete', pointer: number): void {
    this.#changes.tell({ part: 'fifos', pointer, action });
  }

  /** Other threads know only the queues that existed when they started. */
  #refuseShared(): void {
    if (this.#changes.guard === undefined) return;
    throw new StateError(
      'UNIT_SHARED',
      'queues cannot be created or deleted while a synchronous server serves the unit',
    );
  }

  /** As for tables. @internal */
  share(storage?: ReadonlyMap<number, SharedQueue>): Map<number, SharedQueue> {
    const queues = [...this.#queues].map(([pointer, queue]): [number, SharedQueue] => [
      pointer,
      queue.share(storage?.get(pointer)),
    ]);
    return new Map(queues);
  }

  /** @internal */
  static of(blocks: unknown, path: Path): Fifos {
    const fifos = new Fifos();
    const places = new Map<number, Path>();
    const check = (pointer: unknown, at: Path) => {
      const key = checkPointer(pointer, at);
      const other = places.get(key);
      if (other !== undefined) throw new OptionsError(at, `${formatPath(other)} has the pointer ${key} already`);
      places.set(key, at.slice(0, -1));
      fifos.#queues.set(key, new FifoQueue(key));
      return key;
    };
    const checks = { pointer: check, values: withDefault(checkValues, []) };
    checkList(blocks, path, (block, at) => {
      const { pointer, values } = checkOptions(block, checks, at);
      fifos.get(pointer)?.push(...values);
    });
    return fifos;
  }

  /** @internal */
  read(pointer: number): readonly number[] | undefined {
    return this.#queues.get(pointer)?.values;
  }
}

function checkPointer(pointer: unknown, path: Path): number {
  return checkInteger(pointer, 0, ADDRESS_COUNT - 1, path);
}

function checkValues(values: unknown, path: Path): number[] {
  const { length } = checkArray(values, path);
  if (length > ADDRESS_COUNT) {
    throw new OptionsError(path, `expected at most ${ADDRESS_COUNT} values, found ${length}`);
  }
  return checkList(values, path, (value, at) => checkInteger(value, 0, 0xffff, at));
}

/** @param handlers of a user, unchecked. */
export function fifoHandlers(handlers: unknown, path: Path): FifoSource {
  const { read } = checkMembers(handlers, { read: checkMethod }, path);
  return {
    inMemory: false,
    read(pointer, request) {
      const answer = read({ ...contextOf(request), pointer });
      return after(answer, (values) => checkAnswer(values, 0, ADDRESS_COUNT, 'fifos', request));
    },
  };
}
