import type { Cell } from './cells.js';
import type { PymodbusDevice } from './schema.js';

/** A part of the memory of pymodbus' simulator that clients reach as one table. */
export interface Area {
  readonly table: 'coil' | 'discrete' | 'input' | 'holding';
  readonly cells: readonly Cell[];
}

/** A table's addresses go to 65535. A register has 16 coils. */
const MOST_REGISTERS = 65_536;
const MOST_OF_BITS = MOST_REGISTERS / 16;

/**
 * The tables of a device. With shared blocks there is only one, of registers; else the memory holds one behind the
 * other.
 */
export function areasOf({ setup }: PymodbusDevice, cells: readonly Cell[]): Area[] {
  if (setup['shared blocks']) return [{ table: 'holding', cells }];
  const sizes = [
    ['coil', setup['co size']],
    ['discrete', setup['di size']],
    ['input', setup['ir size']],
    ['holding', setup['hr size']],
  ] as const;
  let start = 0;
  return sizes.map(([table, size]) => {
    const own = cells.slice(start, start + size);
    start += size;
    return { table, cells: own.slice(0, isOfBits(table) ? MOST_OF_BITS : MOST_REGISTERS) };
  });
}

export function isOfBits(table: Area['table']): boolean {
  return table === 'coil' || table === 'discrete';
}
