import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ONCE, run } from './helpers/process.js';
import { type SerialLine, startSerialLine } from './helpers/serial-line.js';

let line: SerialLine;
beforeAll(async () => {
  line = await startSerialLine('rtu');
});
afterAll(() => line?.stop());

/** One poll with protocol addresses (-0); the values go behind the path. */
async function mbpoll(options: string, values: number[] = []) {
  const args = [...ONCE, '-m', 'rtu', '-b', '19200', '-P', 'even', ...options.split(' '), line.path];
  return run('mbpoll', [...args, ...values.map(String)]);
}

/** What mbpoll shows as "[address]: value". */
async function poll(options: string): Promise<string[]> {
  const { code, stdout, stderr } = await mbpoll(options);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return [...stdout.matchAll(/^\[\d+\]:\s+(.*?)\s*$/gm)].map(([, value]) => value);
}

describe('mbpoll on a serial line', () => {
  test('reads each table', async () => {
    expect(await poll('-t 0 -r 0 -c 4')).toEqual(['1', '0', '1', '1']);
    expect(await poll('-t 1 -r 0 -c 4')).toEqual(['0', '1', '1', '0']);
    expect(await poll('-t 3:hex -r 0 -c 3')).toEqual(['0x0001', '0x0002', '0xFFFF']);
    expect(await poll('-t 4 -r 0 -c 3')).toEqual(['20', '21', '22']);
  });

  test('reads 125 registers in one request', async () => {
    expect(await poll('-t 4 -r 250 -c 125')).toEqual(new Array(125).fill('7'));
  });

  test('reads another unit', async () => {
    expect(await poll('-a 9 -t 4 -r 0 -c 1')).toEqual(['900']);
  });

  test('writes registers and reads them back', async () => {
    const { code, stdout } = await mbpoll('-t 4 -r 120', [1, 65535, 3]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('Written 3') });
    expect(await poll('-t 4 -r 120 -c 3')).toEqual(['1', '65535 (-1)', '3']);
  });

  test('shows the exception for registers outside of the table', async () => {
    const { code, stderr } = await mbpoll('-t 4 -r 4 -c 2');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Illegal data address') });
  });

  test('gets no reply from a unit that is not on the line', async () => {
    const { code, stderr } = await mbpoll('-a 77 -o 0.2 -t 4 -r 0 -c 1');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Connection timed out') });
    expect(await poll('-t 4 -r 0 -c 1')).toEqual(['20']);
  });

  test('is served again after the port was pulled out and given back', async () => {
    await line.pair.unplug();
    await line.pair.plug();
    // What is sent before the server has the port open again is lost, as on any line.
    await expect.poll(() => mbpoll('-o 0.2 -t 4 -r 0 -c 1')).toMatchObject({ code: 0 });
    expect(await poll('-t 4 -r 0 -c 3')).toEqual(['20', '21', '22']);
  });
});
