import type { AccessOptions } from '../access/access.js';
import type { BusbarError } from '../errors.js';
import type { Peer } from '../peer.js';
import type { Range } from '../protocol/address-range.js';
import type { TableName } from '../protocol/tables.js';
import { BaseUnit } from './base-unit.js';
import type { Change, ChangedRange, Circumstances } from './change-event.js';
import { device } from './device.js';
import type { FifoBlock } from './fifos.js';
import type { FileBlock, RecordRange, RecordWrite } from './files.js';
import type { IdentityOptions } from './identity.js';
import type { ChangedPoint } from './points/point-events.js';
import type { PointDeclarations } from './points/point-options.js';
import type { KnownKeys } from './points/point-types.js';
import type { Context } from './request.js';
import type { ServerIdOptions } from './server-id.js';
import type { BitBlock, RegisterBlock } from './table-blocks.js';
import { checkUnitOptions } from './unit-options.js';

// The class `Unit`, and the types that it names and that name it: its handlers and event listeners are told which unit.

/** A Modbus server device: the data behind one unit id. It can be served by several servers at once. */
export class Unit<const P extends PointDeclarations = PointDeclarations> extends BaseUnit<P, UnitEvents> {
  /** @throws OptionsError with the path of the wrong option. */
  constructor(options: UnitOptions<P> & { readonly points?: KnownKeys<P> | undefined }) {
    super(checkUnitOptions(options), options);
    this[device].changes.follow(this);
  }

  /** Keeps the internal listeners by which changes are reported. */
  override removeAllListeners(event?: keyof UnitEvents): this {
    super.removeAllListeners(event);
    if (event === undefined) this[device].changes.follow(this);
    return this;
  }
}

/** Tables absent from the options are empty: every address gets exception 02. */
export interface UnitOptions<P extends PointDeclarations = PointDeclarations> {
  /** 0..255; 1..247 on a serial line. */
  readonly id: number;
  /** For people: banner and logs. */
  readonly name?: string | undefined;
  /**
   * The first number in the blocks of the four tables, and in places of points such as `holding 0`: 0 (the default), as
   * in the protocol, or 1, as in manuals. Methods, events, access rules and handlers always count from 0, references
   * such as 40001 always from 1.
   */
  readonly firstAddress?: 0 | 1 | undefined;
  /**
   * The four tables are one memory, that of `holdingRegisters`, which has blocks in memory only; the other tables are
   * not declared. Input registers are the holding registers; coil and discrete input n are bit n % 16 of register
   * n / 16, bit 0 the least significant. Default: each table has its own memory.
   */
  readonly shared?: boolean | undefined;
  /** Blocks in memory, blocks with handlers among them, or handlers for the whole table. */
  readonly coils?: BitTableOption | undefined;
  readonly discreteInputs?: BitTableOption | undefined;
  readonly holdingRegisters?: RegisterTableOption | undefined;
  readonly inputRegisters?: RegisterTableOption | undefined;
  /** Named, typed values. They make their addresses exist; blocks may stand beside them. */
  readonly points?: P | undefined;
  readonly files?: readonly FileBlock[] | FileHandlers | undefined;
  readonly fifos?: readonly FifoBlock[] | FifoHandlers | undefined;
  readonly identity?: IdentityOptions | undefined;
  /** Default: the unit id, running. */
  readonly serverId?: ServerIdOptions | undefined;
  /** The reply to function 07: eight outputs as a byte, or the first of eight coils to mirror. */
  readonly exceptionStatus?: number | { readonly coils: number } | undefined;
  readonly access?: AccessOptions | undefined;
}

/** Blocks in memory, blocks with handlers among them, or handlers for the whole table. */
type BitTableOption = readonly (BitBlock | HandlerBlock<boolean>)[] | TableHandlers<boolean>;
type RegisterTableOption = readonly (RegisterBlock | HandlerBlock<number>)[] | TableHandlers<number>;

/**
 * A table with handlers. Both are called once per request, never per item; throw a `ModbusException` to refuse. Any
 * other exception or rejection, or a result other than `quantity` valid values, gives exception 04 and an `error`
 * event.
 */
export interface TableHandlers<Value> {
  /** Addresses that exist, by default all 65536. Elsewhere the client gets exception 02 without a call. */
  readonly ranges?: readonly Range[] | undefined;
  /** Returns `context.quantity` values: booleans for bits, 0..65535 for registers. */
  read(context: RangeContext): ArrayLike<Value> | Promise<ArrayLike<Value>>;
  /**
   * Takes a client's values. The client gets its reply when this returns or resolves. Without it the table is
   * read-only.
   */
  write?(context: RangeContext, values: readonly Value[]): void | Promise<void>;
}

