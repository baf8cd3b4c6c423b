import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListenError } from 'busbar';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../../../interop/helpers/folder.js';
import { createPtyPair } from '../../../../interop/helpers/pty.js';
import { createSerial } from '../helpers/serial.js';

async function failure(options: Parameters<typeof createSerial>[0]): Promise<ListenError> {
  const server = createSerial(options);
  const error = await server.listen().then(
    () => new Error('the port was opened'),
    (reason: unknown) => reason,
  );
  expect(server.listening).toBe(false);
  expect(server.address()).toBeNull();
  if (error instanceof ListenError) return error;
  throw error;
}

describe('listen() rejects', () => {
  test('with ENOENT for a port that does not exist', async () => {
    const { code, message } = await failure({ path: '/dev/no-such-port' });
    expect(code).toBe('ENOENT');
    expect(message).toContain('cannot open /dev/no-such-port: there is no such port');
  });

  test('with ENOTTY for a file that is no port', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'file');
    writeFileSync(path, '');
    expect(await failure({ path })).toMatchObject({
      code: 'ENOTTY',
      message: expect.stringContaining('not a serial port'),
    });
  });

  test('with EBUSY for a port that another server has open, until that one closes', async () => {
    const pair = await createPtyPair();
    const first = await createSerial({ path: pair.a }).listen();
    const second = createSerial({ path: pair.a });
    await expect(second.listen()).rejects.toMatchObject({
      code: 'EBUSY',
      message: expect.stringContaining('another program'),
    });
    await first.close();
    await second.listen();
    await second.close();
    await pair.remove();
  });

  test('with RTS_FAILED where the port has no RTS, and leaves the port closed', async () => {
    const pair = await createPtyPair();
    expect(await failure({ path: pair.a, rts: {} })).toMatchObject({ code: 'RTS_FAILED' });
    await createSerial({ path: pair.a }).listen();
    await pair.remove();
  });
});

describe('with the package serialport', () => {
  afterEach(() => vi.doUnmock('serialport'));

  /** Stands in for a package whose ports fail to open like this. */
  function failWith(message: string): void {
    class SerialPort {
      open(done: (error: Error) => void): void {
        setImmediate(() => done(new Error(message)));
      }
    }
    vi.doMock('serialport', () => ({ SerialPort }));
  }

  test.each([
    ['Error: Permission denied, cannot open /dev/ttyS0', 'EACCES', 'dialout'],
    ['Error: Device or resource busy, cannot open /dev/ttyS0', 'EBUSY', 'another program has the port open'],
    ['Opening COM3: Access denied', 'EBUSY', 'another program has the port open'],
    ['Opening COM3: File not found', 'ENOENT', 'there is no such port'],
    ['Error: No such device, cannot open /dev/ttyUSB0', 'ENODEV', 'is it plugged in?'],
    ['Error: Input/output error setting custom baud rate of 19200', 'EIO', 'does not answer'],
    ['Opening COM3: Unknown error code 31', 'OPEN_FAILED', 'Unknown error code 31'],
  ])('"%s" becomes %s with advice', async (message, code, advice) => {
    failWith(message);
    const error = await failure({ path: 'COM3' });
    expect(error).toMatchObject({ code, cause: expect.objectContaining({ message }) });
    expect(error.message).toContain(advice);
  });

  test.each([
    [{}, { baudRate: 19_200, dataBits: 8, parity: 'even', stopBits: 1 }],
    [{ framing: 'ascii' }, { baudRate: 19_200, dataBits: 7, parity: 'even', stopBits: 1 }],
    [{ parity: 'none' }, { dataBits: 8, parity: 'none', stopBits: 2 }],
    [{ parity: 'odd' }, { parity: 'odd', stopBits: 1 }],
    [
      { baudRate: 115_200, framing: 'ascii', dataBits: 8, parity: 'none', stopBits: 1 },
      { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
    ],
  ] as const)('%o opens a port with %o', async (options, settings) => {
    const opened: unknown[] = [];
    class SerialPort {
      constructor(given: unknown) {
        opened.push(given);
      }
      open(done: (error: Error) => void): void {
        done(new Error('enough'));
      }
    }
    vi.doMock('serialport', () => ({ SerialPort }));
    await failure({ path: 'COM3', ...options });
    expect(opened).toMatchObject([{ path: 'COM3', ...settings }]);
  });

  test('missing, listen() says how to install it', async () => {
    vi.doMock('serialport', () => ({
      get SerialPort() {
        throw Object.assign(new Error("Cannot find package 'serialport'"), { code: 'ERR_MODULE_NOT_FOUND' });
      },
    }));
    const { code, message } = await failure({ path: 'COM3' });
    expect(code).toBe('SERIALPORT_MISSING');
    expect(message).toContain('npm install serialport');
  });
});
