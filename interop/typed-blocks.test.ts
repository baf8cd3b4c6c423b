import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';
import { ONCE, run } from './helpers/process.js';
import { PymodbusClient } from './helpers/pymodbus.js';

/** Byte orders, and what pymodbus calls them: the order of bytes in a register, and that of registers. */
const ORDERS = [
  { order: 'ABCD', endian: { byteorder: '>', wordorder: '>' } },
  { order: 'word-swap', endian: { byteorder: '>', wordorder: '<' } },
  { order: 'BADC', endian: { byteorder: '<', wordorder: '>' } },
  { order: 'little', endian: { byteorder: '<', wordorder: '<' } },
] as const;

const TYPES = [
  { type: 'int16', kind: '16bit_int', registers: 1, value: -12345 },
  { type: 'uint16', kind: '16bit_uint', registers: 1, value: 54321 },
  { type: 'int32', kind: '32bit_int', registers: 2, value: -123456789 },
  { type: 'uint32', kind: '32bit_uint', registers: 2, value: 3456789012 },
  { type: 'int64', kind: '64bit_int', registers: 4, value: -1234567890123456 },
  { type: 'uint64', kind: '64bit_uint', registers: 4, value: 9007199254740991 },
  { type: 'float32', kind: '32bit_float', registers: 2, value: -21.5 },
  { type: 'float64', kind: '64bit_float', registers: 4, value: 0.1 },
] as const;

/** Each block has its value twice; the second one is read. */
const blocks = TYPES.flatMap((row, t) =>
  ORDERS.map(({ order, endian }, o) => ({ ...row, order, endian, start: 8 * (ORDERS.length * t + o) })),
);

let busbar: RunningBusbar;
let pymodbus: PymodbusClient;

beforeAll(async () => {
  const inputRegisters = blocks.map(({ start, type, order, value }) => ({ start, type, order, count: 2, value }));
  busbar = await startBusbar({ listen: [{ type: 'tcp', port: 0 }], units: [{ id: 1, inputRegisters }] });
  pymodbus = await PymodbusClient.connect(busbar.port);
});
afterAll(async () => {
  await pymodbus?.close();
  await busbar?.stop();
});

test.each(blocks)('pymodbus reads a block of $type, $order', async ({ start, registers, kind, endian, value }) => {
  const args = { address: start + registers, count: registers };
  const reply = await pymodbus.send({ call: 'read_input_registers', arguments: args, decode: { kind, ...endian } });
  expect(reply).toMatchObject({ value: String(value) });
});

test.each(blocks.filter(({ type, order }) => /^(int|float)32$/.test(type) && /^(ABCD|word-swap)$/.test(order)))(
  'mbpoll reads a block of $type, $order',
  async ({ start, type, order, value }) => {
    const mode = `-t 3:${type.slice(0, -2)}${order === 'ABCD' ? ' -B' : ''}`;
    const poll = [...ONCE, '-p', String(busbar.port), ...mode.split(' '), '-r', String(start), '-c', '2'];
    const { code, stdout } = await run('mbpoll', [...poll, '127.0.0.1']);
    expect({ code, values: [...stdout.matchAll(/^\[\d+\]:\s+(.*?)\s*$/gm)].map(([, text]) => text) }).toEqual({
      code: 0,
      values: [String(value), String(value)],
    });
  },
);
