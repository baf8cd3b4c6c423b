import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';
import { COMMAND } from './helpers/command-log.js';
import { temporaryFolder } from './helpers/folder.js';
import { ONCE, run, runChecked } from './helpers/process.js';
import { PymodbusClient } from './helpers/pymodbus.js';
import { until } from './helpers/until.js';

/** A minute passes in half a second. */
const SIMULATION = { seed: 1, speed: 120 };

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** Serves a template, as `busbar init` writes it. */
async function serve(template: string): Promise<RunningBusbar> {
  using folder = temporaryFolder();
  const file = join(folder.path, 'busbar.yaml');
  await runChecked(process.execPath, [COMMAND, 'init', file, '--template', template]);
  const listen = [{ type: 'tcp', host: '127.0.0.1', port: 0 }];
  const busbar = await startBusbar({ ...parse(readFileSync(file, 'utf8')), listen, simulation: SIMULATION });
  open.push({ close: busbar.stop });
  return busbar;
}

/** A client of a template's device. */
async function clientOf(template: string) {
  const client = await PymodbusClient.connect((await serve(template)).port);
  open.push(client);
  const read = async (call: string, address: number, count: number): Promise<number[]> => {
    const { registers, exception } = await client.call(call, { address, count }, 'registers');
    if (!Array.isArray(registers)) throw new Error(`exception ${exception}`);
    return registers.map(Number);
  };
  return {
    holding: (address: number, count = 1) => read('read_holding_registers', address, count),
    input: (address: number, count = 1) => read('read_input_registers', address, count),
    write: (address: number, value: number) => client.call('write_register', { address, value }),
    writeCoil: (address: number, value: boolean) => client.call('write_coil', { address, value }),
  };
}

function float([high, low]: readonly number[]): number {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16BE(high, 0);
  bytes.writeUInt16BE(low, 2);
  return bytes.readFloatBE();
}

describe('the meter', () => {
  test('has floats where the manual of the SDM630 has them, for mbpoll', async () => {
    const { port } = await serve('meter');
    const mbpoll = async (...options: string[]) => {
      const place = [...ONCE, '-m', 'tcp', '-p', String(port), '-B'];
      const { stdout } = await run('mbpoll', [...place, ...options]);
      return [...stdout.matchAll(/^\[\d+\]:\s+(\S+)/gm)].map(([, value]) => Number(value));
    };
    const volts = await mbpoll('-t', '3:float', '-r', '0', '-c', '3', '127.0.0.1');
    expect(volts).toHaveLength(3);
    for (const value of volts) expect(value).toBeCloseTo(230, -1);
    const [hertz] = await mbpoll('-t', '3:float', '-r', '70', '127.0.0.1');
    expect(hertz).toBeCloseTo(50, 0);
    expect(await mbpoll('-t', '4:float', '-r', '2', '127.0.0.1')).toEqual([60]);
    await mbpoll('-t', '4:float', '-r', '2', '127.0.0.1', '30');
    expect(await mbpoll('-t', '4:float', '-r', '2', '127.0.0.1')).toEqual([30]);
  });

  test('counts', async () => {
    const { input } = await clientOf('meter');
    const before = float(await input(72, 2));
    expect(before).toBeGreaterThan(4711);
    await until(
      async () => float(await input(72, 2)),
      (energy) => energy > before,
    );
  });
});

test('the inverter leads from the mark through its models to the end', async () => {
  const { holding } = await clientOf('inverter');
  expect(await holding(40_000, 2)).toEqual([0x5375, 0x6e53]);
  const ids: number[] = [];
  for (let at = 40_002; ids.at(-1) !== 0xffff; ) {
    const [id, length] = await holding(at, 2);
    ids.push(id);
    at += 2 + length;
  }
  expect(ids).toEqual([1, 103, 120, 0xffff]);
  const [amperes, , , , scale] = await holding(40_072, 5);
  expect(scale).toBe(0x1_0000 - 2);
  const [watts] = await until(
    () => holding(40_084),
    ([power]) => power > 1000,
  );
  expect(amperes * 0.01 * 230).toBeLessThan(2 * watts);
});

test('the drive runs up to its setpoint, and stops', async () => {
  const { holding, write } = await clientOf('drive');
  await write(1, 400);
  await write(0, 1);
  expect(
    await until(
      () => holding(5, 2),
      ([, frequency]) => frequency >= 399,
    ),
  ).toEqual([256, expect.any(Number)]);
  expect((await holding(7))[0]).toBeGreaterThan(30);
  await write(0, 0);
  expect(
    await until(
      () => holding(5, 2),
      ([, frequency]) => frequency <= 1,
    ),
  ).toEqual([0, expect.any(Number)]);
});

test('the boiler heats, ends its heat when nobody asks for it any more, and refuses what it can not do', async () => {
  const { input, write } = await clientOf('boiler');
  expect((await input(0))[0] & 0x10).toBe(0x10);
  await until(
    () => input(768),
    ([supply]) => supply > 550,
  );
  // It heats from the start, and a demand that is written ends 30 seconds later.
  await write(512, 255);
  await until(
    () => input(0),
    ([status]) => (status & 0x10) === 0,
  );
  expect(await write(514, 99)).toMatchObject({ exception: 3 });
  expect(await write(1280, 70)).toMatchObject({ exception: 2 });
});

test('the PLC has floats with the low register first, and stops its pump', async () => {
  const { holding, writeCoil } = await clientOf('plc');
  const level = async () => float((await holding(28_672, 2)).reverse());
  expect(await level()).toBeGreaterThan(30);
  await until(level, (percent) => percent > 69);
  await writeCoil(8192, false);
  await until(level, (percent) => percent < 60);
});
