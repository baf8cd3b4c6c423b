import { bitBytes } from './bits.js';
import { readRegisters, readUint16 } from './bytes.js';
import { decodeRequest, REFERENCE_TYPE, range, readBits } from './decode-request.js';
import {
  type Decoder,
  type Details,
  type FileGroup,
  factsOf,
  type IdentityObject,
  type PduFacts,
  rawData,
  rawInterface,
  subFunctionDetails,
} from './facts.js';
import { EXCEPTION_BIT, FunctionCode } from './function-codes.js';
import { READ_DEVICE_IDENTIFICATION, replyLength } from './lengths.js';
import { exceptionName, functionName, objectName } from './names.js';

/** Replies that are made as their requests are. */
const ECHOES: ReadonlySet<number> = new Set<number>([
  FunctionCode.WriteSingleCoil,
  FunctionCode.WriteSingleRegister,
  FunctionCode.Diagnostics,
  FunctionCode.WriteFileRecord,
  FunctionCode.MaskWriteRegister,
]);

/** Bytes of an event log reply that its byte count covers ahead of the events (AP, clause 6.10). */
const LOG_HEADER_LENGTH = 6;

/**
 * What a reply PDU says. Never throws, whatever the bytes.
 * @param request the request PDU that it answers, if known. It tells the addresses of what was read, and how many of the bits
 * are real. One of another function, or for another amount of data than came, can't be the one, and tells nothing.
 */
export function decodeReply(pdu: Uint8Array, request?: Uint8Array): PduFacts {
  const asked = askedBy(request, pdu[0] & ~EXCEPTION_BIT);
  if ((pdu[0] & EXCEPTION_BIT) !== 0) return exceptionFacts(pdu, asked);
  if (ECHOES.has(pdu[0])) return decodeRequest(pdu);
  const length = replyLength(pdu, 0, pdu.length) ?? pdu.length;
  const decode = DECODERS.get(pdu[0]) ?? rawData;
  return factsOf(pdu, length === pdu.length ? decode(pdu, asked ?? {}) : undefined);
}

function askedBy(request: Uint8Array | undefined, functionCode: number): PduFacts | undefined {
  if (request === undefined || request[0] !== functionCode) return undefined;
  return decodeRequest(request);
}

const DECODERS: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [FunctionCode.ReadCoils, bits],
  [FunctionCode.ReadDiscreteInputs, bits],
  [FunctionCode.ReadHoldingRegisters, registers],
  [FunctionCode.ReadInputRegisters, registers],
  [FunctionCode.ReadExceptionStatus, (pdu) => ({ status: pdu[1] })],
  [FunctionCode.GetCommEventCounter, (pdu) => ({ status: readUint16(pdu, 1), eventCount: readUint16(pdu, 3) })],
  [FunctionCode.GetCommEventLog, eventLog],
  [FunctionCode.WriteMultipleCoils, range],
  [FunctionCode.WriteMultipleRegisters, range],
  [FunctionCode.ReportServerId, (pdu) => ({ data: pdu.slice(2) })],
  [FunctionCode.ReadFileRecord, fileRecords],
  [FunctionCode.ReadWriteMultipleRegisters, registers],
  [FunctionCode.ReadFifoQueue, fifoQueue],
  [FunctionCode.EncapsulatedInterfaceTransport, encapsulatedInterface],
]);

/** The name is the request's, if known: the reply itself doesn't tell one type of 2B from another. */
function exceptionFacts(pdu: Uint8Array, asked: PduFacts | undefined): PduFacts {
  const functionCode = pdu[0] & ~EXCEPTION_BIT;
  const { name = functionName(functionCode), subFunction } = asked ?? {};
  if (pdu.length !== 2) return { functionCode, name, ...exception(pdu[1]), data: pdu.slice(1), malformed: true };
  return {
    functionCode,
    name,
    ...exception(pdu[1]),
    ...(subFunction !== undefined && subFunctionDetails(functionCode, subFunction)),
  };
}

function exception(exceptionCode: number | undefined): Details {
  if (exceptionCode === undefined) return {};
  const name = exceptionName(exceptionCode);
  return { exceptionCode, ...(name !== undefined && { exceptionName: name }) };
}

function bits(pdu: Uint8Array, { address, quantity }: Details): Details {
  if (quantity === undefined || bitBytes(quantity) !== pdu[1]) return { values: readBits(pdu, 2, 8 * pdu[1]) };
  return { address, quantity, values: readBits(pdu, 2, quantity) };
}

function registers(pdu: Uint8Array, { address, quantity }: Details): Details | undefined {
  if (pdu[1] % 2 !== 0) return undefined;
  const values = readRegisters(pdu, 2, pdu[1] / 2);
  return quantity === values.length ? { address, quantity, values } : { values };
}

function eventLog(pdu: Uint8Array): Details | undefined {
  if (pdu[1] < LOG_HEADER_LENGTH) return undefined;
  return {
    status: readUint16(pdu, 2),
    eventCount: readUint16(pdu, 4),
    messageCount: readUint16(pdu, 6),
    events: [...pdu.subarray(2 + LOG_HEADER_LENGTH)],
  };
}

function fifoQueue(pdu: Uint8Array, { address }: Details): Details | undefined {
  const count = readUint16(pdu, 3);
  if (readUint16(pdu, 1) !== 2 + 2 * count) return undefined;
  return { ...(address !== undefined && { address }), values: readRegisters(pdu, 5, count) };
}

/** Each group: length, reference type 6, registers; the length covers what follows it (AP, clause 6.14). */
function fileRecords(pdu: Uint8Array, asked: Details): Details | undefined {
  const groups: FileGroup[] = [];
  for (let at = 2; at < pdu.length; at += 1 + pdu[at]) {
    const length = (pdu[at] - 1) / 2;
    const fits = Number.isInteger(length) && length >= 0 && at + 1 + pdu[at] <= pdu.length;
    if (!fits || pdu[at + 1] !== REFERENCE_TYPE) return undefined;
    groups.push({ length, values: readRegisters(pdu, at + 2, length) });
  }
  return groups.length === 0 ? undefined : { groups: placed(groups, asked.groups ?? []) };
}

/** Groups with the files and records that were asked for, if they are as many and as long. */
function placed(groups: readonly FileGroup[], asked: readonly FileGroup[]): readonly FileGroup[] {
  const same = groups.length === asked.length && groups.every(({ length }, i) => length === asked[i].length);
  return same ? groups.map((group, i) => ({ ...asked[i], ...group })) : groups;
}

function encapsulatedInterface(pdu: Uint8Array): Details | undefined {
  if (pdu[1] !== READ_DEVICE_IDENTIFICATION) return rawInterface(pdu);
  return {
    ...subFunctionDetails(pdu[0], pdu[1]),
    code: pdu[2],
    conformityLevel: pdu[3],
    moreFollows: pdu[4] !== 0,
    nextObjectId: pdu[5],
    objects: identityObjects(pdu),
  };
}

function identityObjects(pdu: Uint8Array): IdentityObject[] {
  const objects: IdentityObject[] = [];
  for (let at = 7; at < pdu.length; at += 2 + pdu[at + 1]) {
    const name = objectName(pdu[at]);
    const text = new TextDecoder().decode(pdu.subarray(at + 2, at + 2 + pdu[at + 1]));
    objects.push({ id: pdu[at], ...(name !== undefined && { name }), text });
  }
  return objects;
}
