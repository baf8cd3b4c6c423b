import type { BitTable } from '../bit-table.js';
import type { RegisterTable } from '../registers.js';
import type { Cell } from './point.js';

/** Registers that exist: as they stay where they are, they are looked for only once. */
export class RegistersCell implements Cell {
  readonly #table: RegisterTable;
  readonly #address: number;
  readonly #offset: number;
  readonly #quantity: number;

  constructor(table: RegisterTable, address: number, quantity: number) {
    this.#table = table;
    this.#address = address;
    this.#offset = 2 * table.locate(address, quantity);
    this.#quantity = quantity;
  }

  read(): number[] {
    return this.#table.wordsAt(this.#offset, this.#quantity);
  }

  write(words: readonly number[]): void {
    this.#table.setAt(this.#address, this.#offset, words);
  }
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
