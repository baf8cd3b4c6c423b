import { DataError } from '../../errors.js';
import type { TableName } from '../../protocol/tables.js';
import type { ByteOrder } from '../typed-values.js';
import type { Codec } from './codec.js';
import { type DeclaredPoint, recordOf } from './declared-point.js';
import { type Bounds, inWords, isWithin } from './limits.js';
import { formatPlace, type PointPlace, referenceOf } from './place.js';
import type { PointType, PointValue } from './point-options.js';

/** The memory of one point: its registers, or its one bit (0 or 1). */
export interface Cell {
  read(): number[];
  write(words: readonly number[]): void;
}

/**
 * A named, typed value in a unit's memory. `Value` depends on its type: boolean for `bool`; number, or bigint for 64-bit
 * whole numbers without a scale; string for `string`; one of the labels, if there are some; a list of names for `bits`;
 * a list of registers for `raw`.
 */
export class Point<Value extends PointValue = PointValue> {
  readonly name: string;
  readonly table: TableName;
  /** Protocol address of its first bit or register, 0..65535. */
  readonly address: number;
  /** Of a register, 0 (least significant) to 15; undefined if it is not a single bit of one. */
  readonly bit: number | undefined;
  /** Number of bits or registers. */
  readonly quantity: number;
  readonly type: PointType;
  readonly order: ByteOrder;
  readonly scale: number | undefined;
  readonly offset: number | undefined;
  /** Labels by their number or bit. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** Unit of measure. */
  readonly unit: string | undefined;
  readonly description: string | undefined;
  /** What clients may write, after scaling. */
  readonly min: number | bigint | undefined;
  readonly max: number | bigint | undefined;
  /** Clients cannot write it. */
  readonly readOnly: boolean;
  /** Clients can write it only as a whole. */
  readonly whole: boolean;
  /** The place of its memory, where tables are one memory. @internal */
  readonly stored: PointPlace;
  readonly #codec: Codec;
  readonly #limits: Bounds | undefined;
  readonly #cell: Cell;

  /** @internal */
  constructor(declared: DeclaredPoint, stored: PointPlace, cell: Cell) {
    const { name, options, coding, codec } = declared;
    this.name = name;
    this.table = options.at.table;
    this.address = options.at.address;
    this.bit = options.at.bit;
    this.quantity = codec.quantity;
    this.type = coding.type;
    this.order = coding.order;
    this.scale = options.scale;
    this.offset = options.offset;
    this.labels = recordOf(options.labels);
    this.unit = options.unit;
    this.description = options.description;
    this.min = options.min;
    this.max = options.max;
    this.readOnly = options.readOnly;
    this.whole = options.whole;
    this.stored = stored;
    this.#codec = codec;
    this.#limits = declared.limits;
    this.#cell = cell;
  }

  /** The reference that manuals use: `40001`, or `40031.0` for a bit. */
  get reference(): string {
    return referenceOf(this);
  }

  /** Both forms of its place: `holding 0 (40001)`. */
  get place(): string {
    return formatPlace(this);
  }

  /**
   * The value in memory, after scaling. Set it to change the memory; a number goes to the nearest that the registers can
   * hold. Limits bind only clients.
   * @throws DataError `INVALID_VALUE` if it is read and memory holds no value of the type (a number without a label,
   * digits that are not BCD), or is set to a value that does not fit the type.
   */
  get value(): Value {
    return this.decode(this.#cell.read());
  }

  set value(value: Value) {
    this.#cell.write(this.#encode(value));
  }

  /**
   * Checks a value as if a client wrote it, by its type and by `min` and `max`; nothing is written.
   * @throws DataError `INVALID_VALUE` that says what is expected.
   */
  check(value: Value): void {
    this.checkWords(this.#encode(value));
  }

  /** The same for its registers, or its bit. @internal */
  checkWords(words: readonly number[]): void {
    this.decode(words);
    if (this.allows(words)) return;
    const found = this.#codec.describe(words);
    throw this.#named(new DataError('INVALID_VALUE', `expected ${inWords(this)}, found ${found}`));
  }

  /** Whether `min`, `max` or labels bind what clients write. @internal */
  get isLimited(): boolean {
    return this.#limits !== undefined;
  }

  /** Whether a client may have it hold these registers. @internal */
  allows(words: readonly number[]): boolean {
    return this.#limits === undefined || isWithin(this.#limits, this.#codec, words);
  }

  /** The value for people: `65.0 °C`, `auto`, `on`, `7 (no label)`. Never throws. */
  get text(): string {
    return this.#codec.describe(this.#cell.read());
  }

  /** Its registers (0..65535), or its one bit (0 or 1), as they are in memory. */
  get raw(): readonly number[] {
    return this.#cell.read();
  }

  /**
   * The value that other registers would stand for, or another bit (0 or 1).
   * @param words as many as `raw` has.
   * @throws DataError `INVALID_VALUE` if they hold no value of the type.
   */
  decode(words: readonly number[]): Value {
    try {
      return this.#codec.decode(words) as Value;
    } catch (error) {
      throw this.#named(error);
    }
  }

  #encode(value: Value): number[] {
    try {
      return this.#codec.encode(value);
    } catch (error) {
      throw this.#named(error);
    }
  }

  #named(error: unknown): unknown {
    return error instanceof DataError ? new DataError(error.code, `${this.name}: ${error.message}`) : error;
  }
}
