import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';
import { PymodbusClient } from './helpers/pymodbus.js';

const REGISTERS = [0x0005, 0x8001, 20];

let busbar: RunningBusbar;
let pymodbus: PymodbusClient;

beforeAll(async () => {
  const unit = { id: 1, shared: true, holdingRegisters: [{ start: 0, values: REGISTERS }] };
  busbar = await startBusbar({ listen: [{ type: 'tcp', port: 0 }], units: [unit] });
  pymodbus = await PymodbusClient.connect(busbar.port);
});
afterAll(async () => {
  await pymodbus?.close();
  await busbar?.stop();
});
beforeEach(async () => {
  await pymodbus.call('write_registers', { address: 0, values: REGISTERS });
});

/** All three registers and their 48 bits, by each of the four reads. */
async function contents() {
  const read = async (name: string, count: number, field: string) =>
    (await pymodbus.call(name, { address: 0, count }, field))[field];
  return {
    holding: await read('read_holding_registers', 3, 'registers'),
    input: await read('read_input_registers', 3, 'registers'),
    coils: await read('read_coils', 48, 'bits'),
    discrete: await read('read_discrete_inputs', 48, 'bits'),
  };
}

/** The bits of registers, the least significant first. */
function bitsOf(registers: number[]): boolean[] {
  return registers.flatMap((register) => Array.from({ length: 16 }, (_, bit) => ((register >> bit) & 1) === 1));
}

describe('pymodbus finds one memory in the four tables', () => {
  test.each<[string, string, Record<string, unknown>, number[]]>([
    ['as it is', 'read_coils', { address: 0, count: 1 }, REGISTERS],
    ['after a coil (05)', 'write_coil', { address: 31, value: false }, [0x0005, 0x0001, 20]],
    ['after a register (06)', 'write_register', { address: 1, value: 0xabcd }, [0x0005, 0xabcd, 20]],
    ['after coils (0F)', 'write_coils', { address: 14, values: [true, true, false, true] }, [0xc005, 0x8002, 20]],
    ['after registers (10)', 'write_registers', { address: 1, values: [1, 2] }, [0x0005, 1, 2]],
    [
      'after a mask (16)',
      'mask_write_register',
      { address: 0, and_mask: 0x00f1, or_mask: 0x1200 },
      [0x1201, 0x8001, 20],
    ],
    [
      'after a write and read (17)',
      'readwrite_registers',
      { read_address: 0, read_count: 1, write_address: 2, write_registers: [7] },
      [0x0005, 0x8001, 7],
    ],
  ])('%s', async (_, call, args, registers) => {
    expect(await pymodbus.call(call, args)).toHaveProperty('pdu');
    const bits = bitsOf(registers);
    expect(await contents()).toEqual({ holding: registers, input: registers, coils: bits, discrete: bits });
  });
});
