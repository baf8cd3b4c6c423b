import type { Path } from '../checks.js';
import { OptionsError } from '../errors.js';
import type { Range } from '../protocol/address-range.js';
import { ADDRESS_COUNT } from '../protocol/limits.js';
import type { TableName } from '../protocol/tables.js';
import { registerBits } from './bit-form.js';
import { BitTable } from './bit-table.js';
import { Layout } from './blocks.js';
import type { Change } from './change-event.js';
import { hasRegisters, type PointPlace } from './points/place.js';
import { RegisterTable } from './registers.js';
import type { Spot } from './spot.js';
import type { Table } from './table.js';

// One memory for the four tables, which overlay one another (AP, clause 4.3): input registers are the holding
// registers; coil and discrete input n are bit n % 16 of register n / 16, bit 0 the least significant.

/** Bits of a register. */
export const BITS = 16;

/** The tables that are all the memory of these registers. @throws OptionsError if they have handlers. */
export function overlayOf(registers: Table, path: Path): Readonly<Record<TableName, Table>> {
  if (!(registers instanceof RegisterTable)) {
    throw new OptionsError(
      path,
      'expected blocks in memory, found handlers: with shared: true, all tables are its memory',
    );
  }
  const layout = new Layout(bitRanges(registers.ranges));
  const bits = new BitTable(bitSpot(registers), layout, registers.bytes, registerBits);
  return { coils: bits, discreteInputs: bits, holdingRegisters: registers, inputRegisters: registers };
}

/** The place of the memory of a place: registers, or a bit of one. */
export function overlaidPlace({ table, address, bit }: PointPlace): PointPlace {
  if (hasRegisters(table)) return { table: 'holdingRegisters', address, bit };
  return { table: 'holdingRegisters', address: Math.floor(address / BITS), bit: address % BITS };
}

/** Registers from 4096 on have no bits: coils end at 65535. */
function bitRanges(registers: readonly Range[]): Range[] {
  const bits = registers.map(({ start, count }) => ({ start: BITS * start, count: BITS * count }));
  return bits
    .filter(({ start }) => start < ADDRESS_COUNT)
    .map(({ start, count }) => ({ start, count: Math.min(count, ADDRESS_COUNT - start) }));
}

/** The registers that have these bits. */
export function registersOf(address: number, quantity: number): Range {
  const start = Math.floor(address / BITS);
  return { start, count: Math.ceil((address + quantity) / BITS) - start };
}

/** A change of bits is told as one of registers; a client's write as the client made it. */
function bitSpot(registers: RegisterTable): Spot<boolean> {
  return {
    name: 'coils',
    place(address, quantity) {
      const { start, count } = registersOf(address, quantity);
      return { part: 'holdingRegisters', address: start, quantity: count };
    },
    change: (address, _, previous) => registersChanged(registers, address, previous),
    written: (address, values, previous) => ({ part: 'coils', address, values, previous }),
  };
}

/** @param previous the bits from `address` on as they were. */
function registersChanged(registers: RegisterTable, address: number, previous: readonly boolean[]): Change {
  const { start, count } = registersOf(address, previous.length);
  const values = registers.getRange(start, count);
  const before = [...values];
  for (const [i, bit] of previous.entries()) {
    const mask = 1 << ((address + i) % BITS);
    const register = Math.floor((address + i) / BITS) - start;
    before[register] = bit ? before[register] | mask : before[register] & ~mask;
  }
  return { part: 'holdingRegisters', address: start, values, previous: before };
}
