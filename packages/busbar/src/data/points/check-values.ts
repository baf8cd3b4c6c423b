import type { TableName } from '../../protocol/tables.js';
import type { Device } from '../device.js';
import { BITS, registersOf } from '../overlay.js';
import type { RegisterTable } from '../registers.js';
import { pointsAt } from './create-points.js';
import { laidOver } from './point-events.js';

/** Bits, or registers. */
type Items = readonly (number | boolean)[];

/**
 * Checks values for a range by the points that it touches, each with what it would hold then.
 * @param registers the memory of all tables, where that is one.
 * @throws DataError of the first that does not fit.
 */
export function checkValues(
  device: Pick<Device, 'points' | 'overlaid'>,
  registers: () => RegisterTable,
  { table, address, values }: { readonly table: TableName; readonly address: number; readonly values: Items },
): void {
  const points = pointsAt(device, table, address, values.length);
  const areBits = table === 'coils' || table === 'discreteInputs';
  const [start, items] = device.overlaid && areBits ? registersAfter(registers(), address, values) : [address, values];
  for (const point of points) point.checkWords(laidOver(point, start, items));
}

/** The registers that have these bits, as they would be with them. */
function registersAfter(table: RegisterTable, address: number, bits: Items): [start: number, registers: number[]] {
  const { start, count } = registersOf(address, bits.length);
  const registers = table.getRange(start, count);
  for (const [i, bit] of bits.entries()) {
    const mask = 1 << ((address + i) % BITS);
    const at = Math.floor((address + i) / BITS) - start;
    registers[at] = bit ? registers[at] | mask : registers[at] & ~mask;
  }
  return [start, registers];
}
