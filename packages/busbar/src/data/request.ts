import type { Peer } from '../peer.js';
import type { TableName } from '../protocol/tables.js';
import type { Unit } from './unit.js';

/** What a user's handler gets to know about its request. */
export interface RequestContext {
  readonly unit: Unit;
  /** Unit id in the request; 0 or 255 may lead to the default unit. */
  readonly unitId: number;
  readonly functionCode: number;
  readonly peer: Peer;
}

/** A request while it is served. */
export interface ServedRequest extends RequestContext {
  /** The client has got a timeout as its reply: nothing more may be written for this request. */
  readonly expired: boolean;
  /** Reports a fault that does not concern the client, such as an event listener that threw. */
  report(thrown: unknown): void;
}

/** The handler's view of a request, without the server's own fields. */
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
