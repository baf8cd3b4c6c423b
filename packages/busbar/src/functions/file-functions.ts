import type { RecordRange, RecordWrite } from '../data/files.js';
import { after } from '../promise.js';
import { copyBytes, readRegisters, readUint16, writeUint16 } from '../protocol/bytes.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import { FunctionCode } from '../protocol/function-codes.js';
import { MAX_PDU_LENGTH, MAX_RECORD_NUMBER } from '../protocol/limits.js';
import { GROUP_LENGTH, REFERENCE_TYPE } from '../protocol/sheets/files.js';
import { type FunctionEntry, type ModbusFunction, type Result, refuse, type Transaction } from './transaction.js';

const READ_BYTE_COUNT = { min: 0x07, max: 0xf5 };
const WRITE_BYTE_COUNT = { min: 0x09, max: 0xfb };

interface Group extends RecordRange {
  readonly referenceType: number;
}

function readGroup(bytes: Uint8Array, at: number): Group {
  return {
    referenceType: bytes[at],
    file: readUint16(bytes, at + 1),
    record: readUint16(bytes, at + 3),
    length: readUint16(bytes, at + 5),
  };
}

function exists({ device }: Transaction, group: Group): boolean {
  if (group.referenceType !== REFERENCE_TYPE || group.file === 0) return false;
  return group.record + group.length <= MAX_RECORD_NUMBER + 1 && device.files.has(group);
}

/** 14 (AP, clause 6.14). */
const readFileRecord: ModbusFunction = {
  effect: 'read',
  execute(transaction) {
    const groups = readGroups(transaction);
    if (groups === undefined) return refuse(ExceptionCode.IllegalDataValue);
    if (!groups.every((group) => exists(transaction, group))) return refuse(ExceptionCode.IllegalDataAddress);
    return after(transaction.device.files.read(groups, transaction), (lists) => writeRecords(transaction, lists));
  },
};

/** The groups of a read; undefined if the request is malformed or its reply would not fit. */
function readGroups({ request, start }: Transaction): Group[] | undefined {
  const byteCount = request[start + 1];
  if (byteCount < READ_BYTE_COUNT.min || byteCount > READ_BYTE_COUNT.max || byteCount % GROUP_LENGTH !== 0)
    return undefined;
  const groups = Array.from({ length: byteCount / GROUP_LENGTH }, (_, i) =>
    readGroup(request, start + 2 + i * GROUP_LENGTH),
  );
  const replyLength = groups.reduce((sum, { length }) => sum + 2 + 2 * length, 2);
  if (replyLength > MAX_PDU_LENGTH || groups.some(({ length }) => length === 0)) return undefined;
  return groups;
}

function writeRecords({ reply, replyStart }: Transaction, lists: readonly ArrayLike<number>[]): Result {
  let at = replyStart + 2;
  for (const list of lists) {
    reply[at] = 1 + 2 * list.length;
    reply[at + 1] = REFERENCE_TYPE;
    at += 2;
    for (let i = 0; i < list.length; i++, at += 2) writeUint16(reply, at, list[i]);
  }
  reply[replyStart + 1] = at - replyStart - 2;
  return at - replyStart;
}

/** 15 (AP, clause 6.15): all groups are written, or none. */
const writeFileRecord: ModbusFunction = {
  effect: 'write',
  execute(transaction) {
    const { request, start, end, reply, replyStart, device } = transaction;
    const groups = writtenGroups(transaction);
    if (groups === undefined) return refuse(ExceptionCode.IllegalDataValue);
    if (!groups.every((group) => exists(transaction, group))) return refuse(ExceptionCode.IllegalDataAddress);
    if (device.access.readOnly || !device.files.writable) return refuse(device.access.readOnlyException);
    copyBytes(request, start, end - start, reply, replyStart);
    const pending = transaction.expired ? undefined : device.files.write(groups, transaction);
    return pending === undefined ? end - start : pending.then(() => end - start);
  },
};

/** The groups of a write; undefined if the request is malformed. */
function writtenGroups({ request, start, end }: Transaction): (Group & RecordWrite)[] | undefined {
  const byteCount = request[start + 1];
  if (byteCount < WRITE_BYTE_COUNT.min || byteCount > WRITE_BYTE_COUNT.max) return undefined;
  const groups: (Group & RecordWrite)[] = [];
  for (let at = start + 2; at < end; ) {
    if (end - at < GROUP_LENGTH) return undefined;
    const group = readGroup(request, at);
    at += GROUP_LENGTH;
    if (group.length === 0 || end - at < 2 * group.length) return undefined;
    groups.push({
      ...group,
      values: readRegisters(request, at, group.length),
    });
    at += 2 * group.length;
  }
  return groups;
}

export const fileFunctions: readonly FunctionEntry[] = [
  [FunctionCode.ReadFileRecord, readFileRecord],
  [FunctionCode.WriteFileRecord, writeFileRecord],
];
