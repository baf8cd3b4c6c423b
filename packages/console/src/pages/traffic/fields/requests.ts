import type { TableWord } from '../../../api/contract.js';
import { hex } from '../../../format/numbers.js';
import type { PduReader } from './reader.js';
import { addressIn, bitsOf, coil, idCode, identityObject, mei, register, subFunction } from './words.js';

/** Reads what is behind the function code. */
export type Layout = (pdu: PduReader) => void;

const READ_IDENTIFICATION = 14;

/** What requests have behind their function code. Those that are not here have data of which nothing is known. */
export const REQUESTS: Readonly<Record<number, Layout>> = {
  1: span('coils'),
  2: span('discrete'),
  3: span('holding'),
  4: span('input'),
  5: one('coils', coil),
  6: one('holding', register),
  7: nothing,
  8: diagnostics,
  11: nothing,
  12: nothing,
  15(pdu) {
    pdu.word('Starting address', addressIn('coils'));
    const quantity = pdu.word('Quantity');
    pdu.byte('Byte count');
    pdu.bytes('Coils', bitsOf(quantity));
  },
  16(pdu) {
    const first = pdu.word('Starting address', addressIn('holding'));
    pdu.word('Quantity');
    pdu.byte('Byte count');
    pdu.registersFrom(first, 'Registers');
  },
  17: nothing,
  20(pdu) {
    pdu.byte('Byte count');
    for (let group = 1; pdu.left > 0; group++) fileGroup(pdu, group);
  },
  21: writtenFiles,
  22: masks,
  23(pdu) {
    pdu.word('Read starting address', addressIn('holding'));
    pdu.word('Read quantity');
    const first = pdu.word('Write starting address', addressIn('holding'));
    pdu.word('Write quantity');
    pdu.byte('Byte count');
    pdu.registersFrom(first, 'Registers to write');
  },
  24(pdu) {
    pdu.word('FIFO pointer address', addressIn('holding'));
  },
  43(pdu) {
    if (pdu.byte('MEI type', mei) !== READ_IDENTIFICATION) return;
    pdu.byte('Read device id code', idCode);
    pdu.byte('First object id', identityObject);
  },
};

/** A first address, and how many. */
export function span(table: TableWord): Layout {
  return (pdu) => {
    pdu.word('Starting address', addressIn(table));
    pdu.word('Quantity');
  };
}

/** An address, and a value. */
export function one(table: TableWord, say: (value: number) => string): Layout {
  return (pdu) => {
    pdu.word('Address', addressIn(table));
    pdu.word('Value', say);
  };
}

export function masks(pdu: PduReader): void {
  pdu.word('Address', addressIn('holding'));
  pdu.word('AND mask', (mask) => hex(mask));
  pdu.word('OR mask', (mask) => hex(mask));
}

/** Requests of 08, and their replies. */
export function diagnostics(pdu: PduReader): void {
  pdu.word('Sub-function', subFunction);
  pdu.registers('Data');
}

/** Requests of 21, and their replies. */
export function writtenFiles(pdu: PduReader): void {
  pdu.byte('Byte count');
  for (let group = 1; pdu.left > 0; group++) pdu.registers(`Group ${group}: registers`, 2 * fileGroup(pdu, group));
}

/** @returns how many registers it is about. */
function fileGroup(pdu: PduReader, group: number): number {
  pdu.byte(`Group ${group}: reference type`);
  pdu.word(`Group ${group}: file number`);
  pdu.word(`Group ${group}: record number`);
  return pdu.word(`Group ${group}: record length`);
}

function nothing(): void {}
