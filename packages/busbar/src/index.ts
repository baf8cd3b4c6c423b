export type { AccessOptions, ReadOnlyRange, ValueLimit } from './access/access.js';
export { AddressList } from './access/addresses.js';
export type { FunctionRule } from './access/function-set.js';
export type { RoleRule, TableRange } from './access/roles.js';
export type { BytesInput } from './checks.js';
export type { LineCounters, ServerCounters } from './counters.js';
export type { BitTable } from './data/bit-table.js';
export type { Block } from './data/blocks.js';
export type { ChangedRange, ChangeSource } from './data/change-event.js';
export type { UnitCounters } from './data/diagnostics.js';
export type { FifoBlock, FifoQueue, Fifos } from './data/fifos.js';
export type { FileBlock, Files, RecordRange, RecordWrite } from './data/files.js';
export { Identity, type IdentityOptions } from './data/identity.js';
export { NUMBER_TYPES, type NumberType } from './data/number-types.js';
export { decodeNumbers, encodeNumbers, registersOf } from './data/numbers.js';
export { parsePlace } from './data/points/parse-place.js';
export { formatPlace, type PointPlace, referenceOf } from './data/points/place.js';
export type { Point } from './data/points/point.js';
export type { PointDeclarations, PointOptions } from './data/points/point-options.js';
export { POINT_TYPES, type PointType, type PointValue } from './data/points/point-options.js';
export type { Points, PointValueOf } from './data/points/point-types.js';
export type { RegisterTable } from './data/registers.js';
export type { ServerIdOptions } from './data/server-id.js';
export type { BitBlock, RegisterBlock, TypedBlock } from './data/table-blocks.js';
export { BYTE_ORDER_NAMES, type ByteOrder, type ByteOrderName } from './data/typed-values.js';
export type {
  ChangeEvent,
  ChangesEvent,
  CoilWriteEvent,
  FifoHandlers,
  FileHandlers,
  FileWriteEvent,
  HandlerBlock,
  PointChangeEvent,
  PointWriteEvent,
  RangeContext,
  ReadEvent,
  RegisterWriteEvent,
  RequestContext,
  TableHandlers,
  UnitEvents,
  UnitOptions,
  WriteEvent,
} from './data/unit.js';
export { Unit } from './data/unit.js';
export type { Emitter, EventMap } from './emit.js';
export {
  type BusbarErrorCode,
  CONNECTION_ERROR_CODES,
  type ConnectionErrorCode,
  DATA_ERROR_CODES,
  type DataErrorCode,
  HANDLER_ERROR_CODES,
  type HandlerErrorCode,
  LISTEN_ERROR_CODES,
  type ListenErrorCode,
  SHARING_ERROR_CODES,
  SHORTAGE_CODES,
  type SharingErrorCode,
  type ShortageCode,
  STATE_ERROR_CODES,
  STORAGE_ERROR_CODES,
  type StateErrorCode,
  type StorageErrorCode,
  WARNING_CODES,
  type WarningCode,
} from './error-codes.js';
export {
  BusbarError,
  ConnectionError,
  DataError,
  formatPath,
  HandlerError,
  ListenError,
  ModbusException,
  type OptionProblem,
  OptionsError,
  SharingError,
  StateError,
  StorageError,
} from './errors.js';
export {
  FRAMING_NAMES,
  type FrameReader,
  type Framing,
  type FramingName,
  type Outcome,
  type ReaderContext,
} from './framing/framing.js';
export { SERIAL_FRAMING_NAMES, type SerialFramingName } from './framing/serial-framing.js';
export type { CustomFunction, CustomReply } from './functions/custom-functions.js';
export { DIAGNOSTICS_POLICIES, type DiagnosticsPolicy } from './functions/diagnostics.js';
export type { DiagnosticAction, DiagnosticEvent, Effect } from './functions/transaction.js';
export type { LineState } from './line-state.js';
export type { Peer, PeerCertificate } from './peer.js';
export type { Range } from './protocol/address-range.js';
export { ExceptionCode } from './protocol/exception-codes.js';
export type { FileGroup, IdentityObject, PduFacts } from './protocol/facts.js';
export { FunctionCode } from './protocol/function-codes.js';
export type { LengthRule } from './protocol/length-rule.js';
export type { RequestedRange } from './protocol/ranges.js';
export type { RequestFacts } from './protocol/sheets.js';
export { TABLE_NAMES, type TableName } from './protocol/tables.js';
export type { ConnectedClient } from './server/connected-client.js';
export type { ReplyDurations } from './server/durations.js';
export type { ServerEvents } from './server/events.js';
export {
  checkServerOptions,
  type Limits,
  type ServerOptions,
  UNKNOWN_UNIT_POLICIES,
  type UnknownUnitPolicy,
} from './server/options.js';
export type { AccessPolicy, AuthorizationRequest, DeniedEvent } from './server/policy.js';
export type { ReplyCount } from './server/reply-tally.js';
export type { HandledReply, HandledRequest, RequestHandler, RequestHandlerOption } from './server/request-handler.js';
export type { ListenOptions, ModbusServer } from './server/server.js';
export type { PassedMessage, TraceMessage } from './server/trace.js';
export type { ServerUnits } from './server/units.js';
export type { FrameChanges, FramedReply, ReplyWire } from './server/wire.js';
export { lineSettings, ModbusSerialServer, type PortEvents, type SerialServerOptions } from './servers/serial.js';
export {
  type StartOptions,
  startSerialServer,
  startTcpServer,
  startTlsServer,
  startUdpServer,
  stopServer,
} from './servers/start.js';
export { ModbusStreamServer, type StreamServerOptions } from './servers/stream.js';
export { type DescriptorEvents, ModbusTcpServer, type TcpServerOptions } from './servers/tcp.js';
export { type CertificateExpiresEvent, ModbusTlsServer, type TlsEvents, type TlsServerOptions } from './servers/tls.js';
export { ModbusUdpServer, type UdpServerOptions } from './servers/udp.js';
export { ModbusUnixServer, type UnixServerOptions } from './servers/unix.js';
export { formatEndpoint } from './transport/address.js';
export { DEFAULT_HOST, DEFAULT_PORT } from './transport/ip-options.js';
export { PARITIES, type Parity } from './transport/serial/options.js';
export type { TlsCertificateOptions } from './transport/tls/certificates.js';
export {
  type SecureContextInput,
  secureContextOptions,
  TLS_VERSIONS,
  type TlsVersion,
} from './transport/tls/context.js';
export { WEAK_KEYS, type WeakKeys } from './transport/tls/keys.js';
export { DEFAULT_TLS_PORT } from './transport/tls/listen.js';
