import { ModbusTcpServer, type Point, type PointDeclarations, type PointOptions, Unit } from 'busbar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';
import { LibmodbusClient } from './helpers/libmodbus.js';
import { ONCE, run } from './helpers/process.js';
import { PymodbusClient } from './helpers/pymodbus.js';

const ORDERS = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;
type Order = (typeof ORDERS)[number];
/** How pymodbus calls them: the order of bytes in a register, and that of registers. */
const ENDIAN: Record<Order, { byteorder: '>' | '<'; wordorder: '>' | '<' }> = {
  ABCD: { byteorder: '>', wordorder: '>' },
  CDAB: { byteorder: '>', wordorder: '<' },
  BADC: { byteorder: '<', wordorder: '>' },
  DCBA: { byteorder: '<', wordorder: '<' },
};

/** A type of points, what pymodbus calls it, and a value to read and one to write. */
const TYPES = [
  { type: 'int16', kind: '16bit_int', registers: 1, value: -12345, written: 31000 },
  { type: 'uint16', kind: '16bit_uint', registers: 1, value: 54321, written: 7 },
  { type: 'int32', kind: '32bit_int', registers: 2, value: -123456789, written: 987654321 },
  { type: 'uint32', kind: '32bit_uint', registers: 2, value: 3456789012, written: 8 },
  { type: 'int64', kind: '64bit_int', registers: 4, value: -1234567890123456, written: 9 },
  { type: 'uint64', kind: '64bit_uint', registers: 4, value: 9007199254740991, written: 10 },
  { type: 'float32', kind: '32bit_float', registers: 2, value: -21.5, written: 1234.25 },
  { type: 'float64', kind: '64bit_float', registers: 4, value: 0.1, written: -1e-300 },
  { type: 'unixTime', kind: '32bit_uint', registers: 2, value: 1_700_000_000, written: 1_800_000_000 },
] as const;

const TABLES = [
  { table: 'holding', read: 'read_holding_registers', number: 4 },
  { table: 'input', read: 'read_input_registers', number: 3 },
] as const;

/** Every type in every order in both tables of registers. */
const numbers = TABLES.flatMap(({ table, read, number }) =>
  TYPES.flatMap((row, t) =>
    ORDERS.map((order, o) => {
      const address = 100 + 4 * (ORDERS.length * t + o);
      return { ...row, table, read, number, order, address, name: `${table}_${row.type}_${order}` };
    }),
  ),
);
type NumberCase = (typeof numbers)[number];

/** What has no order of its own, at the places of all tables. */
const OTHERS = {
  pump: { at: 'coil 3', value: true },
  door: { at: '1x0005', value: true },
  ready: { at: 'holding 0.15', value: true },
  alarms: { at: 'input 0', type: 'bits', labels: { 0: 'hot', 3: 'no flow' }, value: ['hot', 'no flow'] },
  mode: { at: 40002, labels: { 0: 'off', 7: 'auto' }, value: 'auto' },
  flow: { at: 'holding 2', type: 'int16', scale: 0.1, value: -21.5 },
  digits: { at: 'input 3', type: 'bcd', length: 2, value: 12345678 },
  text: { at: 'holding 4', type: 'string', length: 4, value: 'B-1234' },
  swapped: { at: 'holding 8', type: 'string', length: 4, order: 'BADC', padding: 'space', value: 'B-1234' },
  code: { at: '%MW12', type: 'raw', length: 2, value: [1, 65535] },
} satisfies Record<string, PointOptions>;

const points: PointDeclarations = {
  ...OTHERS,
  ...Object.fromEntries(
    numbers.map(({ name, table, address, type, order, value }): [string, PointOptions] => [
      name,
      { at: `${table} ${address}`, type, order, value },
    ]),
  ),
};

