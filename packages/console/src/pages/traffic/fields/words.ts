import type { TableWord } from '../../../api/contract.js';
import { hex } from '../../../format/numbers.js';
import { referenceOf } from '../../../state/tables.js';

// What the numbers in messages mean, in words.

/** `200 (40201)`. */
export function addressIn(table: TableWord): (address: number) => string {
  return (address) => `${address} (${referenceOf(table, address)})`;
}

/** `702 (0x02BE)`; a negative one also as such. */
export function register(value: number): string {
  const signed = value < 0x8000 ? '' : `, signed ${value - 0x10000}`;
  return `${value} (${hex(value)}${signed})`;
}

export function coil(value: number): string {
  return { 0: 'off', 65280: 'on' }[value] ?? 'neither on (FF00) nor off (0000)';
}

/** @param quantity how many of the bits are real; undefined: it is not known. */
export function bitsOf(quantity: number | undefined): (bytes: Uint8Array) => string {
  return (bytes) => {
    const most = Math.min(quantity ?? Number.POSITIVE_INFINITY, 8 * bytes.length);
    return Array.from({ length: most }, (_, i) => ((bytes[i >> 3] ?? 0) >> (i & 7)) & 1).join(', ');
  };
}

export function binary(value: number): string {
  return `${value.toString(2).padStart(8, '0')}, from bit 7 to bit 0`;
}

/** Printable characters as they are, others as dots. */
export function text(bytes: Uint8Array): string {
  const decoded = new TextDecoder().decode(bytes);
  return `"${decoded.replace(/\p{C}|\uFFFD/gu, '·')}"`;
}

export function busy(status: number): string {
  return { 0: 'ready', 65535: 'busy' }[status] ?? hex(status);
}

const SUB_FUNCTIONS: Readonly<Record<number, string>> = {
  0: 'return query data',
  1: 'restart communications',
  2: 'return diagnostic register',
  3: 'change ASCII delimiter',
  4: 'force listen-only mode',
  10: 'clear counters',
  11: 'bus messages',
  12: 'bus communication errors',
  13: 'exceptions',
  14: 'messages',
  15: 'messages without reply',
  16: 'negative acknowledges',
  17: 'busy replies',
  18: 'character overruns',
  20: 'clear overrun counter',
};

export function subFunction(code: number): string {
  return named(code, SUB_FUNCTIONS);
}

export function mei(type: number): string {
  return named(type, { 13: 'CANopen general reference', 14: 'read device identification' });
}

export function idCode(code: number): string {
  return named(code, { 1: 'basic', 2: 'regular', 3: 'extended', 4: 'one object' });
}

/** Bit 7 says whether single objects may be asked for. */
export function conformity(level: number): string {
  const most = { 1: 'basic', 2: 'regular', 3: 'extended' }[level & 0x7f];
  return most === undefined ? hex(level, 2) : `${most}, ${level & 0x80 ? 'as a stream and one by one' : 'as a stream'}`;
}

const OBJECTS = [
  'vendor name',
  'product code',
  'revision',
  'vendor URL',
  'product name',
  'model name',
  'user application name',
];

export function identityObject(id: number): string {
  return OBJECTS[id] === undefined ? hex(id, 2) : `${id}: ${OBJECTS[id]}`;
}

function named(code: number, names: Readonly<Record<number, string>>): string {
  return names[code] === undefined ? String(code) : `${code}: ${names[code]}`;
}
