import { checkMembers, type Path } from '../checks.js';
import { type Numbering, type Range, rangeChecks } from '../protocol/address-range.js';
import { packBits, unpackBits } from '../protocol/bits.js';
import { copyBytes } from '../protocol/bytes.js';
import { ADDRESS_COUNT } from '../protocol/limits.js';
import type { TableName } from '../protocol/tables.js';
import type { BitTable } from './bit-table.js';
import { checkRanges, type FilledRange, Layout } from './blocks.js';
import { type Changes, UNHEARD } from './changes.js';
import { type Codec, type Handlers, HandlerTable, METHODS } from './handlers.js';
import type { Claim } from './points/claims.js';
import type { RegisterTable } from './registers.js';
import type { ServedRequest } from './request.js';
import type { Table, TableParts } from './table.js';

/** A run of addresses of the table in memory, or of a user's handler. */
interface Piece extends Range {
  readonly table: Table;
}

/** The layout of items in a buffer that is addressed by item. */
interface Form {
  readonly bytesPerItem: number;
  toWire(items: Uint8Array, index: number, quantity: number, target: Uint8Array, at: number): void;
  fromWire(source: Uint8Array, at: number, quantity: number, items: Uint8Array, index: number): void;
}

/** One byte per bit. */
export const bitForm: Form = { bytesPerItem: 1, toWire: packBits, fromWire: unpackBits };

export const registerForm: Form = {
  bytesPerItem: 2,
  toWire: (items, index, quantity, target, at) => copyBytes(items, 2 * index, 2 * quantity, target, at),
  fromWire: (source, at, quantity, items, index) => copyBytes(source, at, 2 * quantity, items, 2 * index),
};

/** A table in memory, except for the ranges of a user's handlers. */
export class MixedTable<Memory extends BitTable | RegisterTable> implements Table, TableParts {
  readonly inMemory = false;
  readonly parts: TableParts = this;
  readonly memory: Memory;
  readonly #form: Form;
  #changes = UNHEARD;
  readonly #layout: Layout;
  /** By address. */
  readonly #pieces: readonly Piece[];

  constructor(memory: Memory, handled: readonly Piece[], form: Form) {
    this.memory = memory;
    this.#form = form;
    const stored = memory.ranges.map((range) => ({ ...range, table: memory }));
    this.#pieces = [...stored, ...handled].sort((a, b) => a.start - b.start);
    this.#layout = new Layout(this.#pieces);
  }

  belongTo(changes: Changes): void {
    this.#changes = changes;
    this.memory.belongTo(changes);
  }

  /** Pieces take addresses, so an address is its own index. */
  locate(address: number, quantity: number): number {
    return this.#layout.locate(address, quantity) < 0 ? -1 : address;
  }

  isStored(address: number, quantity: number): boolean {
    return this.memory.locate(address, quantity) >= 0 || this.#layout.locate(address, quantity) < 0;
  }

