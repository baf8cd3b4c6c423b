import { referenceOf } from 'busbar';
import type { Range } from '../api/contract.js';
import { valueText } from './values.js';

/** A line for each value: its address in both forms, and what it is. */
export function rangeRows({ start, table, type, values, registers = values.map(Number) }: Range): string[][] {
  const size = registers.length / values.length;
  return values.map((value, i) => {
    const address = start + i * size;
    const row = [String(address), referenceOf({ table, address }), valueText(value)];
    return type === 'uint16' ? [...row, hex(registers[i] ?? 0)] : row;
  });
}

function hex(register: number): string {
  return `0x${register.toString(16).toUpperCase().padStart(4, '0')}`;
}
