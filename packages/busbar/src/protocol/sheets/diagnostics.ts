import { checkBytes } from '../../checks.js';
import { OptionsError } from '../../errors.js';
import { readRegisters, readUint16 } from '../bytes.js';
import type { Fields } from '../facts.js';
import { FunctionCode } from '../function-codes.js';
import { MAX_PDU_LENGTH } from '../limits.js';
import { checkCount, type PduWriter } from '../pdu-writer.js';
import { hexWord, rawBytes } from '../text.js';
import { type Sheet, sheet } from './sheet.js';

type Code = typeof FunctionCode;
/** Sub-functions that take and return one word. */
type Word = Fields<'subFunction' | 'values', 'subFunctionName'>;
/** 08/00, which returns any data, and sub-functions that the documents don't have. */
type Data = Fields<'subFunction' | 'data', 'subFunctionName'>;

export type DiagnosticsSheet = Sheet<Code['Diagnostics'], Word | Data, Word | Data>;

/** Bytes of the function code and the sub-function. */
const PREFIX_LENGTH = 3;
/** Function code, sub-function, one word. */
const WORD_LENGTH = 5;

const RETURN_QUERY_DATA = 0x00;
const DIAGNOSTIC_REGISTER = 0x02;
const FIRST_COUNTER = 0x0b;
const LAST_COUNTER = 0x12;

/** Sub-functions (AP, clause 6.8.1). */
const NAMES: ReadonlyMap<number, string> = new Map([
  [RETURN_QUERY_DATA, 'return query data'],
  [0x01, 'restart communications'],
  [DIAGNOSTIC_REGISTER, 'diagnostic register'],
  [0x03, 'change ASCII delimiter'],
  [0x04, 'force listen-only mode'],
  [0x0a, 'clear counters'],
  [FIRST_COUNTER, 'bus messages'],
  [0x0c, 'bus communication errors'],
  [0x0d, 'exceptions'],
  [0x0e, 'messages'],
  [0x0f, 'messages without reply'],
  [0x10, 'negative acknowledges'],
  [0x11, 'busy replies'],
  [LAST_COUNTER, 'character overruns'],
  [0x14, 'clear overrun counter'],
]);

/** Whether a sub-function may take any data. */
function takesData(subFunction: number): boolean {
  return subFunction === RETURN_QUERY_DATA || !NAMES.has(subFunction);
}

function decode(pdu: Uint8Array): Word | Data | undefined {
  if (pdu.length < PREFIX_LENGTH) return undefined;
  const subFunction = readUint16(pdu, 1);
  const name = NAMES.get(subFunction);
  const told = { subFunction, ...(name !== undefined && { subFunctionName: name }) };
  if (takesData(subFunction)) return { ...told, data: pdu.slice(PREFIX_LENGTH) };
  return pdu.length === WORD_LENGTH ? { ...told, values: readRegisters(pdu, PREFIX_LENGTH, 1) } : undefined;
}

function encode({ subFunction, values, data }: Word | Data, pdu: PduWriter): void {
  pdu.word(subFunction, ['subFunction']);
  if (takesData(subFunction)) pdu.bytes(checkData(data, subFunction));
  else pdu.words(checkCount(values ?? [], 1, 1, ['values']), ['values']);
}

function checkData(data: Uint8Array | undefined, subFunction: number): Uint8Array {
  const bytes = checkBytes(data, MAX_PDU_LENGTH - PREFIX_LENGTH, ['data']);
  if (subFunction !== RETURN_QUERY_DATA || bytes.length % 2 === 0) return bytes;
  throw new OptionsError(['data'], `expected whole words, found ${bytes.length} bytes`);
}

/** The word of most requests is 0000, which is not worth showing. */
function describe({ values, data }: Word | Data): string {
  if (data !== undefined) return rawBytes(data);
  return values[0] === 0 ? '' : ` ${hexWord(values[0])}`;
}

function describeReply(fields: Word | Data): string {
  const { subFunction, values } = fields;
  if (values === undefined) return describe(fields);
  if (subFunction === DIAGNOSTIC_REGISTER) return ` = ${hexWord(values[0])}`;
  const isCounter = subFunction >= FIRST_COUNTER && subFunction <= LAST_COUNTER;
  return isCounter ? ` = ${values[0]}` : describe(fields);
}

/** Whether the PDU at `start` is 08/00, which may have any length, and whose reply is the same. */
export function isQueryData(bytes: Uint8Array, start: number): boolean {
  return bytes[start] === FunctionCode.Diagnostics && readUint16(bytes, start + 1) === RETURN_QUERY_DATA;
}

function likelyLength(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (end - start < PREFIX_LENGTH) return 0;
  return isQueryData(bytes, start) ? undefined : WORD_LENGTH;
}

/**
 * 08 (AP, clause 6.8). There is no rule for the length, because an unknown sub-function gets exception 01 at any
 * length.
 */
export const diagnostics: DiagnosticsSheet = sheet({
  code: FunctionCode.Diagnostics,
  name: 'diagnostics',
  subFunctionLength: 2,
  request: { likelyLength, decode, encode, describe },
  reply: { decode, encode, describe: describeReply },
  lengthOfReply: (_request, start, end) => end - start,
  repeats: (request) => (isQueryData(request, 0) ? request.length : PREFIX_LENGTH),
});