  isWritable(address: number, quantity: number): boolean {
    return this.#partsOf(address, quantity, false).every(
      ({ table, start, count }) => table.parts?.isWritable(start, count) !== false,
    );
  }

  /** Calls all handlers at once. Memory is read when they have answered, so it is of one moment. */
  read(
    address: number,
    quantity: number,
    target: Uint8Array,
    at: number,
    request: ServedRequest,
  ): void | Promise<void> {
    const stored = this.memory.locate(address, quantity);
    if (stored >= 0) return this.memory.read(stored, quantity, target, at);
    const items = new Uint8Array(this.#form.bytesPerItem * quantity);
    const readAll = (stored: boolean) =>
      this.#partsOf(address, quantity, stored).map((part) => this.#readPart(part, items, address, request));
    const finish = () => {
      readAll(true);
      this.#form.toWire(items, 0, quantity, target, at);
    };
    const pending = readAll(false).filter((each) => each !== undefined);
    if (pending.length === 0) return finish();
    return Promise.all(pending).then(finish);
  }

  /** A throw becomes a rejection, so that no other handler's promise goes unhandled. */
  #readPart(
    { table, start, count }: Piece,
    items: Uint8Array,
    address: number,
    request: ServedRequest,
  ): Promise<void> | undefined {
    const wire = new Uint8Array(2 * count);
    const take = () => this.#form.fromWire(wire, 0, count, items, start - address);
    try {
      const pending = table.read(table.locate(start, count), count, wire, 0, request);
      if (pending !== undefined) return pending.then(take);
      take();
      return undefined;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Handlers write their parts one after the other. Memory changes after all have succeeded, and stays unchanged if one
   * refuses.
   */
  write(
    address: number,
    quantity: number,
    source: Uint8Array,
    at: number,
    request: ServedRequest,
  ): void | Promise<void> {
    const items = new Uint8Array(this.#form.bytesPerItem * quantity);
    this.#form.fromWire(source, at, quantity, items, 0);
    const writePart = (part: Piece) => (request.expired ? undefined : this.#writePart(part, items, address, request));
    const stored = this.#partsOf(address, quantity, true);
    const store = () => {
      if (request.expired || stored.length === 0) return;
      this.#changes.by(request, () => {
        for (const part of stored) writePart(part);
      });
    };
    const pending = inOrder(this.#partsOf(address, quantity, false), writePart);
    return pending === undefined ? store() : pending.then(store);
  }

  #writePart({ table, start, count }: Piece, items: Uint8Array, address: number, request: ServedRequest) {
    const wire = new Uint8Array(2 * count);
    this.#form.toWire(items, start - address, count, wire, 0);
    return table.write(start, count, wire, 0, request);
  }

  /** The parts of a range that are in memory, or those that are not, in order of address. */
  #partsOf(address: number, quantity: number, stored: boolean): Piece[] {
    const end = address + quantity;
    return this.#pieces.flatMap(({ table, start, count }) => {
      const from = Math.max(start, address);
      const to = Math.min(start + count, end);
      return from < to && (table === this.memory) === stored ? [{ table, start: from, count: to - from }] : [];
    });
  }
}

/** Runs the task on one item after the other. Returns a promise only if a task returns one. */
function inOrder<T>(items: readonly T[], task: (item: T) => void | Promise<void>): void | Promise<void> {
  for (const [i, item] of items.entries()) {
    const pending = task(item);
    if (pending !== undefined) return pending.then(() => inOrder(items.slice(i + 1), task));
  }
}

/** What differs between tables of bits and of registers. */
export interface ItemKind<Value, Name extends TableName> {
  readonly codec: Codec<Value>;
  readonly form: Form;
  /** Checks a block in memory. */
  checkBlock(block: unknown, numbering: Numbering, path: Path): FilledRange<number>;
  createMemory(name: Name, blocks: readonly FilledRange<number>[]): BitTable | RegisterTable;
}

/** A block with a user's handlers. */
interface HandledRange extends Range, Handlers {}

type CheckedRange = FilledRange<number> | HandledRange;

/** Makes a table of blocks, of which some may have handlers, and of points. @param first number of the first item. */
export function blockTable<Value, Name extends TableName>(
  name: Name,
  option: unknown,
  path: Path,
  first: number,
  kind: ItemKind<Value, Name>,
  claims: readonly Claim[],
): Table {
  const numbering = { first, end: first + ADDRESS_COUNT };
  const check = (block: unknown, at: Path): CheckedRange =>
    isHandled(block)
      ? checkMembers(block, { ...rangeChecks(numbering), ...METHODS }, at)
      : kind.checkBlock(block, numbering, at);
  const numbered = claims.map((claim) => ({ ...claim, start: claim.start + first }));
  const ranges = checkRanges<CheckedRange>(option, path, check, undefined, numbered);
  const blocks = ranges.map((block) => ({ ...block, start: block.start - first }));
  const memory = kind.createMemory(
    name,
    blocks.filter((block) => 'values' in block),
  );
  const handled = blocks.filter((block) => 'read' in block);
  if (handled.length === 0) return memory;
  return new MixedTable(
    memory,
    handled.map((range) => handlerPiece(name, range, kind.codec)),
    kind.form,
  );
}

function isHandled(block: unknown): boolean {
  return typeof block === 'object' && block !== null && ('read' in block || 'write' in block);
}

function handlerPiece<Value>(name: TableName, { start, count, ...methods }: HandledRange, codec: Codec<Value>): Piece {
  const range = { start, count };
  return { ...range, table: new HandlerTable(name, new Layout([range]), methods, codec) };
}
