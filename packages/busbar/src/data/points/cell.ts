import type { BitTable } from '../bit-table.js';
import type { RegisterTable } from '../registers.js';

/** The memory of one point: its registers, or its one bit (0 or 1). */
export interface Cell {
  read(): number[];
  write(words: readonly number[]): void;
}

export function registersCell(table: RegisterTable, address: number, quantity: number): Cell {
  if (quantity > 1) {
    return { read: () => table.getRange(address, quantity), write: (words) => table.set(address, words) };
  }
  return { read: () => [table.get(address)], write: ([word]) => table.set(address, word) };
}

/** One bit of a register. */
export function registerBitCell(table: RegisterTable, address: number, bit: number): Cell {
  return {
    read: () => [Number(table.getBit(address, bit))],
    write: ([value]) => table.setBit(address, bit, value === 1),
  };
}

/** A coil or a discrete input. */
export function bitCell(table: BitTable, address: number): Cell {
  return { read: () => [Number(table.get(address))], write: ([value]) => table.set(address, value === 1) };
}
