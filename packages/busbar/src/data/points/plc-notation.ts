import { ADDRESS_COUNT } from '../../protocol/limits.js';
import type { BitTableName, RegisterTableName } from '../../protocol/tables.js';
import type { PointPlace } from './place.js';
import { twoPlaces } from './two-meanings.js';

/** An IEC 61131-3 address. `%MX10.3`: area `m`, size `x`, number 10, bit 3. */
interface PlcAddress {
  /** Inputs, outputs or memory. */
  readonly area: string;
  /** Bit, byte, word, double word; empty: bit. */
  readonly size: string;
  readonly number: number;
  readonly bit: number | undefined;
}

/**
 * The place of an address whose PLC counts as Modbus does: `%MW0`, `%MW0.3`, `%IW0`, `%M0`, `%I0`.
 * @param first the number of the first item of a table, for advice.
 * @returns a message if PLCs disagree about it.
 */
export function readPlc(address: PlcAddress, first: number): PointPlace | string {
  const { area, size, number, bit } = address;
  if (number >= ADDRESS_COUNT) return `is outside the table: addresses are 0 to ${ADDRESS_COUNT - 1}`;
  if (area === 'q' && bit === undefined && size !== 'd' && size !== 'b') return ambiguousOutput(address, first);
  if (size === 'w') return { table: registersOf(area), address: number, bit };
  if (size === '' && bit === undefined) return { table: bitsOf(area), address: number };
  return ambiguous(address, first);
}

function bitsOf(area: string): BitTableName {
  return area === 'i' ? 'discreteInputs' : 'coils';
}

function registersOf(area: string): RegisterTableName {
  return area === 'i' ? 'inputRegisters' : 'holdingRegisters';
}

/** Some PLCs show their outputs in a table, for others a program has to copy them. */
function ambiguousOutput({ size, number }: PlcAddress, first: number): string {
  const place = `${size === 'w' ? 'holding' : 'coil'} ${number + first}`;
  return `has two meanings: ${place}, where some PLCs show it, or a place to which a program copies it; write "${place}" or that place`;
}

function ambiguous({ area, size, number, bit = 0 }: PlcAddress, first: number): string {
  const register = { table: registersOf(area), address: number };
  if (size === 'd' || size === 'f') {
    return twoPlaces(
      first,
      [register, 'counting words'],
      [{ ...register, address: 2 * number }, 'counting pairs of them'],
    );
  }
  if (size === 'b') {
    return twoPlaces(first, [{ ...register, address: number >> 1 }, 'counting bytes'], [register, 'counting words']);
  }
  const bits = { table: bitsOf(area), address: 8 * number + bit };
  return twoPlaces(first, [bits, 'eight bits to each number'], [{ ...register, bit }, 'a bit of a word']);
}
