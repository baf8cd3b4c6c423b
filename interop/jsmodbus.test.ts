import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { client } from 'jsmodbus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';

let busbar: RunningBusbar;
let socket: Socket;
let modbus: InstanceType<typeof client.TCP>;

beforeAll(async () => {
  busbar = await startBusbar();
  socket = connect(busbar.port, '127.0.0.1');
  modbus = new client.TCP(socket, 1);
  await once(socket, 'connect');
});
afterAll(async () => {
  socket?.destroy();
  await busbar?.stop();
});

/** The exception code that the request is rejected with. */
async function exceptionOf(request: Promise<unknown>): Promise<unknown> {
  const failure: unknown = await request.then(
    () => 'no failure',
    (error: unknown) => error,
  );
  return failure instanceof Object && 'response' in failure
    ? Reflect.get(Object(failure.response), 'body')?.code
    : failure;
}

describe('jsmodbus reads', () => {
  test('coils', async () => {
    const { response } = await modbus.readCoils(0, 10);
    expect(response.body.valuesAsArray.slice(0, 10)).toEqual([1, 0, 1, 1, 0, 0, 1, 1, 1, 0]);
  });

  test('2000 coils in one request', async () => {
    const { response } = await modbus.readCoils(200, 2000);
    expect(response.body.valuesAsArray).toHaveLength(2000);
  });

  test('discrete inputs', async () => {
    const { response } = await modbus.readDiscreteInputs(0, 10);
    expect(response.body.valuesAsArray.slice(0, 10)).toEqual([0, 1, 1, 0, 1, 0, 0, 0, 1, 1]);
  });

  test('holding registers', async () => {
    const { response } = await modbus.readHoldingRegisters(0, 5);
    expect(response.body.valuesAsArray).toEqual([20, 21, 22, 23, 24]);
  });

  test('input registers', async () => {
    const { response } = await modbus.readInputRegisters(0, 3);
    expect(response.body.valuesAsArray).toEqual([1, 2, 65535]);
  });

  test('the basic device identification', async () => {
    const { response } = await modbus.readDeviceIdentification(1, 0);
    expect(response.body.objects.map(({ id, value }) => [id, value.toString()])).toEqual([
      [0, 'Acme'],
      [1, 'B-1'],
      [2, '1.0'],
    ]);
    expect(response.body).toMatchObject({ conformityLevel: 0x83, moreFollows: 0 });
  });
});

describe('jsmodbus writes', () => {
  test('one coil and reads it back', async () => {
    const { body } = (await modbus.writeSingleCoil(110, true)).response;
    expect([body.address, body.value]).toEqual([110, true]);
    expect((await modbus.readCoils(109, 3)).response.body.valuesAsArray.slice(0, 3)).toEqual([0, 1, 0]);
  });

  test('one holding register and reads it back', async () => {
    await modbus.writeSingleRegister(110, 4711);
    expect((await modbus.readHoldingRegisters(109, 3)).response.body.valuesAsArray).toEqual([7, 4711, 7]);
  });

  test('several coils and reads them back', async () => {
    const values = [true, false, true, true, false, false, false, true, true];
    const { response } = await modbus.writeMultipleCoils(120, values);
    expect(response.body).toMatchObject({ start: 120, quantity: 9 });
    expect((await modbus.readCoils(120, 9)).response.body.valuesAsArray.slice(0, 9)).toEqual(values.map(Number));
  });

  test('several holding registers and reads them back', async () => {
    const { response } = await modbus.writeMultipleRegisters(120, [1, 65535, 3]);
    expect(response.body).toMatchObject({ start: 120, quantity: 3 });
    expect((await modbus.readHoldingRegisters(119, 5)).response.body.valuesAsArray).toEqual([7, 1, 65535, 3, 7]);
  });
});

describe('jsmodbus is told', () => {
  test('exception 02 for registers outside of the table', async () => {
    expect(await exceptionOf(modbus.readHoldingRegisters(3, 3))).toBe(2);
  });

  test('exception 02 for a write outside of the table', async () => {
    expect(await exceptionOf(modbus.writeMultipleRegisters(3, [1, 2, 3]))).toBe(2);
  });

  test('exception 03 for a quantity above the limit', async () => {
    expect(await exceptionOf(modbus.readHoldingRegisters(100, 126))).toBe(3);
  });

  test('exception 0B for a unit that does not exist', async () => {
    const own = connect(busbar.port, '127.0.0.1');
    const stranger = new client.TCP(own, 77);
    await once(own, 'connect');
    expect(await exceptionOf(stranger.readCoils(0, 1))).toBe(0x0b);
    own.destroy();
  });
});
