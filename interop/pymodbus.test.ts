import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';
import { PymodbusClient } from './helpers/pymodbus.js';

let busbar: RunningBusbar;
let pymodbus: PymodbusClient;

beforeAll(async () => {
  busbar = await startBusbar();
  pymodbus = await PymodbusClient.connect(busbar.port);
});
afterAll(async () => {
  await pymodbus?.close();
  await busbar?.stop();
});

const hex = (text: string) => ({ hex: Buffer.from(text).toString('hex') });

describe('pymodbus reads', () => {
  test('coils (01)', async () => {
    const { bits } = await pymodbus.call('read_coils', { address: 0, count: 8 }, 'bits');
    expect(bits).toEqual([true, false, true, true, false, false, true, true]);
  });

  test('2000 discrete inputs in one request (02)', async () => {
    const { bits } = await pymodbus.call('read_discrete_inputs', { address: 100, count: 2000 }, 'bits');
    expect(bits).toEqual(new Array(2000).fill(true));
  });

  test('125 holding registers in one request (03)', async () => {
    const { registers } = await pymodbus.call('read_holding_registers', { address: 250, count: 125 }, 'registers');
    expect(registers).toEqual(new Array(125).fill(7));
  });

  test('the last holding register, 65535 (03)', async () => {
    const { registers } = await pymodbus.call('read_holding_registers', { address: 65535, count: 1 }, 'registers');
    expect(registers).toEqual([6]);
  });

  test('input registers (04)', async () => {
    const { registers } = await pymodbus.call('read_input_registers', { address: 0, count: 3 }, 'registers');
    expect(registers).toEqual([1, 2, 65535]);
  });

  test('the default unit as units 0 and 255', async () => {
    const read = {
      call: 'read_holding_registers',
      arguments: { address: 0, count: 1 },
      fields: ['registers', 'unit_id'],
    };
    expect(await pymodbus.send({ ...read, unit: 0 })).toMatchObject({ registers: [20], unit_id: 0 });
    expect(await pymodbus.send({ ...read, unit: 255 })).toMatchObject({ registers: [20], unit_id: 255 });
  });

  test('another unit by its unit identifier', async () => {
    const read = { call: 'read_holding_registers', arguments: { address: 0, count: 1 }, fields: ['registers'] };
    expect(await pymodbus.send({ ...read, unit: 9 })).toMatchObject({ registers: [900] });
  });
});

describe('pymodbus writes', () => {
  const registers = async (address: number, count: number) =>
    (await pymodbus.call('read_holding_registers', { address, count }, 'registers')).registers;

  test('a coil on and off (05)', async () => {
    const read = async () => (await pymodbus.call('read_coils', { address: 110, count: 1 }, 'bits')).bits;
    expect(await pymodbus.call('write_coil', { address: 110, value: true }, 'address', 'value')).toMatchObject({
      address: 110,
      value: true,
    });
    expect(await read()).toEqual([true, ...new Array(7).fill(false)]);
    await pymodbus.call('write_coil', { address: 110, value: false });
    expect(await read()).toEqual(new Array(8).fill(false));
  });

  test('a register (06)', async () => {
    expect(await pymodbus.call('write_register', { address: 110, value: 4711 }, 'address', 'value')).toMatchObject({
      address: 110,
      value: 4711,
    });
    expect(await registers(109, 3)).toEqual([7, 4711, 7]);
  });

  test('1968 coils in one request (0F)', async () => {
    const values = Array.from({ length: 1968 }, (_, index) => index % 3 === 0);
    expect(await pymodbus.call('write_coils', { address: 200, values }, 'address', 'count')).toMatchObject({
      address: 200,
      count: 1968,
    });
    expect((await pymodbus.call('read_coils', { address: 200, count: 1968 }, 'bits')).bits).toEqual(values);
  });

  test('123 registers in one request (10)', async () => {
    const values = Array.from({ length: 123 }, (_, index) => index * 500);
    expect(await pymodbus.call('write_registers', { address: 120, values }, 'address', 'count')).toMatchObject({
      address: 120,
      count: 123,
    });
    expect(await registers(119, 125)).toEqual([7, ...values, 7]);
  });

  test('the bits of a register that a mask selects (16)', async () => {
    await pymodbus.call('write_register', { address: 300, value: 0x12 });
    const mask = { address: 300, and_mask: 0xf2, or_mask: 0x25 };
    expect(await pymodbus.call('mask_write_register', mask, 'address', 'and_mask', 'or_mask')).toMatchObject(mask);
    expect(await registers(300, 1)).toEqual([0x17]);
  });

  test('and reads registers in one request, the write first (17)', async () => {
    const both = { read_address: 310, read_count: 3, write_address: 311, write_registers: [1, 2] };
    expect(await pymodbus.call('readwrite_registers', both, 'registers')).toMatchObject({ registers: [7, 1, 2] });
  });

  test('nothing where the read of a read/write request is refused (17)', async () => {
    const both = { read_address: 20, read_count: 1, write_address: 320, write_registers: [1, 2] };
    expect(await pymodbus.call('readwrite_registers', both)).toMatchObject({ exception: 2 });
    expect(await registers(320, 2)).toEqual([7, 7]);
  });
});

