import { hex } from '../../format/numbers.js';

/** A part of a message: its bytes, what they are, and what they say. */
export interface MessageField {
  readonly bytes: string;
  readonly name: string;
  readonly meaning: string;
}

/** The fields behind the function code. */
type Layout = readonly string[];

const DATA = 'Data';
const BYTE_COUNT = 'Byte count';
const RANGE: Layout = ['Starting address', 'Quantity'];
const ADDRESS_AND_VALUE: Layout = ['Address', 'Value'];
const COUNTED: Layout = [BYTE_COUNT, DATA];

const REQUESTS: Readonly<Record<number, Layout>> = {
  1: RANGE,
  2: RANGE,
  3: RANGE,
  4: RANGE,
  5: ADDRESS_AND_VALUE,
  6: ADDRESS_AND_VALUE,
  8: ['Sub-function', DATA],
  15: [...RANGE, ...COUNTED],
  16: [...RANGE, ...COUNTED],
  22: ['Address', 'AND mask', 'OR mask'],
  23: ['Read starting address', 'Read quantity', 'Write starting address', 'Write quantity', ...COUNTED],
  24: ['FIFO pointer address'],
};

const REPLIES: Readonly<Record<number, Layout>> = {
  ...REQUESTS,
  1: COUNTED,
  2: COUNTED,
  3: COUNTED,
  4: COUNTED,
  15: RANGE,
  16: RANGE,
  23: COUNTED,
  24: [DATA],
};

/** Functions whose data are registers; elsewhere the data stay bytes. */
const OF_REGISTERS: readonly number[] = [3, 4, 16, 23];

/** The fields of a request, given as its PDU in hexadecimal digits. */
export function requestFields(pdu: string): MessageField[] {
  return fieldsOf(pdu, REQUESTS);
}

/** The fields of a reply. @param exception what its exception code says, if it is one. */
export function replyFields(pdu: string, exception: string | undefined): MessageField[] {
  if (exception === undefined) return fieldsOf(pdu, REPLIES);
  const code = { bytes: spaced(pdu.slice(2)), name: 'Exception code', meaning: exception };
  return [functionField(pdu, ' with the exception bit'), code];
}

function fieldsOf(pdu: string, layouts: Readonly<Record<number, Layout>>): MessageField[] {
  const code = Number.parseInt(pdu.slice(0, 2), 16);
  const isOfRegisters = OF_REGISTERS.includes(code);
  let rest = pdu.slice(2);
  const fields = (layouts[code] ?? [DATA]).map((name) => {
    const bytes = rest.slice(0, lengthOf(name));
    rest = rest.slice(bytes.length);
    return { bytes: spaced(bytes), name, meaning: meaningOf(name, bytes, isOfRegisters) };
  });
  return [functionField(pdu, ''), ...fields.filter(({ bytes }) => bytes !== '')];
}

/** Digits of a field; data are all the rest. */
function lengthOf(name: string): number {
  if (name === DATA) return Number.POSITIVE_INFINITY;
  return name === BYTE_COUNT ? 2 : 4;
}

function functionField(pdu: string, also: string): MessageField {
  const code = Number.parseInt(pdu.slice(0, 2), 16);
  return { bytes: pdu.slice(0, 2).toUpperCase(), name: 'Function code', meaning: `${code & 0x7f}${also}` };
}

function meaningOf(name: string, bytes: string, isOfRegisters: boolean): string {
  if (bytes === '') return '';
  if (name === DATA) return isOfRegisters ? registersIn(bytes) : '';
  const value = Number.parseInt(bytes, 16);
  return name.endsWith('mask') ? hex(value) : String(value);
}

function registersIn(bytes: string): string {
  return (bytes.match(/.{4}/g) ?? []).map((digits) => Number.parseInt(digits, 16)).join(', ');
}

function spaced(bytes: string): string {
  return (bytes.toUpperCase().match(/.{2}/g) ?? []).join(' ');
}
