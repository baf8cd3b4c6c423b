import { ExceptionCode } from './exception-codes.js';
import { FunctionCode } from './function-codes.js';
import { READ_DEVICE_IDENTIFICATION } from './lengths.js';

const FUNCTIONS: ReadonlyMap<number, string> = new Map<number, string>([
  [FunctionCode.ReadCoils, 'read coils'],
  [FunctionCode.ReadDiscreteInputs, 'read discrete inputs'],
  [FunctionCode.ReadHoldingRegisters, 'read holding registers'],
  [FunctionCode.ReadInputRegisters, 'read input registers'],
  [FunctionCode.WriteSingleCoil, 'write single coil'],
  [FunctionCode.WriteSingleRegister, 'write single register'],
  [FunctionCode.ReadExceptionStatus, 'read exception status'],
  [FunctionCode.Diagnostics, 'diagnostics'],
  [FunctionCode.GetCommEventCounter, 'get comm event counter'],
  [FunctionCode.GetCommEventLog, 'get comm event log'],
  [FunctionCode.WriteMultipleCoils, 'write multiple coils'],
  [FunctionCode.WriteMultipleRegisters, 'write multiple registers'],
  [FunctionCode.ReportServerId, 'report server id'],
  [FunctionCode.ReadFileRecord, 'read file record'],
  [FunctionCode.WriteFileRecord, 'write file record'],
  [FunctionCode.MaskWriteRegister, 'mask write register'],
  [FunctionCode.ReadWriteMultipleRegisters, 'read/write multiple registers'],
  [FunctionCode.ReadFifoQueue, 'read FIFO queue'],
  [FunctionCode.EncapsulatedInterfaceTransport, 'encapsulated interface transport'],
]);

const EXCEPTIONS: ReadonlyMap<number, string> = new Map<number, string>([
  [ExceptionCode.IllegalFunction, 'illegal function'],
  [ExceptionCode.IllegalDataAddress, 'illegal data address'],
  [ExceptionCode.IllegalDataValue, 'illegal data value'],
  [ExceptionCode.ServerDeviceFailure, 'server device failure'],
  [ExceptionCode.Acknowledge, 'acknowledge'],
  [ExceptionCode.ServerDeviceBusy, 'server device busy'],
  [ExceptionCode.NegativeAcknowledge, 'negative acknowledge'],
  [ExceptionCode.MemoryParityError, 'memory parity error'],
  [ExceptionCode.GatewayPathUnavailable, 'gateway path unavailable'],
  [ExceptionCode.GatewayTargetDeviceFailedToRespond, 'gateway target device failed to respond'],
]);

/** Sub-functions of 08 (AP, clause 6.8.1). */
const DIAGNOSTICS: ReadonlyMap<number, string> = new Map([
  [0x00, 'return query data'],
  [0x01, 'restart communications'],
  [0x02, 'diagnostic register'],
  [0x03, 'change ASCII delimiter'],
  [0x04, 'force listen-only mode'],
  [0x0a, 'clear counters'],
  [0x0b, 'bus messages'],
  [0x0c, 'bus communication errors'],
  [0x0d, 'exceptions'],
  [0x0e, 'messages'],
  [0x0f, 'messages without reply'],
  [0x10, 'negative acknowledges'],
  [0x11, 'busy replies'],
  [0x12, 'character overruns'],
  [0x14, 'clear overrun counter'],
]);

const READ_DEVICE_IDENTIFICATION_NAME = 'read device identification';
/** MEI types of 2B (AP, clause 6.19). */
const INTERFACES: ReadonlyMap<number, string> = new Map([
  [0x0d, 'CANopen general reference'],
  [READ_DEVICE_IDENTIFICATION, READ_DEVICE_IDENTIFICATION_NAME],
]);

/** Objects of a device identification from 0 on (AP, clause 6.21), by the names that their options have. */
const OBJECTS: readonly string[] = [
  'vendorName',
  'productCode',
  'majorMinorRevision',
  'vendorUrl',
  'productName',
  'modelName',
  'userApplicationName',
];

/** At least two hexadecimal digits. */
export function hexDigits(value: number): string {
  return value
    .toString(16)
    .toUpperCase()
    .padStart(value > 0xff ? 4 : 2, '0');
}

/** Name of a function; read device identification has one of its own among the types of 2B. */
export function functionName(functionCode: number, subFunction?: number): string {
  const identifies =
    functionCode === FunctionCode.EncapsulatedInterfaceTransport && subFunction === READ_DEVICE_IDENTIFICATION;
  if (identifies) return READ_DEVICE_IDENTIFICATION_NAME;
  return FUNCTIONS.get(functionCode) ?? `function 0x${hexDigits(functionCode)}`;
}

/** Undefined for codes that the documents don't have. */
export function exceptionName(exceptionCode: number): string | undefined {
  return EXCEPTIONS.get(exceptionCode);
}

/** Name of a sub-function of 08, or of a MEI type of 2B; undefined for those that the documents don't have. */
export function subFunctionName(functionCode: number, subFunction: number): string | undefined {
  return (functionCode === FunctionCode.Diagnostics ? DIAGNOSTICS : INTERFACES).get(subFunction);
}

/** Name of an identification object; undefined for reserved and private ones. */
export function objectName(id: number): string | undefined {
  return OBJECTS[id];
}
