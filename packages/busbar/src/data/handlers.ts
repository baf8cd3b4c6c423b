import { type ChecksTo, checkMembers, checkMethod, type Method, optional, type Path, show } from '../checks.js';
import { HandlerError } from '../errors.js';
import { after, isPromiseLike, toPromise } from '../promise.js';
import { type Range, rangeChecks } from '../protocol/address-range.js';
import { packBits, toBooleans, unpackBits } from '../protocol/bits.js';
import { readRegisters, writeUint16 } from '../protocol/bytes.js';
import { ADDRESS_COUNT } from '../protocol/limits.js';
import type { TableName } from '../protocol/tables.js';
import { checkRanges, Layout } from './blocks.js';
import { type Context, contextOf } from './request.js';
import type { Table, TableParts } from './table.js';

/** The wire form of values of one kind. */
export interface Codec<Value> {
  readonly expected: string;
  /** @returns false if one of the values is not of this kind. */
  encode(values: ArrayLike<Value>, quantity: number, target: Uint8Array, at: number): boolean;
  decode(source: Uint8Array, at: number, quantity: number): Value[];
}

export const bitCodec: Codec<boolean> = {
  expected: 'booleans',
  encode(values, quantity, target, at) {
    const bits = new Uint8Array(quantity);
    for (let i = 0; i < quantity; i++) {
      const value = values[i];
      if (typeof value !== 'boolean') return false;
      bits[i] = value ? 1 : 0;
    }
    packBits(bits, 0, bits.length, target, at);
    return true;
  },
  decode(source, at, quantity) {
    const bits = new Uint8Array(quantity);
    unpackBits(source, at, quantity, bits, 0);
    return toBooleans(bits);
  },
};

export const registerCodec: Codec<number> = {
  expected: 'integers from 0 to 65535',
  encode(values, quantity, target, at) {
    for (let i = 0; i < quantity; i++) {
      const value = values[i];
      if (!Number.isInteger(value) || value < 0 || value > 0xffff) return false;
      writeUint16(target, at + 2 * i, value);
    }
    return true;
  },
  decode: readRegisters,
};

/** A user's handlers. */
export interface Handlers {
  readonly read: Method;
  readonly write: Method | undefined;
}

/** Their checks. */
export const METHODS: ChecksTo<Handlers> = { read: checkMethod, write: optional(checkMethod) };

interface TableContext extends Context {
  readonly table: TableName;
  readonly address: number;
  readonly quantity: number;
}

export class HandlerTable<Value> implements Table, TableParts {
  readonly inMemory = false;
  readonly parts: TableParts = this;
  readonly #name: TableName;
  readonly #layout: Layout;
  readonly #handlers: Handlers;
  readonly #codec: Codec<Value>;

  constructor(name: TableName, layout: Layout, handlers: Handlers, codec: Codec<Value>) {
    this.#name = name;
    this.#layout = layout;
    this.#handlers = handlers;
    this.#codec = codec;
  }

  /** Handlers take addresses, so an address is its own index. */
  locate(address: number, quantity: number): number {
    return this.#layout.locate(address, quantity) < 0 ? -1 : address;
  }

  get ranges(): Range[] {
    return this.#layout.ranges;
  }

  /** A range that doesn't exist is refused without a call. */
  isStored(address: number, quantity: number): boolean {
    return this.#layout.locate(address, quantity) < 0;
  }

  isWritable(): boolean {
    return this.#handlers.write !== undefined;
  }

  read(address: number, quantity: number, target: Uint8Array, at: number, request: Context): void | Promise<void> {
    const context = this.#context(address, quantity, request);
    const answer = this.#handlers.read(context);
    return after(answer, (values) => this.#encode(values, context, target, at));
  }

  write(address: number, quantity: number, source: Uint8Array, at: number, request: Context): void | Promise<void> {
    const values = this.#codec.decode(source, at, quantity);
    const done = this.#handlers.write?.(this.#context(address, quantity, request), values);
    if (isPromiseLike(done)) return toPromise(done).then(() => undefined);
  }

  #context(address: number, quantity: number, request: Context): TableContext {
    return { table: this.#name, address, quantity, ...contextOf(request) };
  }

  #encode(answer: unknown, context: TableContext, target: Uint8Array, at: number): void {
    const { quantity } = context;
    if (lengthOf(answer) === quantity && this.#codec.encode(answer as ArrayLike<Value>, quantity, target, at)) return;
    throw answerError(answer, `${context.quantity} ${this.#codec.expected}`, context, context);
  }
}

function lengthOf(answer: unknown): number | undefined {
  if (typeof answer !== 'object' || answer === null || !('length' in answer)) return undefined;
  const { length } = answer;
  return typeof length === 'number' && Number.isInteger(length) && length >= 0 ? length : undefined;
}

function answerError(
  answer: unknown,
  expected: string,
  { unit, functionCode }: Context,
  range: { table: string; address?: number; quantity?: number },
): HandlerError {
  const length = lengthOf(answer);
  const found = length === undefined ? show(answer) : `${show(answer)} of length ${length}`;
  const message = `the read handler must return ${expected}, found ${found}`;
  const { table, address, quantity } = range;
  return new HandlerError('HANDLER_ANSWER', message, { unit: unit.id, functionCode, table, address, quantity });
}

/**
 * Checks the registers that a handler of files or FIFO queues returned. @returns a copy, so that exactly the checked
 * values are sent.
 */
export function checkAnswer(
  answer: unknown,
  min: number,
  max: number,
  table: string,
  request: Context,
): ArrayLike<number> {
  const length = lengthOf(answer) ?? -1;
  if (length >= min && length <= max) {
    const scratch = new Uint8Array(2 * length);
    if (registerCodec.encode(answer as ArrayLike<number>, length, scratch, 0)) return readRegisters(scratch, 0, length);
  }
  const count = min === max ? `${min}` : `${min} to ${max}`;
  throw answerError(answer, `${count} ${registerCodec.expected}`, request, { table });
}

/** @param handlers for a whole table, unchecked. */
export function handlerTable<Value>(name: TableName, handlers: unknown, path: Path, codec: Codec<Value>): Table {
  const { ranges, ...methods } = checkMembers(handlers, { ranges: checkHandledRanges, ...METHODS }, path);
  return new HandlerTable(name, new Layout(ranges), methods, codec);
}

function checkHandledRanges(ranges: unknown = [{ start: 0, count: ADDRESS_COUNT }], path: Path): Range[] {
  return checkRanges(ranges, path, (range, at) => checkMembers(range, rangeChecks(), at));
}
