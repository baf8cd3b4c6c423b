import type { Range } from '../../protocol/address-range.js';
import { readRegisters } from '../../protocol/bytes.js';
import { ExceptionCode } from '../../protocol/exception-codes.js';
import type { TableName } from '../../protocol/tables.js';
import { BITS } from '../overlay.js';
import { hasRegisters } from './place.js';
import type { Point } from './point.js';
import { laidOver } from './point-events.js';
import { type Entry, PointIndex } from './point-index.js';

/** A range that a client wants to write. */
interface Write {
  readonly address: number;
  readonly quantity: number;
  /** What its registers would hold; none for coils. */
  readonly registers: readonly number[];
  /** If the client writes only these bits of the registers: they count through all registers from address 0 on. */
  readonly bits: Range | undefined;
}

/** What clients may write to the points of a unit. */
export class WriteRules {
  readonly #points: PointIndex<Point>;
  readonly #readOnlyException: number;

  /** @param points those that are restricted. @param readOnlyException the code for a write to what is read-only. */
  constructor(points: readonly Entry<Point>[], readOnlyException: number) {
    this.#points = new PointIndex(points);
    this.#readOnlyException = readOnlyException;
  }

  /**
   * The exception code for a write to this range, or 0 if it is allowed.
   * @param source holds the values in wire form.
   * @param bits those of the registers that the client writes, if it writes coils that are bits of registers.
   */
  refusal(table: TableName, address: number, quantity: number, source: Uint8Array, at: number, bits?: Range): number {
    const points = this.#points.at(table, address, quantity);
    if (points.length === 0) return 0;
    const registers = hasRegisters(table) ? readRegisters(source, at, quantity) : [];
    const write = { address, quantity, registers, bits };
    if (points.some((point) => refusesWrite(point, write))) return this.#readOnlyException;
    return points.some((point) => refusesValue(point, write)) ? ExceptionCode.IllegalDataValue : 0;
  }
}

/** A single bit counts as written if it is named, or changes: its register cannot be written without it. */
function refusesWrite(point: Point, { address, registers, bits }: Write): boolean {
  if (!point.readOnly) return false;
  const { address: register, bit } = point.stored;
  if (bit === undefined) return true;
  if (bits === undefined) return laidOver(point, address, registers)[0] !== point.raw[0];
  const named = BITS * register + bit - bits.start;
  return named >= 0 && named < bits.count;
}

/** Whether the point would hold a value that it must not hold, or only a part of one. */
function refusesValue(point: Point, write: Write): boolean {
  if (point.whole && point.stored.bit === undefined && !covers(write, point)) return true;
  return point.isLimited && !point.allows(laidOver(point, write.address, write.registers));
}

function covers({ address, quantity, bits }: Write, point: Point): boolean {
  const { start, count } = bits ?? { start: address, count: quantity };
  const size = bits === undefined ? 1 : BITS;
  const first = size * point.stored.address;
  return start <= first && start + count >= first + size * point.quantity;
}
