import { checkInteger } from '../../checks.js';
import { OptionsError } from '../../errors.js';
import { readRegisters, readUint16 } from '../bytes.js';
import type { Fields, FileGroup } from '../facts.js';
import { FunctionCode } from '../function-codes.js';
import { MAX_FILE_NUMBER, MAX_PDU_LENGTH, MAX_RECORD_NUMBER } from '../limits.js';
import { checkCount, checkRecords, type PduWriter } from '../pdu-writer.js';
import { cut, list, span } from '../text.js';
import { COUNTED_LENGTH } from './ranges.js';
import { type Sheet, sheet } from './sheet.js';

type Code = typeof FunctionCode;
type Groups = Fields<'groups'>;

export type FileSheet = Sheet<Code['ReadFileRecord'], Groups, Groups> | Sheet<Code['WriteFileRecord'], Groups, Groups>;

/** The only reference type (AP, clause 6.14). */
export const REFERENCE_TYPE = 6;
/** Bytes of a group ahead of its records: reference type 1, file 2, record 2, length 2. */
export const GROUP_LENGTH = 7;
/** Function code and byte count. */
const HEADER_LENGTH = 2;
/** Most groups of a request for records, whose byte count is at most F5. */
const MAX_READ_GROUPS = 35;
/** Most records in one reply. */
const MAX_READ_RECORDS = 124;
const MAX_GROUPS = 0xff;

/** File, record and length of the group at `at`; undefined if there is none. */
function groupAt(pdu: Uint8Array, at: number): FileGroup | undefined {
  if (at + GROUP_LENGTH > pdu.length || pdu[at] !== REFERENCE_TYPE) return undefined;
  return { file: readUint16(pdu, at + 1), record: readUint16(pdu, at + 3), length: readUint16(pdu, at + 5) };
}

function encodeGroup({ file, record, length }: FileGroup, pdu: PduWriter, i: number): PduWriter {
  const path = ['groups', i];
  pdu.byte(REFERENCE_TYPE, path).word(file, [...path, 'file'], 1, MAX_FILE_NUMBER);
  return pdu.word(record, [...path, 'record'], 0, MAX_RECORD_NUMBER).word(length, [...path, 'length'], 1);
}

/** Writes the records of a group, which must be as many as its length says. */
function encodeRecords({ length, values = [] }: FileGroup, pdu: PduWriter, i: number): void {
  const path = ['groups', i, 'values'];
  pdu.words(checkCount(values, length, length, path), path);
}

function describeGroups({ groups }: Groups): string {
  return `${groups[0]?.file === undefined ? ' = ' : ' '}${cut(groups.map(describeGroup), '; ', 'groups')}`;
}

function describeGroup({ file, record, length, values }: FileGroup): string {
  if (file === undefined || record === undefined) return list(values ?? []);
  const where = `file ${file} record ${span(record, length)}`;
  return values === undefined ? where : `${where} = ${list(values)}`;
}

function decodeReads(pdu: Uint8Array): Groups | undefined {
  const groups: FileGroup[] = [];
  for (let at = HEADER_LENGTH; at < pdu.length; at += GROUP_LENGTH) {
    const group = groupAt(pdu, at);
    if (group === undefined) return undefined;
    groups.push(group);
  }
  return groups.length === 0 ? undefined : { groups };
}

function encodeReads(fields: Groups, pdu: PduWriter): void {
  const groups = checkRecords(fields.groups, 1, MAX_READ_GROUPS, ['groups']);
  const replyLength = groups.reduce((sum, { length }) => sum + 2 + 2 * length, HEADER_LENGTH);
  pdu.counted((content) => groups.forEach((group, i) => void encodeGroup(group, content, i)), ['groups']);
  if (replyLength <= MAX_PDU_LENGTH) return;
  const found = `found ${replyLength} bytes`;
  throw new OptionsError(['groups'], `expected records that fit in a reply of ${MAX_PDU_LENGTH} bytes, ${found}`);
}

