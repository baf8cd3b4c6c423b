import { describe, expect, test } from 'vitest';
import { ConfigError } from '../src/config/problems.js';
import { importPymodbus, type PymodbusChoice } from '../src/import/pymodbus/import.js';

const NO_ACTIONS = { bits: null, uint16: null, uint32: null, float32: null, string: null };

const SETUP = {
  'co size': 20,
  'di size': 20,
  'hr size': 20,
  'ir size': 20,
  'shared blocks': true,
  'type exception': false,
  defaults: { value: { bits: 0, uint16: 0, uint32: 0, float32: 0.0, string: ' ' }, action: NO_ACTIONS },
};

const SERVER = { comm: 'tcp', host: '0.0.0.0', port: 5020, framer: 'socket' };

function textOf(device: object, server: object = SERVER): string {
  return JSON.stringify({ server_list: { server }, device_list: { device: { setup: SETUP, ...device } } });
}

function imported(device: object, server: object = SERVER) {
  const { draft, notes } = importPymodbus(textOf(device, server), 'x.json', {});
  return { draft, notes, unit: draft.units[0], points: draft.units[0].points };
}

function problems(text: string, choice: PymodbusChoice = {}): string[] {
  try {
    importPymodbus(text, 'x.json', choice);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('a device of pymodbus', () => {
  test('has a point for each value', () => {
    const { unit, points } = imported({
      bits: [{ addr: 0, value: 5 }, 1],
      uint16: [{ addr: [2, 3], value: 7 }],
      uint32: [{ addr: [4, 5], value: 617_001 }],
      float32: [{ addr: 6, value: 404.17 }],
      string: [{ addr: [8, 9], value: 'ABC' }],
    });
    expect(unit).toMatchObject({ id: 1, name: 'device', shared: true });
    const readOnly = true;
    expect(points).toEqual({
      bits_0: { at: 'holding 0', type: 'bits', value: ['bit 0', 'bit 2'], readOnly },
      bits_1: { at: 'holding 1', type: 'bits', readOnly },
      uint16_2: { at: 'holding 2', type: 'uint16', value: 7, readOnly },
      uint16_3: { at: 'holding 3', type: 'uint16', value: 7, readOnly },
      uint32_4: { at: 'holding 4', type: 'uint32', value: 617_001, readOnly },
      float32_6: { at: 'holding 6', type: 'float32', value: 404.17, readOnly },
      string_8: { at: 'holding 8', type: 'string', length: 2, padding: 'space', value: 'ABC', readOnly },
    });
  });

  test('lets clients write what it lists', () => {
    const { points } = imported({ uint16: [[0, 2]], uint32: [[4, 5]], write: [0, [2, 2], [4, 4]] });
    const writable = Object.entries(points ?? {}).filter(([, point]) => point.readOnly !== true);
    expect(writable.map(([name]) => name)).toEqual(['uint16_0', 'uint16_2']);
  });

  test('has defaults of its own', () => {
    const value = { bits: 1, uint16: 2, uint32: 3, float32: 4.5, string: 'X' };
    const defaults = { value, action: { ...NO_ACTIONS, uint16: 'increment' } };
    const { points } = imported({
      setup: { ...SETUP, defaults },
      uint16: [0, { addr: 1, action: null }],
      float32: [2],
      string: [4],
    });
    expect(points).toMatchObject({
      uint16_0: { value: 2, simulate: { count: { by: 1, every: '1s', to: 65_535 } } },
      uint16_1: { value: 2 },
      float32_2: { value: 4.5 },
      string_4: { value: 'X' },
    });
    expect(points?.uint16_1).not.toHaveProperty('simulate');
  });

  test('moves by the clock, and says so', () => {
    const { points, notes } = imported({
      bits: [{ addr: 0, action: 'random' }],
      uint16: [
        { addr: 1, action: 'increment', value: 50, parameters: { minval: 45, maxval: 155 } },
        { addr: 2, action: 'uptime' },
        { addr: 3, action: 'reset' },
        { addr: 4, action: 'umg804_reset' },
      ],
      float32: [{ addr: [6, 7], action: 'random', parameters: { minval: 45.5, maxval: 55 } }],
      string: [{ addr: 10, action: 'random' }],
    });
    expect(points).toMatchObject({
      bits_0: { type: 'uint16', simulate: { random: { from: 1, to: 65_535, every: '1s' } } },
      uint16_1: { value: 50, simulate: { count: { by: 1, every: '1s', from: 45, to: 155 } } },
      uint16_2: { simulate: { clock: 'uptime' } },
      float32_6: { simulate: { random: { from: 45.5, to: 55, every: '1s' } } },
    });
    expect(notes).toEqual([
      'random has a new value every 1s; pymodbus has one with every read: bits_0, float32_6',
      'increment adds 1 every 1s; pymodbus adds it with every read: uint16_1',
      'the action reset is left out: it ends the simulator: uint16_3',
      'the action umg804_reset is left out: it is code of a custom actions module: uint16_4',
      'pymodbus has no random for texts: string_10',
    ]);
  });

  test('shows the date in seven registers', () => {
    const { points } = imported({ uint16: [{ addr: 0, action: 'timestamp' }, [1, 6]] });
    expect(Object.values(points ?? {}).map(({ simulate, offset }) => [simulate, offset])).toEqual([
      [{ clock: 'year' }, undefined],
      [{ clock: 'month' }, 1],
      [{ clock: 'day' }, undefined],
      [{ clock: 'weekday' }, undefined],
      [{ clock: 'hour' }, undefined],
      [{ clock: 'minute' }, undefined],
      [{ clock: 'second' }, undefined],
    ]);
  });

  test('has copies, and parts of values where a copy ends', () => {
    const { points } = imported({
      uint32: [{ addr: [0, 1], value: 0x0001_0002 }],
      write: [[0, 1]],
      repeat: [{ addr: [0, 1], to: [10, 12] }],
    });
    expect(points).toEqual({
      uint32_0: { at: 'holding 0', type: 'uint32', value: 65_538 },
      uint32_10: { at: 'holding 10', type: 'uint32', value: 65_538 },
      uint16_12: { at: 'holding 12', type: 'uint16', value: 1 },
    });
  });

  test('may have four tables of their own', () => {
    const { unit } = imported({
      setup: { ...SETUP, 'co size': 2, 'di size': 1, 'ir size': 4, 'shared blocks': false },
      bits: [{ addr: 0, value: 3 }, 2],
      uint16: [
        { addr: 3, value: 9 },
        { addr: 7, value: 8 },
      ],
      write: [7],
    });
    expect(unit).not.toHaveProperty('shared');
    expect(unit).toMatchObject({
      coils: [{ start: 0, values: [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] }],
      discreteInputs: [{ start: 0, count: 16 }],
      points: {
        input_uint16_0: { at: 'input 0', value: 9 },
        uint16_0: { at: 'holding 0', value: 8 },
      },
      access: { readOnly: [{ table: 'coils', start: 0, count: 16 }] },
    });
  });

  test('with type exceptions takes only whole values', () => {
    const { points, notes } = imported({
      setup: { ...SETUP, 'type exception': true },
      uint32: [[0, 1]],
      uint16: [2],
      write: [[0, 2]],
    });
    expect(points?.uint32_0).toMatchObject({ whole: true });
    expect(points?.uint16_2).not.toHaveProperty('whole');
    expect(notes).toEqual([expect.stringContaining('pymodbus answers both with 02')]);
  });
});

describe('a server of pymodbus', () => {
  test.each([
    [SERVER, { type: 'tcp', host: '0.0.0.0', port: 5020 }],
    [
      { ...SERVER, comm: 'udp', framer: 'rtu' },
      { type: 'udp', host: '0.0.0.0', port: 5020, framing: 'rtu' },
    ],
    [
      { comm: 'serial', port: '/dev/tty0', framer: 'ascii', baudrate: 9600, bytesize: 8, parity: 'N', stopbits: 1 },
      { type: 'serial', path: '/dev/tty0', baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1, framing: 'ascii' },
    ],
    [
      { ...SERVER, comm: 'tls', framer: 'tls', certfile: 'a.crt', keyfile: 'a.key' },
      {
        type: 'tls',
        host: '0.0.0.0',
        port: 5020,
        certFile: 'a.crt',
        keyFile: 'a.key',
        requireClientCertificate: false,
      },
    ],
  ])('becomes a listener: %j', (server, listener) => {
    expect(imported({}, server).draft.listen).toEqual([listener]);
  });

  test('answers to every unit id unless it has one', () => {
    expect(imported({}).draft).toMatchObject({ unknownUnit: 'any', units: [{ id: 1 }] });
    const own = imported({}, { ...SERVER, device_id: 7 }).draft;
    expect(own).toMatchObject({ units: [{ id: 7 }] });
    expect(own).not.toHaveProperty('unknownUnit');
    const silent = { ...SERVER, device_id: 7, ignore_missing_devices: true };
    expect(imported({}, silent).draft).toMatchObject({ unknownUnit: 'silent' });
  });

  test('has an identity, and keys that are left out', () => {
    const identity = { VendorName: 'pymodbus', ProductCode: 'PM', MajorMinorRevision: '3.1.0', ModelName: 'M' };
    const { unit, notes } = imported({}, { ...SERVER, identity, timeout: 3, reconnect_delay: 2 });
    expect(unit.identity).toEqual({
      vendorName: 'pymodbus',
      productCode: 'PM',
      majorMinorRevision: '3.1.0',
      modelName: 'M',
    });
    expect(notes).toEqual(['keys of the server that are left out: timeout, reconnect_delay']);
  });
});

describe('a setup of several', () => {
  const text = JSON.stringify({
    server_list: { one: SERVER, two: { ...SERVER, port: 5021 } },
    device_list: { device: { setup: SETUP }, other: { setup: SETUP } },
  });

  test('is chosen from', () => {
    const { draft } = importPymodbus(text, 'x.json', { server: 'two', device: 'other' });
    expect(draft).toMatchObject({ listen: [{ port: 5021 }], units: [{ name: 'other' }] });
    expect(importPymodbus(text, 'x.json', { server: 'one' }).draft.units[0].name).toBe('device');
  });

  test.each([
    [{}, 'x.json:1:16: server_list: has several: choose with --server NAME; its names are one, two'],
    [{ server: 'on' }, 'x.json:1:16: server_list: has no "on"; did you mean "one"?; its names are one, two'],
    [{ server: 'one', device: 'x' }, 'x.json:1:168: device_list: has no "x"; its names are device, other'],
  ])('is refused with %j', (choice, message) => {
    expect(problems(text, choice)).toEqual([message]);
  });
});

describe('what pymodbus would refuse', () => {
  test.each([
    [{ uint16: [3, { addr: [2, 4] }] }, 'uint16[1]: register 3 has a type already'],
    [{ uint16: [20] }, 'uint16[0]: ends at 20, behind the last register, 19'],
    [{ string: [{ addr: 0, value: 'abc' }] }, 'string[0]: the text "abc" has more than two letters a register'],
    [{ write: [5] }, "write[0]: register 5 has no type, so it can't be written"],
    [{ repeat: [{ addr: [0, 1], to: [10, 20] }] }, 'repeat[0]: goes behind the last register, 19'],
    [{ uint16: [{ addr: 1, value: 70_000 }] }, 'uint16[0].value: expected a whole number from 0 to 65535, found 70000'],
    [
      { uint16: [{ addr: 1, val: 7 }] },
      'uint16[0].val: unknown key; expected one of addr, value, action, parameters; did you mean "value"?',
    ],
    [
      { bits: ['x'] },
      'bits[0]: expected the index of a register, [first, last], or a map with addr, found the text "x"',
    ],
    [
      { setup: { ...SETUP, 'co size': undefined } },
      'setup: expected the key "co size" (a whole number from 0 to 65536), found none',
    ],
    [
      { unit16: [] },
      'unit16: unknown key; expected one of setup, invalid, write, bits, uint16, uint32, float32, string, repeat; did you mean "uint16"?',
    ],
  ])('is refused: %j', (device, message) => {
    expect(problems(textOf(device))).toEqual([
      expect.stringMatching(
        new RegExp(`^x\\.json:1:\\d+: device_list\\.device\\.${message.replace(/[[\]().?]/g, '\\$&')}$`),
      ),
    ]);
  });

  test('is refused without lists', () => {
    expect(problems('{}')).toEqual([
      'x.json:1:1: expected the key "server_list" with at least one entry, as setups of pymodbus have it',
    ]);
  });
});