/** A range with handlers, among blocks in memory. */
export interface HandlerBlock<Value> extends Range, Omit<TableHandlers<Value>, 'ranges'> {}

/**
 * Files with handlers. All groups of a request come in one call, so that all or none can be served. Throw a
 * `ModbusException` to refuse (02 for an unknown file or record).
 */
export interface FileHandlers {
  /** Returns an array of `length` records, 0..65535, for each group. */
  read(
    groups: readonly RecordRange[],
    context: RequestContext,
  ): readonly ArrayLike<number>[] | Promise<readonly ArrayLike<number>[]>;
  /** Without it the files are read-only. */
  write?(groups: readonly RecordWrite[], context: RequestContext): void | Promise<void>;
}

/** FIFO queues with handlers. Throw a `ModbusException` to refuse (02: no queue there). */
export interface FifoHandlers {
  /** Returns the queue's registers, oldest first; more than 31 give exception 03. */
  read(context: RequestContext & { readonly pointer: number }): ArrayLike<number> | Promise<ArrayLike<number>>;
}

/** What a user's handler gets to know about its request. */
export interface RequestContext extends Context {
  readonly unit: Unit;
}

/** A request for a range of one table. */
export interface RangeContext extends RequestContext {
  readonly table: TableName;
  /** Protocol address of the first item, 0..65535. */
  readonly address: number;
  /** Number of bits or registers. */
  readonly quantity: number;
}

/**
 * Events of a unit. Event listeners run before the client gets its reply. If one throws, the server raises `error`, or
 * the unit if the program itself made the change.
 */
export interface UnitEvents {
  /**
   * A client reads coils, inputs or registers. Raised before the read, so an event listener may still set the values.
   */
  read: [event: ReadEvent];
  /** A client wrote coils or holding registers that are in memory. */
  write: [event: WriteEvent];
  /** A client wrote records of a file that is in memory. */
  fileWrite: [event: FileWriteEvent];
  /** A client wrote a point, or a part of it. */
  pointWrite: [event: PointWriteEvent];
  /** The content of a point has changed, by any source. */
  pointChange: [event: PointChangeEvent];
  /** The unit's memory has changed, by any source. */
  change: [event: ChangeEvent];
  /** The same, once per turn of the event loop, for all its changes. */
  changes: [event: ChangesEvent];
  /** An event listener failed on a change by the program; without a listener for `error` it is a process warning. */
  error: [error: BusbarError];
}

/** A client's read of a range of a table, before the values are taken. */
export interface ReadEvent {
  readonly unit: Unit;
  readonly table: TableName;
  /** Protocol address of the first item, 0..65535. */
  readonly address: number;
  /** Number of bits or registers. */
  readonly quantity: number;
  readonly peer: Peer;
}

/** An event for a write to the table `Name`. */
interface TableWriteEvent<Name extends TableName, Value> {
  readonly unit: Unit;
  readonly table: Name;
  /** Protocol address of the first item, 0..65535. */
  readonly address: number;
  readonly values: readonly Value[];
  readonly previous: readonly Value[];
  readonly peer: Peer;
}

/** A client's write to coils in memory, after it has taken effect. */
export type CoilWriteEvent = TableWriteEvent<'coils', boolean>;

/** A client's write to holding registers in memory, after it has taken effect. Values are 0..65535. */
export type RegisterWriteEvent = TableWriteEvent<'holdingRegisters', number>;

/** A client's write to a table in memory, after it has taken effect. `table` determines the type of the values. */
export type WriteEvent = CoilWriteEvent | RegisterWriteEvent;

/** A client's write to a file in memory, after it has taken effect. */
export interface FileWriteEvent {
  readonly unit: Unit;
  readonly file: number;
  /** First record, 0..9999. */
  readonly record: number;
  readonly values: readonly number[];
  readonly previous: readonly number[];
  readonly peer: Peer;
}

/** A client's write to a point, after it has taken effect. */
export interface PointWriteEvent extends ChangedPoint {
  readonly unit: Unit;
  readonly peer: Peer;
}

/** A change of a point's content, by any source. */
export interface PointChangeEvent extends ChangedPoint, Circumstances {
  readonly unit: Unit;
}

/** A change of a unit's memory, after it has taken effect. `part` says which property of the unit has changed. */
export type ChangeEvent = Change & Circumstances & { readonly unit: Unit };

/** All changes of a unit during one turn of the event loop. */
export interface ChangesEvent {
  readonly unit: Unit;
  /** They do not overlap; neighbours changed by the same source are joined. */
  readonly ranges: readonly ChangedRange[];
}
