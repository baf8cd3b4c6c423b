import type { Peer } from '../peer.js';
import type { TableName } from '../protocol/tables.js';
import type { Unit } from './unit.js';

/** What a user's handler is told of the request that it serves. */
export interface RequestContext {
  readonly unit: Unit;
  /** Unit id as it stood in the request: 0 or 255 may lead to the default unit. */
  readonly unitId: number;
  readonly functionCode: number;
  readonly peer: Peer;
}

/** A request while it is served. */
export interface ServedRequest extends RequestContext {
  /** Its client has been told that it took too long: nothing more may be written for it. */
  readonly expired: boolean;
}

/** What a handler is told, without what only the server has to know. */
export function contextOf({ unit, unitId, functionCode, peer }: RequestContext): RequestContext {
  return { unit, unitId, functionCode, peer };
}

/** A request for a range of one table. */
export interface RangeContext extends RequestContext {
  readonly table: TableName;
  /** Protocol address of the first item, 0..65535. */
  readonly address: number;
  /** Number of bits or registers. */
  readonly quantity: number;
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

/** What a write to a table of `Name` tells, with values of its kind. */
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

/** A client's write to a table in memory, after it has taken effect. `table` tells of which kind the values are. */
export type WriteEvent = CoilWriteEvent | RegisterWriteEvent;
