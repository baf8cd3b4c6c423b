import { DataError, OptionsError } from '../errors.js';
import { checkArray, checkFunction, checkInteger, checkKeys, type Path } from '../options.js';
import { ADDRESS_COUNT } from '../pdu/limits.js';
import { isPromiseLike } from '../promise.js';
import { checkAnswer } from './handlers.js';
import type { RequestContext } from './request.js';
import { requireInteger } from './typed-values.js';

/** A FIFO queue behind the pointer address `pointer` (0..65535), with what it holds at first, oldest first. */
export interface FifoBlock {
  readonly pointer: number;
  readonly values?: readonly number[];
}

/** FIFO queues that the program answers itself. Throw a `ModbusException` to refuse (02: no queue there). */
export interface FifoHandlers {
  /** Answers the queue's registers, oldest first; more than 31 make exception 03. */
  read(context: RequestContext & { readonly pointer: number }): ArrayLike<number> | Promise<ArrayLike<number>>;
}

/** What function 18 needs. */
export interface FifoSource {
  readonly inMemory: boolean;
  /** The queue's registers; undefined if there is no queue at `pointer`. */
  read(pointer: number, request: RequestContext): ArrayLike<number> | undefined | Promise<ArrayLike<number>>;
}

/**
 * A queue of registers. The program pushes and drains; clients read it without changing it (AP, clause 6.18). While it holds
 * more than 31 registers, clients get exception 03.
 */
export class FifoQueue {
  readonly #values: number[] = [];

  /** @param values oldest first, each 0..65535. */
  constructor(values: readonly number[] = []) {
    this.push(...values);
  }

  get length(): number {
    return this.#values.length;
  }

  /** What it holds, oldest first. */
  get values(): readonly number[] {
    return [...this.#values];
  }

  /** Appends registers, each 0..65535. @throws DataError `INVALID_VALUE`; then nothing was appended. */
  push(...values: number[]): void {
    for (const value of values) requireInteger(value, 0, 0xffff, 'FIFO queue');
    if (this.#values.length + values.length > ADDRESS_COUNT) {
      throw new DataError('INVALID_VALUE', `FIFO queue: more than ${ADDRESS_COUNT} registers; drain it`);
    }
    this.#values.push(...values);
  }

  /** Takes the `count` oldest registers out, or all. */
  drain(count = this.#values.length): number[] {
    return this.#values.splice(0, count);
  }
}

/** The FIFO queues of a unit in memory, by pointer address. */
export class Fifos implements FifoSource {
  readonly inMemory = true;
  readonly #queues = new Map<number, FifoQueue>();

  /** Pointer addresses that have a queue. */
  get pointers(): number[] {
    return [...this.#queues.keys()].sort((a, b) => a - b);
  }

  get(pointer: number): FifoQueue | undefined {
    return this.#queues.get(pointer);
  }

  /** Makes a queue, or replaces it. @param pointer 0..65535 */
  create(pointer: number, values: readonly number[] = []): FifoQueue {
    const queue = new FifoQueue(values);
    this.#queues.set(checkInteger(pointer, 0, ADDRESS_COUNT - 1, ['pointer']), queue);
    return queue;
  }

  /** @returns whether there was such a queue. */
  delete(pointer: number): boolean {
    return this.#queues.delete(pointer);
  }

  /** @internal */
  static of(blocks: unknown, path: Path): Fifos {
    const fifos = new Fifos();
    checkArray(blocks, path).forEach((block, i) => {
      const at = [...path, i];
      checkKeys(block, ['pointer', 'values'], at);
      const { pointer, values = [] } = block as { pointer?: unknown; values?: unknown };
      const key = checkInteger(pointer, 0, ADDRESS_COUNT - 1, [...at, 'pointer']);
      if (fifos.get(key) !== undefined) throw new OptionsError([...at, 'pointer'], `there is another queue at ${key}`);
      fifos.create(key, checkValues(values, [...at, 'values']));
    });
    return fifos;
  }

  /** @internal */
  read(pointer: number): readonly number[] | undefined {
    return this.#queues.get(pointer)?.values;
  }
}

function checkValues(values: unknown, path: Path): number[] {
  return checkArray(values, path).map((value, i) => checkInteger(value, 0, 0xffff, [...path, i]));
}

/** Wraps a user's queue handlers. */
export function fifoHandlers(handlers: FifoHandlers, path: Path): FifoSource {
  checkFunction(handlers.read, [...path, 'read']);
  return {
    inMemory: false,
    read(pointer, request) {
      const { unit, unitId, functionCode, client } = request;
      const answer: unknown = handlers.read({ unit, unitId, functionCode, client, pointer });
      const check = (values: unknown) => checkAnswer(values, 0, ADDRESS_COUNT, 'fifos', request);
      return isPromiseLike(answer) ? Promise.resolve(answer).then(check) : check(answer);
    },
  };
}
