import { readRegisters, readUint16 } from '../bytes.js';
import type { Fields } from '../facts.js';
import { FunctionCode } from '../function-codes.js';
import type { LengthRule } from '../length-rule.js';
import { MAX_READ_REGISTERS, MAX_READ_WRITE_REGISTERS, MAX_WRITE_REGISTERS } from '../limits.js';
import { checkCount, type PduWriter } from '../pdu-writer.js';
import { formatAddresses } from '../references.js';
import type { TableName } from '../tables.js';
import { hexWord, list } from '../text.js';
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
import { type ReplyForm, type Sheet, sheet } from './sheet.js';

type Code = typeof FunctionCode;
type ReadCode = Code['ReadHoldingRegisters'] | Code['ReadInputRegisters'];
type Masks = Fields<'address' | 'andMask' | 'orMask'>;
/** Address and quantity are those of the read. */
type ReadWrite = Fields<'address' | 'quantity' | 'writeAddress' | 'values'>;

export type RegisterSheet =
  | Sheet<ReadCode, Span, ReadValues>
  | Sheet<Code['WriteSingleRegister'], Written, Written>
  | Sheet<Code['WriteMultipleRegisters'], Written, Span>
  | Sheet<Code['MaskWriteRegister'], Masks, Masks>
  | Sheet<Code['ReadWriteMultipleRegisters'], ReadWrite, ReadValues>;

function readReply(table: TableName): ReplyForm<ReadValues, Span | ReadWrite> {
  return {
    length: COUNTED_LENGTH,
    decode(pdu, asked): ReadValues | undefined {
      if (pdu[1] % 2 !== 0) return undefined;
      const values = readRegisters(pdu, 2, pdu[1] / 2);
      return asked?.quantity === values.length
        ? { address: asked.address, quantity: asked.quantity, values }
        : { values };
    },
    encode: ({ values }, pdu) => encodeRegisters(checkCount(values, 1, MAX_READ_REGISTERS, ['values']), pdu),
    describe: describeValues(table),
  };
}

function encodeRegisters(values: readonly number[], pdu: PduWriter): PduWriter {
  return pdu.byte(2 * values.length, ['values']).words(values, ['values']);
}

const registerBytes = (quantity: number): number => 2 * quantity;

function lengthOfReadReply(request: Uint8Array, start: number): number {
  return 2 + 2 * readUint16(request, start + 3);
}

/** 03, 04 (AP, clauses 6.3 and 6.4). */
function readTable(code: ReadCode, name: string, table: TableName): Sheet<ReadCode, Span, ReadValues> {
  return sheet<ReadCode, Span, ReadValues>({
    code,
    name,
    ranges: manyOf(table),
    request: spanForm(table, MAX_READ_REGISTERS),
    reply: readReply(table),
    lengthOfReply: lengthOfReadReply,
  });
}

const singleRegister = {
  length: SPAN_LENGTH,
  decode: (pdu: Uint8Array): Written => ({ address: readUint16(pdu, 1), values: readRegisters(pdu, 3, 1) }),
  encode: (fields: Written, pdu: PduWriter) =>
    pdu.word(fields.address, ['address']).words(checkWritten(fields, 1), ['values']),
  describe: describeValues('holdingRegisters'),
};

/** 06 (AP, clause 6.6). */
const writeSingleRegister = sheet<Code['WriteSingleRegister'], Written, Written>({
  code: FunctionCode.WriteSingleRegister,
  name: 'write single register',
  ranges: oneOf('holdingRegisters'),
  request: singleRegister,
  reply: singleRegister,
  repeats: () => 5,
});

