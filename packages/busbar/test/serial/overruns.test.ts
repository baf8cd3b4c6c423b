import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../../interop/helpers/folder.js';
import { readOverruns } from '../../src/transport/serial/overruns.js';

const folders: ReturnType<typeof temporaryFolder>[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

/** Devices and a `/proc/tty` of a system that has two UARTs of the board, and two behind USB. */
function system(ports = '') {
  const folder = temporaryFolder();
  folders.push(folder);
  const [dev, proc] = ['dev', 'proc'].map((name) => join(folder.path, name));
  mkdirSync(dev);
  mkdirSync(join(proc, 'driver'), { recursive: true });
  for (const name of ['ttyS0', 'ttyS1', 'ttyS10', 'ttyUSB0', 'console', 'ttyACM0']) writeFileSync(join(dev, name), '');
  const drivers = [
    '/dev/tty             /dev/tty        5       0 system:/dev/tty',
    '/dev/console         /dev/console    5       1 system:console',
    `serial               ${dev}/ttyS       4 64-95 serial`,
    `usbserial            ${dev}/ttyUSB   188 0-511 serial`,
    `acm                  ${dev}/ttyACM   166 0-255 serial`,
    'pty_slave            /dev/pts      136 0-1048575 pty:slave',
    `unknown              ${dev}/tty        4 1-63 console`,
  ];
  writeFileSync(join(proc, 'drivers'), `${drivers.join('\n')}\n`);
  const write = (driver: string, lines: string) => writeFileSync(join(proc, 'driver', driver), lines);
  write('serial', `serinfo:1.0 driver revision:\n${ports}\n`);
  write('usbserial', 'usbserinfo:1.0 driver:2.0\n0: module:ftdi_sio name:"FTDI" vendor:0403 product:6001\n');
  return { dev, proc, write };
}

const UART = 'uart:16550A port:000003F8 irq:4';

describe('the overruns of a port', () => {
  test.each([
    ['are those that the system has counted', `0: ${UART} tx:11 rx:8 oe:2 RTS|CTS|DTR`, 2],
    ['may be the last of the line', `0: ${UART} tx:11 rx:8 fe:1 oe:65`, 65],
    ['stand behind other errors', `0: ${UART} tx:0 rx:8 fe:7 pe:3 brk:1 oe:12345 RTS`, 12345],
    ['are none where none are named', `0: ${UART} tx:218 rx:0 RTS|CTS|DTR|DSR|CD`, 0],
    ['are not known to a user who may not see them', `0: ${UART}`, undefined],
    ['are not known of a port that there is no UART behind', '0: uart:unknown port:000003F8 irq:4', undefined],
    ['are not known of a port that is not in the list', `1: ${UART} tx:11 rx:8 oe:2`, undefined],
    ['are not those of a port with a longer number', `10: ${UART} tx:11 rx:8 oe:2`, undefined],
  ])('%s', async (_, ports, overruns) => {
    const { dev, proc } = system(ports);
    expect(await readOverruns(join(dev, 'ttyS0'), proc)).toBe(overruns);
  });

  test('are those of the port, not of its neighbours', async () => {
    const lines = ['0', '1', '10'].map((index, i) => `${index}: ${UART} tx:1 rx:1 oe:${i + 5}`);
    const { dev, proc } = system(lines.join('\n'));
    for (const [i, name] of ['ttyS0', 'ttyS1', 'ttyS10'].entries()) {
      expect(await readOverruns(join(dev, name), proc)).toBe(i + 5);
    }
  });

  test('are found by another name of the port, too', async () => {
    const { dev, proc } = system(`1: ${UART} tx:11 rx:8 oe:4`);
    const link = join(dev, 'meters');
    symlinkSync(join(dev, 'ttyS1'), link);
    expect(await readOverruns(link, proc)).toBe(4);
  });

  test.each([
    ['whose driver tells nothing of them', 'ttyUSB0'],
    ['whose driver has no file', 'ttyACM0'],
    ['that is no serial port', 'console'],
    ['that there is none of', 'ttyS77'],
  ])('are not known of one %s', async (_, name) => {
    const { dev, proc } = system(`0: ${UART} tx:11 rx:8 oe:2`);
    expect(await readOverruns(join(dev, name), proc)).toBeUndefined();
  });

  test('are not known where the system has no such files', async () => {
    const { dev, proc } = system(`0: ${UART} tx:11 rx:8 oe:2`);
    rmSync(join(proc, 'driver', 'serial'));
    expect(await readOverruns(join(dev, 'ttyS0'), proc)).toBeUndefined();
    rmSync(join(proc, 'drivers'));
    expect(await readOverruns(join(dev, 'ttyS0'), proc)).toBeUndefined();
    expect(await readOverruns(join(dev, 'ttyS0'), join(proc, 'no'))).toBeUndefined();
  });

  test('of this machine are none, a number, or not known', async () => {
    for (const path of ['/dev/ttyS0', '/dev/ptmx', 'COM3', '']) {
      expect(await readOverruns(path)).toSatisfy((count) => count === undefined || Number.isSafeInteger(count));
    }
  });
});
