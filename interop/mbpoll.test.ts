import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';
import { ONCE, run } from './helpers/process.js';

let busbar: RunningBusbar;
beforeAll(async () => {
  busbar = await startBusbar();
});
afterAll(() => busbar?.stop());

/** One poll with protocol addresses (-0); the values go behind the host. */
async function mbpoll(options: string, values: (number | string)[] = []) {
  const port = String(busbar.port);
  return run('mbpoll', [...ONCE, '-p', port, ...options.split(' '), '127.0.0.1', ...values.map(String)]);
}

/** What mbpoll shows as "[address]: value", by address. */
async function poll(options: string): Promise<Record<string, string>> {
  const { code, stdout, stderr } = await mbpoll(options);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return Object.fromEntries(
    [...stdout.matchAll(/^\[(\d+)\]:\s+(.*?)\s*$/gm)].map(([, address, value]) => [address, value]),
  );
}

async function write(options: string, values: (number | string)[]) {
  const { code, stdout, stderr } = await mbpoll(options, values);
  expect({ code, stdout, stderr }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`Written ${values.length}`),
  });
}

describe('mbpoll reads', () => {
  test('coils', async () => {
    expect(await poll('-t 0 -r 0 -c 4')).toEqual({ 0: '1', 1: '0', 2: '1', 3: '1' });
  });

  test('discrete inputs', async () => {
    expect(await poll('-t 1 -r 0 -c 4')).toEqual({ 0: '0', 1: '1', 2: '1', 3: '0' });
  });

  test('input registers', async () => {
    expect(await poll('-t 3:hex -r 0 -c 3')).toEqual({ 0: '0x0001', 1: '0x0002', 2: '0xFFFF' });
  });

  test('holding registers', async () => {
    expect(await poll('-t 4 -r 0 -c 3')).toEqual({ 0: '20', 1: '21', 2: '22' });
  });

  test('125 holding registers in one request', async () => {
    expect(Object.values(await poll('-t 4 -r 250 -c 125'))).toEqual(new Array(125).fill('7'));
  });

  test('the last holding register, 65535', async () => {
    expect(await poll('-t 4 -r 65535 -c 1')).toEqual({ 65535: '6' });
  });

  test('40001-style references one above the protocol address', async () => {
    const { stdout } = await run('mbpoll', [
      '-1',
      '-p',
      String(busbar.port),
      '-t',
      '4',
      '-r',
      '1',
      '-c',
      '2',
      '127.0.0.1',
    ]);
    expect(stdout).toMatch(/^\[1\]:\s+20$/m);
    expect(stdout).toMatch(/^\[2\]:\s+21$/m);
  });

  test('another unit by its unit identifier', async () => {
    expect(await poll('-a 9 -t 4 -r 0 -c 1')).toEqual({ 0: '900' });
  });

  test('the default unit as unit 0', async () => {
    expect(await poll('-a 0 -t 4 -r 0 -c 1')).toEqual({ 0: '20' });
  });
});

describe('mbpoll writes', () => {
  test('one coil and reads it back', async () => {
    await write('-t 0 -r 110', [1]);
    expect(await poll('-t 0 -r 109 -c 3')).toEqual({ 109: '0', 110: '1', 111: '0' });
  });

  test('several coils and reads them back', async () => {
    await write('-t 0 -r 120', [1, 0, 1, 1, 0, 0, 0, 1, 1]);
    expect(Object.values(await poll('-t 0 -r 120 -c 9')).join('')).toBe('101100011');
  });

  test('one holding register and reads it back', async () => {
    await write('-t 4 -r 110', [4711]);
    expect(await poll('-t 4 -r 109 -c 3')).toEqual({ 109: '7', 110: '4711', 111: '7' });
  });

  test('several holding registers and reads them back', async () => {
    await write('-t 4 -r 120', [1, 65535, 3]);
    expect(await poll('-t 4 -r 120 -c 3')).toEqual({ 120: '1', 121: '65535 (-1)', 122: '3' });
  });

  test('32-bit floats over two registers and reads them back', async () => {
    await write('-t 4:float -r 130', [21.5, 0.25]);
    expect(await poll('-t 4:float -r 130 -c 2')).toEqual({ 130: '21.5', 132: '0.25' });
  });
});

describe('mbpoll shows the exception', () => {
  test.each([
    ['02 for coils outside of the table', '-t 0 -r 10 -c 1', 'Illegal data address'],
    ['02 for discrete inputs outside of the table', '-t 1 -r 8 -c 3', 'Illegal data address'],
    ['02 for input registers outside of the table', '-t 3 -r 3 -c 1', 'Illegal data address'],
    ['02 for holding registers across the end of a block', '-t 4 -r 4 -c 2', 'Illegal data address'],
    ['0B for a unit that does not exist', '-a 77 -t 4 -r 0 -c 1', 'Target device failed to respond'],
  ])('%s', async (_title, options, message) => {
    const { code, stderr } = await mbpoll(options);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
  });

  test.each([
    ['a coil', '-t 0 -r 50', [1], 'Illegal data address'],
    ['holding registers partly outside of the table', '-t 4 -r 3', [1, 2, 3], 'Illegal data address'],
  ])('02 for a write of %s, which changes nothing', async (_title, options, values, message) => {
    const { code, stderr } = await mbpoll(options, values);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
    expect(await poll('-t 4 -r 3 -c 2')).toEqual({ 3: '23', 4: '24' });
  });
});
