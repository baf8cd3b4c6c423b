import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PymodbusClient } from './helpers/pymodbus.js';
import { type SerialLine, startSerialLine } from './helpers/serial-line.js';

describe.each(['rtu', 'ascii'] as const)('pymodbus on a serial line with %s framing', (framing) => {
  let line: SerialLine;
  let pymodbus: PymodbusClient;
  beforeAll(async () => {
    line = await startSerialLine(framing);
    pymodbus = await PymodbusClient.connectSerial(framing, line.path);
  });
  afterAll(async () => {
    await pymodbus?.close();
    await line?.stop();
  });

  const registers = async (address: number, count: number) =>
    (await pymodbus.call('read_holding_registers', { address, count }, 'registers')).registers;

  test('reads bits', async () => {
    const { bits } = await pymodbus.call('read_coils', { address: 0, count: 8 }, 'bits');
    expect(bits).toEqual([true, false, true, true, false, false, true, true]);
    const inputs = await pymodbus.call('read_discrete_inputs', { address: 100, count: 2000 }, 'bits');
    expect(inputs.bits).toEqual(new Array(2000).fill(true));
  });

  test('reads registers', async () => {
    expect(await registers(0, 5)).toEqual([20, 21, 22, 23, 24]);
    expect(await registers(250, 125)).toEqual(new Array(125).fill(7));
    const inputs = await pymodbus.call('read_input_registers', { address: 0, count: 3 }, 'registers');
    expect(inputs.registers).toEqual([1, 2, 65535]);
  });

  test('writes registers and reads them back', async () => {
    await pymodbus.call('write_register', { address: 110, value: 4711 });
    await pymodbus.call('write_registers', { address: 111, values: [1, 2, 65535] });
    expect(await registers(110, 5)).toEqual([4711, 1, 2, 65535, 7]);
  });

  test('writes coils and reads them back', async () => {
    await pymodbus.call('write_coil', { address: 110, value: true });
    await pymodbus.call('write_coils', { address: 111, values: [false, true, true] });
    const { bits } = await pymodbus.call('read_coils', { address: 110, count: 8 }, 'bits');
    expect(bits).toEqual([true, false, true, true, false, false, false, false]);
  });

  test('reads another unit', async () => {
    const read = { call: 'read_holding_registers', arguments: { address: 0, count: 1 }, fields: ['registers'] };
    expect(await pymodbus.send({ ...read, unit: 9 })).toMatchObject({ registers: [900] });
  });

  test('is told the exception', async () => {
    expect(await pymodbus.call('read_holding_registers', { address: 4, count: 2 })).toEqual({
      exception: 2,
      function: 3,
    });
  });

  test('reads the identification', async () => {
    const reply = await pymodbus.request('ReadDeviceInformationRequest', { read_code: 1 }, 'information');
    expect(reply.information).toEqual({
      0: { hex: Buffer.from('Acme').toString('hex') },
      1: { hex: Buffer.from('B-1').toString('hex') },
      2: { hex: Buffer.from('1.0').toString('hex') },
    });
  });
});
