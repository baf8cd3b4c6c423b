import modbusSerial from 'modbus-serial';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';

let busbar: RunningBusbar;
const modbus = new modbusSerial.default();

beforeAll(async () => {
  busbar = await startBusbar();
  await modbus.connectTCP('127.0.0.1', { port: busbar.port });
  modbus.setID(1);
  modbus.setTimeout(5000);
});
afterAll(async () => {
  await new Promise((resolve) => modbus.close(resolve));
  await busbar?.stop();
});

describe('modbus-serial reads', () => {
  test('coils', async () => {
    const { data } = await modbus.readCoils(0, 10);
    expect(data.slice(0, 10)).toEqual([true, false, true, true, false, false, true, true, true, false]);
  });

  test('discrete inputs', async () => {
    const { data } = await modbus.readDiscreteInputs(0, 10);
    expect(data.slice(0, 10)).toEqual([false, true, true, false, true, false, false, false, true, true]);
  });

  test('holding registers up to the last, 65535', async () => {
    expect((await modbus.readHoldingRegisters(65530, 6)).data).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('125 input registers in one request', async () => {
    expect((await modbus.readInputRegisters(100, 125)).data).toEqual(new Array(125).fill(9));
  });

  test('100 requests at once, each reply with its own values', async () => {
    const addresses = Array.from({ length: 100 }, (_, index) => index % 5);
    const replies = await Promise.all(addresses.map((address) => modbus.readHoldingRegisters(address, 1)));
    expect(replies.map(({ data }) => data[0])).toEqual(addresses.map((address) => 20 + address));
  });

  test('the extended device identification, private objects included', async () => {
    const { data, conformityLevel } = await modbus.readDeviceIdentification(3, 0);
    expect(data).toMatchObject({ 0: 'Acme', 1: 'B-1', 2: '1.0', 3: 'http://example.com', 4: 'Boiler', 128: 'private' });
    expect(conformityLevel).toBe(0x83);
  });

  test('the server id', async () => {
    // It takes two arguments that it doesn't use; its types know of one, with which it never answers.
    const report = await Reflect.apply(modbus.reportServerID, modbus, [0, 0]);
    expect(report).toEqual({ serverId: 17, running: true, additionalData: Buffer.from('Acme B-1') });
  });
});

describe('modbus-serial writes', () => {
  test('one coil and reads it back', async () => {
    expect(await modbus.writeCoil(110, true)).toEqual({ address: 110, state: true });
    expect((await modbus.readCoils(109, 3)).data.slice(0, 3)).toEqual([false, true, false]);
  });

  test('one register and reads it back', async () => {
    expect(await modbus.writeRegister(110, 4711)).toEqual({ address: 110, value: 4711 });
    expect((await modbus.readHoldingRegisters(109, 3)).data).toEqual([7, 4711, 7]);
  });

  test('several coils and reads them back', async () => {
    const values = [true, false, true, true, false, false, false, true, true];
    expect(await modbus.writeCoils(120, values)).toEqual({ address: 120, length: 9 });
    expect((await modbus.readCoils(120, 9)).data.slice(0, 9)).toEqual(values);
  });

  test('123 registers in one request and reads them back', async () => {
    const values = Array.from({ length: 123 }, (_, index) => 65535 - index);
    expect(await modbus.writeRegisters(120, values)).toEqual({ address: 120, length: 123 });
    expect((await modbus.readHoldingRegisters(119, 125)).data).toEqual([7, ...values, 7]);
  });

  test('the bits of a register that a mask selects', async () => {
    await modbus.writeRegister(300, 0x12);
    expect(await modbus.maskWriteRegister(300, 0xf2, 0x25)).toEqual({ address: 300, andMask: 0xf2, orMask: 0x25 });
    expect((await modbus.readHoldingRegisters(300, 1)).data).toEqual([0x17]);
  });

  test('and reads registers in one request, the write first', async () => {
    const reply = new Promise((resolve, reject) =>
      modbus.writeFC23(1, 310, 3, 311, 2, [1, 2], (error, result) => (error ? reject(error) : resolve(result))),
    );
    expect(await reply).toEqual({ data: [7, 1, 2] });
  });
});

describe('modbus-serial is told', () => {
  test.each([
    ['exception 02 for registers outside of the table', () => modbus.readHoldingRegisters(3, 3), 2],
    ['exception 02 for a write that is partly outside of the table', () => modbus.writeRegisters(3, [1, 2, 3]), 2],
    ['exception 03 for a quantity of 0', () => modbus.readHoldingRegisters(0, 0), 3],
    ['exception 03 for a quantity above the limit', () => modbus.readCoils(100, 2001), 3],
    ['exception 01 for a function that nobody serves', () => modbus.customFunction(65, [1, 2, 3]), 1],
  ])('%s', async (_title, request, modbusCode) => {
    await expect(request()).rejects.toMatchObject({ modbusCode });
  });

  test('exception 0B for a unit that does not exist', async () => {
    modbus.setID(77);
    const failure = expect(modbus.readCoils(0, 1)).rejects.toMatchObject({ modbusCode: 0x0b });
    modbus.setID(1);
    await failure;
  });
});