/** 10 (AP, clause 6.12). */
const writeMultipleRegisters = sheet<Code['WriteMultipleRegisters'], Written, Span>({
  code: FunctionCode.WriteMultipleRegisters,
  name: 'write multiple registers',
  ranges: manyOf('holdingRegisters'),
  request: {
    length: COUNTED_SPAN_LENGTH,
    decode(pdu): Written | undefined {
      const { address, quantity } = decodeSpan(pdu);
      return pdu[5] === 2 * quantity ? { address, quantity, values: readRegisters(pdu, 6, quantity) } : undefined;
    },
    encode(fields, pdu) {
      const values = checkWritten(fields, MAX_WRITE_REGISTERS);
      encodeSpan({ address: fields.address, quantity: values.length }, pdu, MAX_WRITE_REGISTERS);
      encodeRegisters(values, pdu);
    },
    describe: describeValues('holdingRegisters'),
  },
  reply: spanForm('holdingRegisters', MAX_WRITE_REGISTERS),
  countsAgree: byteCountAgrees(5, registerBytes),
  repeats: () => 5,
});

const MASKS_LENGTH: LengthRule = { base: 7 };

const masks = {
  length: MASKS_LENGTH,
  decode(pdu: Uint8Array): Masks {
    return { address: readUint16(pdu, 1), andMask: readUint16(pdu, 3), orMask: readUint16(pdu, 5) };
  },
  encode({ address, andMask, orMask }: Masks, pdu: PduWriter): void {
    pdu.word(address, ['address']).word(andMask, ['andMask']).word(orMask, ['orMask']);
  },
  describe({ address, andMask, orMask }: Masks): string {
    return ` ${formatAddresses('holdingRegisters', address)} and=${hexWord(andMask)} or=${hexWord(orMask)}`;
  },
};

/** 16 (AP, clause 6.16). */
const maskWriteRegister = sheet<Code['MaskWriteRegister'], Masks, Masks>({
  code: FunctionCode.MaskWriteRegister,
  name: 'mask write register',
  ranges: oneOf('holdingRegisters'),
  request: masks,
  reply: masks,
  repeats: () => 7,
});

/** 17 (AP, clause 6.17). */
const readWriteMultipleRegisters = sheet<Code['ReadWriteMultipleRegisters'], ReadWrite, ReadValues>({
  code: FunctionCode.ReadWriteMultipleRegisters,
  name: 'read/write multiple registers',
  ranges: [
    { table: 'holdingRegisters', addressAt: 1, quantityAt: 3 },
    { table: 'holdingRegisters', addressAt: 5, quantityAt: 7 },
  ],
  request: {
    length: { base: 10, countAt: 9 },
    decode(pdu): ReadWrite | undefined {
      const quantity = readUint16(pdu, 7);
      if (pdu[9] !== 2 * quantity) return undefined;
      return { ...decodeSpan(pdu), writeAddress: readUint16(pdu, 5), values: readRegisters(pdu, 10, quantity) };
    },
    encode({ address, quantity, writeAddress, values }, pdu) {
      encodeSpan({ address, quantity }, pdu, MAX_READ_REGISTERS);
      checkCount(values, 1, MAX_READ_WRITE_REGISTERS, ['values']);
      encodeRegisters(values, pdu.word(writeAddress, ['writeAddress']).word(values.length, ['values']));
    },
    describe({ address, quantity, writeAddress, values }) {
      const read = formatAddresses('holdingRegisters', address, quantity);
      return ` ${read}, write ${formatAddresses('holdingRegisters', writeAddress, values.length)} = ${list(values)}`;
    },
  },
  reply: readReply('holdingRegisters'),
  countsAgree: byteCountAgrees(9, registerBytes),
  lengthOfReply: lengthOfReadReply,
});

export const registers: readonly RegisterSheet[] = [
  readTable(FunctionCode.ReadHoldingRegisters, 'read holding registers', 'holdingRegisters'),
  readTable(FunctionCode.ReadInputRegisters, 'read input registers', 'inputRegisters'),
  writeSingleRegister,
  writeMultipleRegisters,
  maskWriteRegister,
  readWriteMultipleRegisters,
];
