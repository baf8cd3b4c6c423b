import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningBusbar, startBusbar } from './helpers/busbar.js';
import { ONCE, run } from './helpers/process.js';
import { until } from './helpers/until.js';

// What a foreign client sees of a device that lives.

const DEVICE = {
  simulation: { speed: 100, tick: '10ms' },
  listen: [{ type: 'tcp', host: '127.0.0.1', port: 0 }],
  units: [
    {
      id: 1,
      name: 'tank',
      points: {
        level: { at: 'input 0', simulate: { ramp: { from: 0, to: 1000, period: '1m', once: true } } },
        half: { at: 'input 1', type: 'float32', order: 'CDAB', simulate: { formula: 'level / 2 + 0.25' } },
        command: { at: 'holding 0' },
        mode: { at: 'holding 1', labels: { 0: 'off', 1: 'auto' } },
        valve: { at: 'coil 0' },
        tripped: { at: 'discrete 0' },
      },
      when: [
        { point: 'command', written: true, is: 7, set: { command: 0, mode: 'auto' } },
        { point: 'valve', is: true, after: '5s', run: 'trip' },
      ],
      scenarios: { trip: [{ set: { tripped: true } }, { after: '10s', set: { tripped: false, valve: false } }] },
    },
  ],
};

let busbar: RunningBusbar;
beforeAll(async () => {
  busbar = await startBusbar(DEVICE);
});
afterAll(() => busbar?.stop());

async function mbpoll(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run('mbpoll', [...ONCE, '-p', String(busbar.port), ...args]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

async function read(...options: string[]): Promise<string[]> {
  const stdout = await mbpoll(...options, '127.0.0.1');
  return [...stdout.matchAll(/^\[\d+\]:\s+(\S+)/gm)].map(([, value]) => value);
}

/** Reads again and again, each time with a new process, until the values are these. */
async function readUntil(expected: string[], ...options: string[]): Promise<void> {
  await until(
    () => read(...options),
    (values) => String(values) === String(expected),
  );
}

describe('mbpoll sees', () => {
  test('values that move, and those that follow from them', async () => {
    await readUntil(['1000'], '-t', '3', '-r', '0');
    await readUntil(['500.25'], '-t', '3:float', '-r', '1');
  });

  test('what its own writes bring about', async () => {
    await mbpoll('-t', '4', '-r', '0', '127.0.0.1', '7');
    await readUntil(['0', '1'], '-t', '4', '-r', '0', '-c', '2');
  });

  test('a scenario that it has set off', async () => {
    await mbpoll('-t', '0', '-r', '0', '127.0.0.1', '1');
    await readUntil(['0'], '-t', '0', '-r', '0');
  });
});