async function mbpoll(port: number, options: string, values: (number | string)[] = []) {
  const args = [...ONCE, '-p', String(port), ...options.split(' '), '127.0.0.1', ...values.map(String)];
  const { code, stdout, stderr } = await run('mbpoll', args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return [...stdout.matchAll(/^\[\d+\]:\s+(.*?)\s*$/gm)].map(([, value]) => value);
}

describe('points of a config are as it says', () => {
  let busbar: RunningBusbar;
  let libmodbus: LibmodbusClient;
  let pymodbus: PymodbusClient;
  beforeAll(async () => {
    busbar = await startBusbar({ listen: [{ type: 'tcp', port: 0 }], units: [{ id: 1, points }] });
    libmodbus = await LibmodbusClient.connect(busbar.port);
    pymodbus = await PymodbusClient.connect(busbar.port);
  });
  afterAll(async () => {
    await pymodbus?.close();
    await libmodbus?.close();
    await busbar?.stop();
  });

  test.each(numbers)('to pymodbus: $name', async ({ kind, read, address, registers, order, value }) => {
    const decode = { kind, ...ENDIAN[order] };
    const reply = await pymodbus.send({ call: read, arguments: { address, count: registers }, decode });
    expect(reply).toMatchObject({ value: String(value) });
  });

  test.each(numbers.filter(({ type }) => type === 'float32'))('to libmodbus: $name', async (point) => {
    const reply = await libmodbus.call('read_float', point.number, point.address, ORDERS.indexOf(point.order));
    expect(reply).toBe(`ok ${point.value}`);
  });

  test.each(numbers.filter(({ type, order }) => order === 'ABCD' && /^int(32|64)$/.test(type)))(
    'to the macros of libmodbus: $name',
    async ({ type, number, address, value }) => {
      expect(await libmodbus.call(`read_${type}`, number, address)).toBe(`ok ${value}`);
    },
  );

  test.each(numbers.filter(({ type, order }) => /^(int|float)32$/.test(type) && /^(ABCD|CDAB)$/.test(order)))(
    'to mbpoll: $name',
    async ({ type, number, order, address, value }) => {
      const bigEndian = order === 'ABCD' ? ' -B' : '';
      const mode = `${number}:${type.slice(0, -2)}`;
      expect(await mbpoll(busbar.port, `-t ${mode}${bigEndian} -r ${address} -c 1`)).toEqual([String(value)]);
    },
  );

  test.each([
    ['a coil', '-t 0 -r 3 -c 1', ['1']],
    ['a discrete input', '-t 1 -r 4 -c 1', ['1']],
    ['one bit of a register', '-t 4:hex -r 0 -c 1', ['0x8000']],
    ['bits', '-t 3:hex -r 0 -c 1', ['0x0009']],
    ['a label', '-t 4 -r 1 -c 1', ['7']],
    ['a scaled number', '-t 4 -r 2 -c 1', ['65321 (-215)']],
    ['BCD', '-t 3:hex -r 3 -c 2', ['0x1234', '0x5678']],
    ['a text', '-t 4:hex -r 4 -c 4', ['0x422D', '0x3132', '0x3334', '0x0000']],
    ['a text with swapped bytes and spaces', '-t 4:hex -r 8 -c 4', ['0x2D42', '0x3231', '0x3433', '0x2020']],
    ['registers as they are', '-t 4:hex -r 12 -c 2', ['0x0001', '0xFFFF']],
  ])('to mbpoll: %s', async (_, options, expected) => {
    expect(await mbpoll(busbar.port, options)).toEqual(expected);
  });

  test('to pymodbus: a text', async () => {
    const decode = { kind: 'string', size: 8, ...ENDIAN.ABCD };
    const reply = await pymodbus.send({ call: 'read_holding_registers', arguments: { address: 4, count: 4 }, decode });
    expect(reply).toMatchObject({ value: 'B-1234\0\0' });
  });
});

describe('points of a program are as a client wrote them', () => {
  const unit = new Unit({ id: 1, points });
  const server = new ModbusTcpServer({ units: [unit], host: '127.0.0.1', port: 0 });
  let libmodbus: LibmodbusClient;
  let pymodbus: PymodbusClient;
  let port: number;
  beforeAll(async () => {
    await server.listen();
    port = server.address()?.port ?? 0;
    libmodbus = await LibmodbusClient.connect(port);
    pymodbus = await PymodbusClient.connect(port);
  });
  afterAll(async () => {
    await pymodbus?.close();
    await libmodbus?.close();
    await server.close();
  });

  const writable = numbers.filter(({ table }) => table === 'holding');

  /** The value of a 64-bit point is a bigint. */
  const numberIn = ({ value }: Point) => (typeof value === 'bigint' ? Number(value) : value);

  async function expectWritten({ name, written }: NumberCase, write: () => Promise<unknown>) {
    const point = unit.points[name];
    point.value = 0;
    await write();
    expect(numberIn(point)).toBe(written);
  }

  test.each(writable)('by pymodbus: $name', async (point) => {
    const payload = { kind: point.kind, value: point.written, ...ENDIAN[point.order] };
    await expectWritten(point, () => pymodbus.call('write_registers', { address: point.address, values: { payload } }));
  });

  test.each(writable.filter(({ type, order }) => type === 'float32' && order === 'CDAB'))(
    'by libmodbus: $name',
    async (point) => {
      await expectWritten(point, () => libmodbus.call('write_float', point.address, 1000 * point.written));
    },
  );

  test.each(writable.filter(({ type, order }) => type === 'int32' && order === 'ABCD'))(
    'by a macro of libmodbus: $name',
    async (point) => {
      await expectWritten(point, () => libmodbus.call('write_int32', point.address, point.written));
    },
  );

  test.each(writable.filter(({ type, order }) => /^(int|float)32$/.test(type) && /^(ABCD|CDAB)$/.test(order)))(
    'by mbpoll: $name',
    async (point) => {
      const bigEndian = point.order === 'ABCD' ? ' -B' : '';
      const options = `-t 4:${point.type.slice(0, -2)}${bigEndian} -r ${point.address}`;
      await expectWritten(point, () => mbpoll(port, options, [point.written]));
    },
  );

  test.each([
    ['pump', '-t 0 -r 3', [0], false],
    ['ready', '-t 4 -r 0', [0x7fff], false],
    ['mode', '-t 4 -r 1', [0], 'off'],
    ['flow', '-t 4 -r 2', [307], 30.7],
    ['text', '-t 4 -r 4', [0x4300, 0, 0, 0], 'C'],
    ['swapped', '-t 4 -r 8', [0x2d43, 0x3231, 0x2020, 0x2020], 'C-12'],
    ['code', '-t 4 -r 12', [5, 6], [5, 6]],
  ])('by mbpoll: %s', async (name, options, values, expected) => {
    await mbpoll(port, options, values);
    expect(unit.points[name].value).toEqual(expected);
  });

  test('and refuses what has no label', async () => {
    expect(await libmodbus.call('write_register', 1, 5)).toBe('error Illegal data value');
    expect(unit.points.mode.text).not.toContain('no label');
  });
});
