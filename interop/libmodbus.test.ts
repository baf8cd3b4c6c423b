import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';
import { LibmodbusClient } from './helpers/libmodbus.js';

let busbar: RunningBusbar;
let libmodbus: LibmodbusClient;

beforeAll(async () => {
  busbar = await startBusbar();
  libmodbus = await LibmodbusClient.connect(busbar.port);
});
afterAll(async () => {
  await libmodbus?.close();
  await busbar?.stop();
});

const ok = (values: Iterable<number>) => ['ok', ...values].join(' ');

describe('libmodbus reads', () => {
  test('coils', async () => {
    expect(await libmodbus.call('read_bits', 0, 10)).toBe('ok 1011001110');
  });

  test('2000 coils in one request', async () => {
    expect(await libmodbus.call('read_bits', 200, 2000)).toBe(`ok ${'0'.repeat(2000)}`);
  });

  test('discrete inputs', async () => {
    expect(await libmodbus.call('read_input_bits', 0, 10)).toBe('ok 0110100011');
  });

  test('125 holding registers in one request', async () => {
    expect(await libmodbus.call('read_registers', 250, 125)).toBe(ok(new Array(125).fill(7)));
  });

  test('the last holding register, 65535', async () => {
    expect(await libmodbus.call('read_registers', 65535, 1)).toBe('ok 6');
  });

  test('input registers', async () => {
    expect(await libmodbus.call('read_input_registers', 0, 3)).toBe('ok 1 2 65535');
  });

  test('the slave id, run indicator and additional data', async () => {
    const report = Buffer.from('\x11\xffAcme B-1', 'latin1').toString('hex');
    expect(await libmodbus.call('report_slave_id')).toBe(`ok ${report}`);
  });

  test('500 replies to 500 requests that it sent before it read the first, in their order', async () => {
    expect(await libmodbus.call('pipeline', 500, 5)).toBe('ok 500');
  });
});

describe('libmodbus writes', () => {
  test('a coil on and off', async () => {
    expect(await libmodbus.call('write_bit', 110, 1)).toBe('ok');
    expect(await libmodbus.call('read_bits', 109, 3)).toBe('ok 010');
    expect(await libmodbus.call('write_bit', 110, 0)).toBe('ok');
    expect(await libmodbus.call('read_bits', 109, 3)).toBe('ok 000');
  });

  test('1968 coils in one request and reads them back', async () => {
    const values = Array.from({ length: 1968 }, (_, index) => (index % 3 === 0 ? 1 : 0));
    expect(await libmodbus.call('write_bits', 200, ...values)).toBe('ok');
    expect(await libmodbus.call('read_bits', 200, 1968)).toBe(`ok ${values.join('')}`);
  });

  test('one register and reads it back', async () => {
    expect(await libmodbus.call('write_register', 110, 4711)).toBe('ok');
    expect(await libmodbus.call('read_registers', 109, 3)).toBe('ok 7 4711 7');
  });

  test('123 registers in one request and reads them back', async () => {
    const values = Array.from({ length: 123 }, (_, index) => 65535 - index);
    expect(await libmodbus.call('write_registers', 120, ...values)).toBe('ok');
    expect(await libmodbus.call('read_registers', 119, 125)).toBe(ok([7, ...values, 7]));
  });

  test('the bits of a register that a mask selects', async () => {
    await libmodbus.call('write_register', 300, 0x12);
    expect(await libmodbus.call('mask_write_register', 300, 0xf2, 0x25)).toBe('ok');
    expect(await libmodbus.call('read_registers', 300, 1)).toBe(`ok ${0x17}`);
  });

  test('121 registers and reads 125 in one request, the write first', async () => {
    const values = Array.from({ length: 121 }, (_, index) => index + 1000);
    expect(await libmodbus.call('write_and_read_registers', 250, 249, 125, ...values)).toBe(
      ok([7, ...values, 7, 7, 7]),
    );
  });
});

describe('libmodbus is told', () => {
  test.each([
    ['Illegal data address', 'coils outside of the table', 'read_bits', [9, 2]],
    ['Illegal data address', 'discrete inputs outside of the table', 'read_input_bits', [10, 1]],
    ['Illegal data address', 'holding registers outside of the table', 'read_registers', [4, 2]],
    ['Illegal data address', 'holding registers behind the last address', 'read_registers', [65535, 2]],
    ['Illegal data address', 'input registers outside of the table', 'read_input_registers', [2, 2]],
    ['Illegal data address', 'a coil to write outside of the table', 'write_bit', [10, 1]],
    ['Illegal data address', 'coils to write outside of the table', 'write_bits', [9, 1, 1]],
    ['Illegal data address', 'a register to write outside of the table', 'write_register', [5, 1]],
    ['Illegal data address', 'registers to write outside of the table', 'write_registers', [4, 1, 1]],
    ['Illegal data address', 'a register to mask outside of the table', 'mask_write_register', [5, 0, 0]],
    ['Illegal data address', 'a read beside a write', 'write_and_read_registers', [100, 4, 2, 1]],
    ['Illegal data address', 'a write beside a read', 'write_and_read_registers', [4, 100, 2, 1, 1]],
  ])('%s for %s', async (message, _title, name, numbers) => {
    expect(await libmodbus.call(name, ...numbers)).toBe(`error ${message}`);
    expect(await libmodbus.call('read_registers', 0, 5)).toBe('ok 20 21 22 23 24');
    expect(await libmodbus.call('read_registers', 100, 1)).toBe('ok 7');
  });

  test('that a unit does not respond, where it does not exist', async () => {
    await libmodbus.call('set_slave', 77);
    expect(await libmodbus.call('read_registers', 0, 1)).toBe('error Target device failed to respond');
    await libmodbus.call('set_slave', 1);
  });
});

describe('libmodbus sends a raw request and gets', () => {
  test.each([
    ['exception 03 for 2001 coils', '01006407d1', '8103'],
    ['exception 03 for no coils', '0100000000', '8103'],
    ['exception 03 for 2001 discrete inputs', '02006407d1', '8203'],
    ['exception 03 for 126 holding registers', '030064007e', '8303'],
    ['exception 03 for 126 input registers', '040064007e', '8403'],
    ['exception 03 for a coil that is neither on nor off', '0500641234', '8503'],
    ['exception 03 for a byte count that differs from the quantity of coils', '0f006400090101', '8f03'],
    ['exception 03 for a byte count that differs from the quantity of registers', '10006400020212340000', '9003'],
    ['exception 03 for 126 registers to read beside a write', '170064007e00640001020000', '9703'],
    ['exception 03 for a request that is too short', '030064', '8303'],
    ['exception 03 for a request that is too long', '030064000100', '8303'],
    ['exception 03 before exception 02 where both are due', '03ffff007e', '8303'],
    ['exception 01 for a function that does not exist', '4100', 'c101'],
    ['the whole of the last register', '03ffff0001', '03020006'],
  ])('%s', async (_title, request, reply) => {
    expect(await libmodbus.raw(request)).toBe(reply);
  });
});