/** Each group: length of the rest of the group, reference type 6, registers. */
function decodeRecords(pdu: Uint8Array, asked: Groups | undefined): Groups | undefined {
  const groups: FileGroup[] = [];
  for (let at = HEADER_LENGTH; at < pdu.length; at += 1 + pdu[at]) {
    const length = (pdu[at] - 1) / 2;
    const fits = Number.isInteger(length) && length >= 0 && at + 1 + pdu[at] <= pdu.length;
    if (!fits || pdu[at + 1] !== REFERENCE_TYPE) return undefined;
    groups.push({ length, values: readRegisters(pdu, at + 2, length) });
  }
  return groups.length === 0 ? undefined : { groups: placed(groups, asked?.groups ?? []) };
}

/** Groups with the files and records that were asked for, if they are as many and as long. */
function placed(groups: readonly FileGroup[], asked: readonly FileGroup[]): readonly FileGroup[] {
  const same = groups.length === asked.length && groups.every(({ length }, i) => length === asked[i].length);
  return same ? groups.map((group, i) => ({ ...asked[i], ...group })) : groups;
}

function encodeReadRecords(fields: Groups, pdu: PduWriter): void {
  const groups = checkRecords(fields.groups, 1, MAX_GROUPS, ['groups']);
  const encodeGroups = (content: PduWriter) => {
    for (const [i, group] of groups.entries()) {
      const length = checkInteger(group.length, 1, MAX_READ_RECORDS, ['groups', i, 'length']);
      content.byte(1 + 2 * length, ['groups', i]).byte(REFERENCE_TYPE, ['groups', i]);
      encodeRecords(group, content, i);
    }
  };
  pdu.counted(encodeGroups, ['groups']);
}

/** 14 (AP, clause 6.14). */
const readFileRecord = sheet<Code['ReadFileRecord'], Groups, Groups>({
  code: FunctionCode.ReadFileRecord,
  name: 'read file record',
  request: { length: COUNTED_LENGTH, decode: decodeReads, encode: encodeReads, describe: describeGroups },
  reply: { length: COUNTED_LENGTH, decode: decodeRecords, encode: encodeReadRecords, describe: describeGroups },
  /** Each group asks for as many records as its last two bytes say; its part of the reply has two bytes more. */
  lengthOfReply(request, start, end) {
    let length = HEADER_LENGTH;
    for (let group = start + HEADER_LENGTH; group + GROUP_LENGTH <= end; group += GROUP_LENGTH) {
      length += 2 + 2 * readUint16(request, group + 5);
    }
    return length;
  },
});

const writes = {
  length: COUNTED_LENGTH,
  decode(pdu: Uint8Array): Groups | undefined {
    const groups: FileGroup[] = [];
    for (let at = HEADER_LENGTH; at < pdu.length; ) {
      const group = groupAt(pdu, at);
      const end = at + GROUP_LENGTH + 2 * (group?.length ?? 0);
      if (group === undefined || end > pdu.length) return undefined;
      groups.push({ ...group, values: readRegisters(pdu, at + GROUP_LENGTH, group.length) });
      at = end;
    }
    return groups.length === 0 ? undefined : { groups };
  },
  encode(fields: Groups, pdu: PduWriter): void {
    const groups = checkRecords(fields.groups, 1, MAX_GROUPS, ['groups']);
    const encodeGroups = (content: PduWriter) => {
      for (const [i, group] of groups.entries()) encodeRecords(group, encodeGroup(group, content, i), i);
    };
    pdu.counted(encodeGroups, ['groups']);
  },
  describe: describeGroups,
};

/** 15 (AP, clause 6.15): the reply is the request again. */
const writeFileRecord = sheet<Code['WriteFileRecord'], Groups, Groups>({
  code: FunctionCode.WriteFileRecord,
  name: 'write file record',
  request: writes,
  reply: writes,
  countsAgree: (bytes, start, end) =>
    end - start >= 9 &&
    bytes[start + HEADER_LENGTH] === REFERENCE_TYPE &&
    bytes[start + 1] >= GROUP_LENGTH + 2 * readUint16(bytes, start + 7),
  lengthOfReply: (_request, start, end) => end - start,
  repeats: (request) => request.length,
});

export const files: readonly FileSheet[] = [readFileRecord, writeFileRecord];
