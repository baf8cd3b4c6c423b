export type { AccessOptions, ReadOnlyRange, ValueLimit } from './data/access.js';
export type { BitBlock, BitTable } from './data/bit-table.js';
export type { Block, Range } from './data/blocks.js';
export type { UnitCounters } from './data/diagnostics.js';
export type { FifoBlock, FifoHandlers, FifoQueue, Fifos } from './data/fifos.js';
export type { FileBlock, FileHandlers, Files, FileWriteEvent, RecordRange, RecordWrite } from './data/files.js';
export type { TableHandlers } from './data/handlers.js';
export { Identity, type IdentityOptions } from './data/identity.js';
export type { RegisterBlock, RegisterTable } from './data/registers.js';
export type { Client, RangeContext, RequestContext, WriteEvent } from './data/request.js';
export type { TableName } from './data/table.js';
export type { ByteOrder } from './data/typed-values.js';
export { type ServerIdOptions, Unit, type UnitEvents, type UnitOptions } from './data/unit.js';
export {
  BusbarError,
  ConnectionError,
  DataError,
  HandlerError,
  ListenError,
  ModbusException,
  OptionsError,
  StateError,
} from './errors.js';
export type { CustomFunction, CustomReply } from './functions/custom-functions.js';
export type { Effect } from './functions/transaction.js';
export type { BytesInput } from './options.js';
export { ExceptionCode } from './pdu/exception-codes.js';
export { FunctionCode } from './pdu/function-codes.js';
export type { LengthRule } from './pdu/lengths.js';
export type { ServerCounters } from './server/counters.js';
export type { Limits, ServerOptions, UnknownUnitPolicy } from './server/options.js';
export type { ServerEvents } from './server/server.js';
export type { TraceMessage } from './server/trace.js';
export { ModbusTcpServer, type TcpServerOptions } from './transport/tcp.js';
