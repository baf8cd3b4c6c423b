import { ModbusSerialServer, OptionsError, type SerialServerOptions } from 'busbar';
import { describe, expect, test } from 'vitest';
import { FakePort } from '../helpers/fake-port.js';
import { createCountingUnit } from '../helpers/served.js';

function refusal(options: object): { path: readonly (string | number)[]; message: string } {
  try {
    new ModbusSerialServer({ units: [createCountingUnit()], ...options } as SerialServerOptions);
  } catch (error) {
    if (error instanceof OptionsError) return { path: error.path, message: error.message };
    throw error;
  }
  throw new Error('the options were taken');
}

describe('a serial server refuses', () => {
  const path = '/dev/ttyUSB0';
  test.each([
    ['no path', {}, ['path'], 'expected a string, found undefined'],
    ['an empty path', { path: '' }, ['path'], 'expected a port, found an empty string'],
    ['MBAP framing', { path, framing: 'mbap' }, ['framing'], 'expected one of "rtu", "ascii", found "mbap"'],
    ['a baud rate of 0', { path, baudRate: 0 }, ['baudRate'], 'expected an integer from 50 to 12000000, found 0'],
    ['9 data bits', { path, dataBits: 9 }, ['dataBits'], 'expected one of 7, 8, found 9'],
    ['7 data bits with RTU', { path, dataBits: 7 }, ['dataBits'], 'RTU frames are made of 8-bit bytes'],
    ['mark parity', { path, parity: 'mark' }, ['parity'], 'expected one of "even", "odd", "none", found "mark"'],
    ['3 stop bits', { path, stopBits: 3 }, ['stopBits'], 'expected one of 1, 2, found 3'],
    ['an echo that is no boolean', { path, discardEcho: 1 }, ['discardEcho'], 'expected true or false, found 1'],
    ['an RTS level in between', { path, rts: { active: 'mid' } }, ['rts', 'active'], 'one of "high", "low"'],
    ['a negative RTS delay', { path, rts: { delayAfter: -1 } }, ['rts', 'delayAfter'], 'from 0 to 10000, found -1'],
    ['an RTS option that does not exist', { path, rts: { delay: 1 } }, ['rts', 'delay'], 'unknown option; known are'],
    ['reconnect: true', { path, reconnect: true }, ['reconnect'], 'expected an options object, found true'],
    [
      'a start that waits a little',
      { path, reconnect: { atStart: 1 } },
      ['reconnect', 'atStart'],
      'expected true or false',
    ],
    ['no delay between attempts', { path, reconnect: { initialDelay: 0 } }, ['reconnect', 'initialDelay'], 'from 1'],
    [
      'a longest delay that is shorter than the first',
      { path, reconnect: { initialDelay: 100, maxDelay: 99 } },
      ['reconnect', 'maxDelay'],
      'expected an integer from 100 to 2147483647, found 99',
    ],
    ['a limit of the wrong kind', { path, limits: { idleTimeout: '1s' } }, ['limits', 'idleTimeout'], 'found "1s"'],
    ['the name that pymodbus has for the baud rate', { path, baudrate: 9600 }, ['baudrate'], 'unknown option'],
    [
      'a port that is a path',
      { port: path },
      ['port'],
      'expected an open port or a Duplex stream, found "/dev/ttyUSB0"',
    ],
    ['a port that cannot be written to', { port: { on() {}, off() {} } }, ['port', 'write'], 'expected a function'],
  ])('%s', (_title, options, at, message) => {
    const found = refusal(options);
    expect(found.path).toEqual(at);
    expect(found.message).toContain(message);
  });

  test.each(['baudRate', 'dataBits', 'parity', 'stopBits', 'reconnect'])(
    '%s of a port that the program opened',
    (name) => {
      const values = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1, reconnect: false };
      const found = refusal({ port: new FakePort(), [name]: values[name as keyof typeof values] });
      expect(found).toEqual({ path: [name], message: `${name}: is set by the program that opens the port` });
    },
  );

  test('RTS control over a stream that has no RTS', () => {
    const port = Object.assign(new FakePort(), { set: undefined });
    expect(refusal({ port, rts: {} })).toMatchObject({ path: ['port', 'set'] });
  });
});
