import { readUint16 } from '../../protocol/bytes.js';
import { ExceptionCode } from '../../protocol/exception-codes.js';
import type { TableName } from '../../protocol/tables.js';
import type { Cell } from './cell.js';
import type { DeclaredPoint } from './declared-point.js';
import { isWithin } from './limits.js';
import type { PointPlace } from './place.js';
import { type Entry, PointIndex } from './point-index.js';

/** A range that a client wants to write, with its values in wire form. */
interface Write {
  readonly address: number;
  readonly quantity: number;
  readonly source: Uint8Array;
  readonly at: number;
}

/** What clients may not write to one point. */
export class PointRule {
  readonly #stored: PointPlace;
  readonly #quantity: number;
  readonly #point: DeclaredPoint;
  readonly #cell: Cell;

  constructor(point: DeclaredPoint, stored: PointPlace, cell: Cell) {
    this.#stored = stored;
    this.#quantity = point.codec.quantity;
    this.#point = point;
    this.#cell = cell;
  }

  /** A single bit of a register is written only if it changes: its register cannot be written without it. */
  refusesWrite({ address, source, at }: Write): boolean {
    if (!this.#point.options.readOnly) return false;
    const { bit } = this.#stored;
    if (bit === undefined) return true;
    const word = readUint16(source, at + 2 * (this.#stored.address - address));
    return ((word >> bit) & 1) !== this.#cell.read()[0];
  }

  /** Whether the point would hold a value that it must not hold, or only a part of one. */
  refusesValue(write: Write): boolean {
    const { codec, options, limits } = this.#point;
    const { address, quantity } = write;
    const first = this.#stored.address;
    const isWhole = address <= first && address + quantity >= first + this.#quantity;
    if (options.whole && !isWhole) return true;
    return limits !== undefined && !isWithin(limits, codec, this.#merged(write, isWhole));
  }

  /** The point's registers after the write. */
  #merged({ address, quantity, source, at }: Write, isWhole: boolean): number[] {
    const words = isWhole ? new Array<number>(this.#quantity) : this.#cell.read();
    const first = this.#stored.address;
    const end = Math.min(first + this.#quantity, address + quantity);
    for (let here = Math.max(first, address); here < end; here++) {
      words[here - first] = readUint16(source, at + 2 * (here - address));
    }
    return words;
  }
}

/** What clients may write to the points of a unit. */
export class WriteRules {
  readonly #rules: PointIndex<PointRule>;
  readonly #readOnlyException: number;

  /** @param readOnlyException the code for a write to what is read-only. */
  constructor(rules: readonly Entry<PointRule>[], readOnlyException: number) {
    this.#rules = new PointIndex(rules);
    this.#readOnlyException = readOnlyException;
  }

  /** The exception code for a write to this range, or 0 if it is allowed. `source` holds the values in wire form. */
  refusal(table: TableName, address: number, quantity: number, source: Uint8Array, at: number): number {
    const rules = this.#rules.at(table, address, quantity);
    if (rules.length === 0) return 0;
    const write = { address, quantity, source, at };
    if (rules.some((rule) => rule.refusesWrite(write))) return this.#readOnlyException;
    return rules.some((rule) => rule.refusesValue(write)) ? ExceptionCode.IllegalDataValue : 0;
  }
}