describe('pymodbus is told', () => {
  test.each([
    ['exception 02 for coils outside of the table', 'read_coils', { address: 9, count: 2 }, 2],
    ['exception 02 for discrete inputs outside of the table', 'read_discrete_inputs', { address: 65535, count: 1 }, 2],
    ['exception 02 for holding registers outside of the table', 'read_holding_registers', { address: 4, count: 2 }, 2],
    ['exception 02 for input registers outside of the table', 'read_input_registers', { address: 3, count: 1 }, 2],
    ['exception 02 for a coil outside of the table', 'write_coil', { address: 10, value: true }, 2],
    ['exception 02 for a register outside of the table', 'write_register', { address: 5, value: 1 }, 2],
    ['exception 02 for coils to write outside of the table', 'write_coils', { address: 9, values: [true, true] }, 2],
    ['exception 02 for registers to write outside of the table', 'write_registers', { address: 4, values: [1, 2] }, 2],
    ['exception 03 for 126 registers', 'read_holding_registers', { address: 100, count: 126 }, 3],
    ['exception 03 for 2001 coils', 'read_coils', { address: 100, count: 2001 }, 3],
    ['exception 03 for no registers', 'read_input_registers', { address: 0, count: 0 }, 3],
  ])('%s', async (_title, call, args, exception) => {
    expect(await pymodbus.call(call, args)).toMatchObject({ exception });
  });

  test('exception 0B for a unit that does not exist', async () => {
    const read = { call: 'read_coils', arguments: { address: 0, count: 1 }, unit: 77 };
    expect(await pymodbus.send(read)).toMatchObject({ exception: 0x0b });
  });
});

describe('pymodbus reads the state of the device:', () => {
  test('the exception status, here eight coils (07)', async () => {
    expect(await pymodbus.call('read_exception_status', {}, 'status')).toMatchObject({ status: 0b01110011 });
  });

  test('the server id, run indicator and additional data (11)', async () => {
    const { identifier } = await pymodbus.request('ReportSlaveIdRequest', {}, 'identifier');
    expect(identifier).toEqual({ hex: Buffer.from('\x11\xffAcme B-1', 'latin1').toString('hex') });
  });

  test('the run indicator of a unit that does not run (11)', async () => {
    const report = { request: 'ReportSlaveIdRequest', unit: 9, fields: ['identifier'] };
    expect(await pymodbus.send(report)).toMatchObject({ identifier: { hex: '1200' } });
  });

  test('a FIFO queue, without changing it (18)', async () => {
    const queue = '18' + '000e' + '0006' + '000a' + '0014' + '001e' + '0028' + '0032' + '003c';
    for (let time = 0; time < 2; time++) {
      // The fields of pymodbus' reply lack the last four values: it takes the count for the length of the reply.
      expect(await pymodbus.request('ReadFifoQueueRequest', { address: 500 })).toMatchObject({ pdu: queue });
    }
  });

  test('an empty FIFO queue (18)', async () => {
    expect(await pymodbus.request('ReadFifoQueueRequest', { address: 501 })).toMatchObject({ pdu: '1800020000' });
  });

  test('exception 02 where there is no FIFO queue (18)', async () => {
    expect(await pymodbus.request('ReadFifoQueueRequest', { address: 502 })).toMatchObject({ exception: 2 });
  });
});

