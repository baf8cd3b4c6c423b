import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LibmodbusClient } from './helpers/libmodbus.js';
import { type SerialLine, startSerialLine } from './helpers/serial-line.js';

let line: SerialLine;
let libmodbus: LibmodbusClient;
beforeAll(async () => {
  line = await startSerialLine('rtu');
  libmodbus = await LibmodbusClient.connect(line.path);
});
afterAll(async () => {
  await libmodbus?.close();
  await line?.stop();
});

const ok = (values: Iterable<number>) => ['ok', ...values].join(' ');

describe('libmodbus on a serial line', () => {
  test('reads bits and registers', async () => {
    expect(await libmodbus.call('read_bits', 0, 10)).toBe('ok 1011001110');
    expect(await libmodbus.call('read_input_bits', 0, 10)).toBe('ok 0110100011');
    expect(await libmodbus.call('read_registers', 0, 5)).toBe('ok 20 21 22 23 24');
    expect(await libmodbus.call('read_input_registers', 0, 3)).toBe('ok 1 2 65535');
  });

  test('reads the most that a frame holds', async () => {
    expect(await libmodbus.call('read_bits', 200, 2000)).toBe(`ok ${'0'.repeat(2000)}`);
    expect(await libmodbus.call('read_registers', 250, 125)).toBe(ok(new Array(125).fill(7)));
  });

  test('writes the most that a frame holds and reads it back', async () => {
    const bits = Array.from({ length: 1968 }, (_, index) => (index % 3 === 0 ? 1 : 0));
    expect(await libmodbus.call('write_bits', 200, ...bits)).toBe('ok');
    expect(await libmodbus.call('read_bits', 200, 1968)).toBe(`ok ${bits.join('')}`);
    const values = Array.from({ length: 123 }, (_, index) => 65535 - index);
    expect(await libmodbus.call('write_registers', 120, ...values)).toBe('ok');
    expect(await libmodbus.call('read_registers', 119, 125)).toBe(ok([7, ...values, 7]));
  });

  test('writes one coil, one register and the bits of a mask', async () => {
    expect(await libmodbus.call('write_bit', 110, 1)).toBe('ok');
    expect(await libmodbus.call('read_bits', 109, 3)).toBe('ok 010');
    expect(await libmodbus.call('write_register', 300, 0x12)).toBe('ok');
    expect(await libmodbus.call('mask_write_register', 300, 0xf2, 0x25)).toBe('ok');
    expect(await libmodbus.call('read_registers', 300, 1)).toBe(`ok ${0x17}`);
  });

  test('writes and reads in one request', async () => {
    expect(await libmodbus.call('write_and_read_registers', 350, 349, 4, 1000, 1001)).toBe('ok 7 1000 1001 7');
  });

  test('reads the id', async () => {
    const report = Buffer.from('\x11\xffAcme B-1', 'latin1').toString('hex');
    expect(await libmodbus.call('report_slave_id')).toBe(`ok ${report}`);
  });

  test('writes to every unit at once by a broadcast, which nobody answers', async () => {
    await libmodbus.call('set_slave', 0);
    expect(await libmodbus.call('write_register', 0, 4711)).toMatch(/^(ok|error Connection timed out)$/);
    await libmodbus.call('set_slave', 9);
    expect(await libmodbus.call('read_registers', 0, 1)).toBe('ok 4711');
    await libmodbus.call('write_register', 0, 900);
    await libmodbus.call('set_slave', 1);
    expect(await libmodbus.call('read_registers', 0, 1)).toBe('ok 4711');
    await libmodbus.call('write_register', 0, 20);
  });

  test.each([
    ['Illegal data address', 'read_registers', [4, 2]],
    ['Illegal data address', 'write_register', [5, 1]],
    ['Illegal data address', 'write_bits', [9, 1, 1]],
  ])('is told %s by %s outside of the table', async (message, name, numbers) => {
    expect(await libmodbus.call(name, ...numbers)).toBe(`error ${message}`);
    expect(await libmodbus.call('read_registers', 0, 5)).toBe('ok 20 21 22 23 24');
  });

  test.each([
    ['exception 03 for 126 holding registers', '030064007e', '8303'],
    ['exception 01 for a function that does not exist', '4100', 'c101'],
    ['the whole of the last register', '03ffff0001', '03020006'],
  ])('sends a raw request and gets %s', async (_title, request, reply) => {
    expect(await libmodbus.raw(request)).toBe(reply);
  });
});
