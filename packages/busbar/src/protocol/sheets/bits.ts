import { checkInteger } from '../../checks.js';
import { bitBytes, unpackBits } from '../bits.js';
import { readUint16 } from '../bytes.js';
import { FunctionCode } from '../function-codes.js';
import { MAX_READ_BITS, MAX_WRITE_BITS } from '../limits.js';
import { checkCount, type PduWriter } from '../pdu-writer.js';
import type { TableName } from '../tables.js';
import {
  byteCountAgrees,
  COUNTED_LENGTH,
  COUNTED_SPAN_LENGTH,
  checkWritten,
  decodeSpan,
  describeValues,
  encodeSpan,
  manyOf,
  oneOf,
  type ReadValues,
  SPAN_LENGTH,
  type Span,
  spanForm,
  type Written,
} from './ranges.js';
import { type Sheet, sheet } from './sheet.js';

type Code = typeof FunctionCode;
type ReadCode = Code['ReadCoils'] | Code['ReadDiscreteInputs'];

export type BitSheet =
  | Sheet<ReadCode, Span, ReadValues>
  | Sheet<Code['WriteSingleCoil'], Written, Written>
  | Sheet<Code['WriteMultipleCoils'], Written, Span>;

/** The only two values of a single coil (AP, clause 6.5). */
export const COIL_ON = 0xff00;
export const COIL_OFF = 0x0000;

/** 01, 02 (AP, clauses 6.1 and 6.2). */
function readBits(code: ReadCode, name: string, table: TableName): Sheet<ReadCode, Span, ReadValues> {
  return sheet<ReadCode, Span, ReadValues>({
    code,
    name,
    ranges: manyOf(table),
    request: spanForm(table, MAX_READ_BITS),
    reply: {
      length: COUNTED_LENGTH,
      decode: decodeBits,
      encode: ({ values }, pdu) => encodeBits(checkCount(values, 1, MAX_READ_BITS, ['values']), pdu),
      describe: describeValues(table),
    },
    lengthOfReply: (request, start) => 2 + bitBytes(readUint16(request, start + 3)),
  });
}

/** Only the request shows how many bits of the last byte are real. */
function decodeBits(pdu: Uint8Array, asked: Span | undefined): ReadValues {
  if (asked === undefined || bitBytes(asked.quantity) !== pdu[1]) return { values: bitsAt(pdu, 2, 8 * pdu[1]) };
  return { ...asked, values: bitsAt(pdu, 2, asked.quantity) };
}

function encodeBits(values: readonly number[], pdu: PduWriter): PduWriter {
  return pdu.byte(bitBytes(values.length), ['values']).bits(values, ['values']);
}

/** `quantity` bits from `at` on, as 0 and 1. */
function bitsAt(pdu: Uint8Array, at: number, quantity: number): number[] {
  const bits = new Uint8Array(quantity);
  unpackBits(pdu, at, quantity, bits, 0);
  return [...bits];
}

const singleCoil = {
  length: SPAN_LENGTH,
  decode(pdu: Uint8Array): Written | undefined {
    const value = readUint16(pdu, 3);
    if (value !== COIL_OFF && value !== COIL_ON) return undefined;
    return { address: readUint16(pdu, 1), values: [value === COIL_ON ? 1 : 0] };
  },
  encode(fields: Written, pdu: PduWriter): void {
    const [value] = checkWritten(fields, 1);
    const bit = checkInteger(value, 0, 1, ['values', 0]);
    pdu.word(fields.address, ['address']).word(bit === 1 ? COIL_ON : COIL_OFF, ['values']);
  },
  describe: describeValues('coils'),
};

/** 05 (AP, clause 6.5). */
const writeSingleCoil = sheet<Code['WriteSingleCoil'], Written, Written>({
  code: FunctionCode.WriteSingleCoil,
  name: 'write single coil',
  ranges: oneOf('coils'),
  request: singleCoil,
  reply: singleCoil,
  repeats: () => 5,
});

/** 0F (AP, clause 6.11). */
const writeMultipleCoils = sheet<Code['WriteMultipleCoils'], Written, Span>({
  code: FunctionCode.WriteMultipleCoils,
  name: 'write multiple coils',
  ranges: manyOf('coils'),
  request: {
    length: COUNTED_SPAN_LENGTH,
    decode(pdu): Written | undefined {
      const { address, quantity } = decodeSpan(pdu);
      if (pdu[5] !== bitBytes(quantity)) return undefined;
      return { address, quantity, values: bitsAt(pdu, 6, quantity) };
    },
    encode(fields, pdu) {
      const values = checkWritten(fields, MAX_WRITE_BITS);
      encodeSpan({ address: fields.address, quantity: values.length }, pdu, MAX_WRITE_BITS);
      encodeBits(values, pdu);
    },
    describe: describeValues('coils'),
  },
  reply: spanForm('coils', MAX_WRITE_BITS),
  countsAgree: byteCountAgrees(5, bitBytes),
  repeats: () => 5,
});

export const bits: readonly BitSheet[] = [
  readBits(FunctionCode.ReadCoils, 'read coils', 'coils'),
  readBits(FunctionCode.ReadDiscreteInputs, 'read discrete inputs', 'discreteInputs'),
  writeSingleCoil,
  writeMultipleCoils,
];
