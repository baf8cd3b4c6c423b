import { show } from '../../checks.js';
import { OptionsError } from '../../errors.js';
import { readUint16 } from '../bytes.js';
import type { Fields } from '../facts.js';
import type { LengthRule } from '../length-rule.js';
import { checkCount, type PduWriter } from '../pdu-writer.js';
import { formatAddresses } from '../references.js';
import type { TableName } from '../tables.js';
import { list } from '../text.js';
import type { RangeField, RequestForm } from './sheet.js';

/** First address and quantity: the beginning of most requests, and the replies to multiple writes. */
export type Span = Fields<'address' | 'quantity'>;
/** A reply to a read. Address and quantity are those of the request. */
export type ReadValues = Fields<'values', 'address' | 'quantity'>;
/** A write of one value, or of as many as its quantity says. */
export type Written = Fields<'address' | 'values', 'quantity'>;

/** Function code, address and quantity, or address and value. */
export const SPAN_LENGTH: LengthRule = { base: 5 };
/** A byte count, and as many bytes. */
export const COUNTED_LENGTH: LengthRule = { base: 2, countAt: 1 };
/** Address, quantity, byte count, and as many bytes. */
export const COUNTED_SPAN_LENGTH: LengthRule = { base: 6, countAt: 5 };

export const manyOf = (table: TableName): readonly RangeField[] => [{ table, addressAt: 1, quantityAt: 3 }];
export const oneOf = (table: TableName): readonly RangeField[] => [{ table, addressAt: 1 }];

export function decodeSpan(pdu: Uint8Array): Span {
  return { address: readUint16(pdu, 1), quantity: readUint16(pdu, 3) };
}

export function encodeSpan({ address, quantity }: Span, pdu: PduWriter, max: number): PduWriter {
  return pdu.word(address, ['address']).word(quantity, ['quantity'], 1, max);
}

/** A PDU that is a span of a table, of at most `max` items. */
export function spanForm(table: TableName, max: number): RequestForm<Span> {
  return {
    length: SPAN_LENGTH,
    decode: decodeSpan,
    encode: (fields, pdu) => encodeSpan(fields, pdu, max),
    describe: ({ address, quantity }) => ` ${formatAddresses(table, address, quantity)}`,
  };
}

/** Whether the byte count of a write, at `countAt`, agrees with the quantity in the two bytes ahead of it. */
export function byteCountAgrees(countAt: number, bytesOf: (quantity: number) => number) {
  return (bytes: Uint8Array, start: number, end: number): boolean => {
    const at = start + countAt;
    return at < end && bytes[at] > 0 && bytes[at] === bytesOf(readUint16(bytes, at - 2));
  };
}

/** Describes values of a table, after their addresses if those are known. */
export function describeValues(table: TableName) {
  return ({ address, quantity, values }: ReadValues | Written): string =>
    `${address === undefined ? '' : ` ${formatAddresses(table, address, quantity)}`} = ${list(values)}`;
}

/** The values of a write. @throws OptionsError if there are too many, or not as many as the quantity says. */
export function checkWritten({ quantity, values }: Written, max: number): readonly number[] {
  const checked = checkCount(values, 1, max, ['values']);
  if (quantity === undefined || quantity === checked.length) return checked;
  throw new OptionsError(['quantity'], `expected the number of values, ${checked.length}, found ${show(quantity)}`);
}