describe('pymodbus reads the device identification (2B/0E):', () => {
  const identification = (read_code: number, object_id = 0) =>
    pymodbus.request(
      'ReadDeviceInformationRequest',
      { read_code, object_id },
      'read_code',
      'conformity',
      'more_follows',
      'next_object_id',
      'number_of_objects',
      'information',
    );
  const basic = { 0: hex('Acme'), 1: hex('B-1'), 2: hex('1.0') };
  const regular = { ...basic, 3: hex('http://example.com'), 4: hex('Boiler'), 5: hex('Model T'), 6: hex('Interop') };
  const extended = { ...regular, 128: hex('private'), 129: { hex: '00ff' } };

  test.each([
    ['basic', 1, basic],
    ['regular', 2, regular],
    ['extended', 3, extended],
  ])('the %s objects in one stream', async (_title, code, information) => {
    expect(await identification(code)).toMatchObject({
      read_code: code,
      conformity: 0x83,
      more_follows: 0,
      next_object_id: 0,
      number_of_objects: Object.keys(information).length,
      information,
    });
  });

  test('a stream from the object that is asked for', async () => {
    expect(await identification(3, 128)).toMatchObject({ information: { 128: hex('private'), 129: { hex: '00ff' } } });
  });

  test('one private object', async () => {
    expect(await identification(4, 129)).toMatchObject({ number_of_objects: 1, information: { 129: { hex: '00ff' } } });
  });

  test('exception 02 for one object that does not exist', async () => {
    expect(await identification(4, 200)).toMatchObject({ exception: 2 });
  });

  test('exception 03 for an unknown kind of reading', async () => {
    expect(await identification(5)).toMatchObject({ exception: 3 });
  });
});

describe('pymodbus and files:', () => {
  const group = (file_number: number, record_number: number, record_length: number) => ({
    file_number,
    record_number,
    record_length,
  });
  const read = (...records: object[]) =>
    pymodbus.request('ReadFileRecordRequest', { records: { fileRecords: records } }, 'records');

  test('reads groups of records of several files (14)', async () => {
    const { records } = await read(group(4, 1, 2), group(5, 9999, 1));
    expect(records).toEqual([
      { length: 2, data: { hex: '00030006' } },
      { length: 1, data: { hex: '0000' } },
    ]);
  });

  test('writes groups of records and reads them back (15)', async () => {
    const record_data = { hex: '123456789abc' };
    const records = { fileRecords: [{ file_number: 5, record_number: 9990, record_data }] };
    const { pdu } = await pymodbus.request('WriteFileRecordRequest', { records });
    expect(pdu).toBe('150d06000527060003123456789abc');
    expect((await read(group(5, 9990, 4))).records).toEqual([{ length: 4, data: { hex: '123456789abc0000' } }]);
  });

  test.each([
    ['a file that does not exist', group(6, 0, 1)],
    ['file 0', group(0, 0, 1)],
    ['records beyond the end of the file', group(4, 5, 2)],
    ['a record above 9999', group(5, 10000, 1)],
  ])('exception 02 for %s (14)', async (_title, record) => {
    expect(await read(record)).toMatchObject({ exception: 2 });
  });

  test('exception 03 for a reply that does not fit a PDU (14)', async () => {
    expect(await read(group(4, 0, 125))).toMatchObject({ exception: 3 });
  });
});
