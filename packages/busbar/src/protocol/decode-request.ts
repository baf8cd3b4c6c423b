import { bitBytes, unpackBits } from './bits.js';
import { readRegisters, readUint16 } from './bytes.js';
import {
  type Decoder,
  type Details,
  type FileGroup,
  factsOf,
  type PduFacts,
  rawData,
  rawInterface,
  subFunctionDetails,
} from './facts.js';
import { FunctionCode } from './function-codes.js';
import { READ_DEVICE_IDENTIFICATION, REQUEST_LENGTHS, requestLength } from './lengths.js';

const COIL_ON = 0xff00;
const RETURN_QUERY_DATA = 0x00;
/** The only reference type of file records (AP, clause 6.14). */
export const REFERENCE_TYPE = 6;
/** Bytes of a group ahead of its records. */
const GROUP_LENGTH = 7;

/** What a request PDU says. Never throws, whatever the bytes. */
export function decodeRequest(pdu: Uint8Array): PduFacts {
  const rule = REQUEST_LENGTHS.get(pdu[0]);
  if (rule !== undefined && requestLength(rule, pdu, 0, pdu.length) !== pdu.length) return factsOf(pdu, undefined);
  const decode = DECODERS.get(pdu[0]) ?? rawData;
  return factsOf(pdu, decode(pdu, {}));
}

const nothing = (): Details => ({});

const DECODERS: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [FunctionCode.ReadCoils, range],
  [FunctionCode.ReadDiscreteInputs, range],
  [FunctionCode.ReadHoldingRegisters, range],
  [FunctionCode.ReadInputRegisters, range],
  [FunctionCode.WriteSingleCoil, singleCoil],
  [FunctionCode.WriteSingleRegister, singleRegister],
  [FunctionCode.ReadExceptionStatus, nothing],
  [FunctionCode.Diagnostics, diagnostics],
  [FunctionCode.GetCommEventCounter, nothing],
  [FunctionCode.GetCommEventLog, nothing],
  [FunctionCode.WriteMultipleCoils, multipleCoils],
  [FunctionCode.WriteMultipleRegisters, multipleRegisters],
  [FunctionCode.ReportServerId, nothing],
  [FunctionCode.ReadFileRecord, fileReads],
  [FunctionCode.WriteFileRecord, fileWrites],
  [FunctionCode.MaskWriteRegister, maskWrite],
  [FunctionCode.ReadWriteMultipleRegisters, readWrite],
  [FunctionCode.ReadFifoQueue, (pdu) => ({ address: readUint16(pdu, 1) })],
  [FunctionCode.EncapsulatedInterfaceTransport, encapsulatedInterface],
]);

/** First address and quantity, as most requests begin and the replies to multiple writes are. */
export function range(pdu: Uint8Array): Details {
  return { address: readUint16(pdu, 1), quantity: readUint16(pdu, 3) };
}

/** `quantity` bits from `at` on, as 0 and 1. */
export function readBits(pdu: Uint8Array, at: number, quantity: number): number[] {
  const bits = new Uint8Array(quantity);
  unpackBits(pdu, at, quantity, bits, 0);
  return [...bits];
}

function singleCoil(pdu: Uint8Array): Details | undefined {
  const value = readUint16(pdu, 3);
  if (value !== 0 && value !== COIL_ON) return undefined;
  return { address: readUint16(pdu, 1), values: [value === COIL_ON ? 1 : 0] };
}

function singleRegister(pdu: Uint8Array): Details {
  return { address: readUint16(pdu, 1), values: readRegisters(pdu, 3, 1) };
}

/** 08/00 takes any data; the other sub-functions of the documents have one word (AP, clause 6.8.1). */
function diagnostics(pdu: Uint8Array): Details | undefined {
  if (pdu.length < 3) return undefined;
  const details = subFunctionDetails(pdu[0], readUint16(pdu, 1));
  const isRaw = details.subFunction === RETURN_QUERY_DATA || details.subFunctionName === undefined;
  if (isRaw) return { ...details, data: pdu.slice(3) };
  return pdu.length === 5 ? { ...details, values: readRegisters(pdu, 3, 1) } : undefined;
}

function multipleCoils(pdu: Uint8Array): Details | undefined {
  const quantity = readUint16(pdu, 3);
  if (pdu[5] !== bitBytes(quantity)) return undefined;
  return { ...range(pdu), values: readBits(pdu, 6, quantity) };
}

function multipleRegisters(pdu: Uint8Array): Details | undefined {
  const quantity = readUint16(pdu, 3);
  if (pdu[5] !== 2 * quantity) return undefined;
  return { ...range(pdu), values: readRegisters(pdu, 6, quantity) };
}

function maskWrite(pdu: Uint8Array): Details {
  return { address: readUint16(pdu, 1), andMask: readUint16(pdu, 3), orMask: readUint16(pdu, 5) };
}

function readWrite(pdu: Uint8Array): Details | undefined {
  const quantity = readUint16(pdu, 7);
  if (pdu[9] !== 2 * quantity) return undefined;
  return { ...range(pdu), writeAddress: readUint16(pdu, 5), values: readRegisters(pdu, 10, quantity) };
}

function fileReads(pdu: Uint8Array): Details | undefined {
  const groups: FileGroup[] = [];
  for (let at = 2; at < pdu.length; at += GROUP_LENGTH) {
    const group = groupAt(pdu, at);
    if (group === undefined) return undefined;
    groups.push(group);
  }
  return groups.length === 0 ? undefined : { groups };
}

function fileWrites(pdu: Uint8Array): Details | undefined {
  const groups: FileGroup[] = [];
  for (let at = 2; at < pdu.length; ) {
    const group = groupAt(pdu, at);
    const end = at + GROUP_LENGTH + 2 * (group?.length ?? 0);
    if (group === undefined || end > pdu.length) return undefined;
    groups.push({ ...group, values: readRegisters(pdu, at + GROUP_LENGTH, group.length) });
    at = end;
  }
  return groups.length === 0 ? undefined : { groups };
}

function groupAt(pdu: Uint8Array, at: number): FileGroup | undefined {
  if (at + GROUP_LENGTH > pdu.length || pdu[at] !== REFERENCE_TYPE) return undefined;
  return { file: readUint16(pdu, at + 1), record: readUint16(pdu, at + 3), length: readUint16(pdu, at + 5) };
}

function encapsulatedInterface(pdu: Uint8Array): Details | undefined {
  if (pdu[1] !== READ_DEVICE_IDENTIFICATION) return rawInterface(pdu);
  if (pdu.length !== 4) return undefined;
  return { ...subFunctionDetails(pdu[0], pdu[1]), code: pdu[2], objectId: pdu[3] };
}
