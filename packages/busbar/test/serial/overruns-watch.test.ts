import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readOverruns } from '../../src/transport/serial/overruns.js';
import { FakeSerialPort } from '../helpers/fake-serial-port.js';
import { createSerial } from '../helpers/serial.js';
import { createMonitor } from '../monitor/listening.js';

vi.mock('../../src/transport/serial/overruns.js', () => ({ readOverruns: vi.fn() }));
vi.mock('serialport', () => ({ SerialPort: FakeSerialPort }));

const path = '/dev/fake';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.mocked(readOverruns).mockReset();
});

/** What the system has counted: when the port is opened, after a second, and so on; the last number stays. */
function systemCounts(...counts: (number | undefined)[]): void {
  const mocked = vi.mocked(readOverruns);
  for (const count of counts) mocked.mockResolvedValueOnce(count);
  mocked.mockResolvedValue(counts.at(-1));
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(1000 * count);

describe.each([
  ['server', () => createSerial({ path })],
  ['monitor', () => createMonitor({ path })],
])('a %s that has opened its port itself', (_, create) => {
  /** The overruns counted when the port is open, and after each of some seconds. */
  async function countedIn(count: number): Promise<number[]> {
    const listening = await create().listen();
    const counted = [listening.counters.overruns];
    for (let second = 1; second <= count; second++) {
      await seconds(1);
      counted.push(listening.counters.overruns);
    }
    return counted;
  }

  test('counts what the system counts from then on', async () => {
    systemCounts(5, 5, 7, 7, 12);
    expect(await countedIn(5)).toEqual([0, 0, 2, 2, 7, 7]);
    expect(readOverruns).toHaveBeenCalledWith(path);
  });

  test('asks once only where the system does not tell', async () => {
    systemCounts(undefined);
    expect(await countedIn(3)).toEqual([0, 0, 0, 0]);
    expect(readOverruns).toHaveBeenCalledTimes(1);
  });

  test('goes on where the system tells nothing for a while', async () => {
    systemCounts(5, undefined, 6);
    expect(await countedIn(3)).toEqual([0, 0, 1, 1]);
  });

  test('begins anew where the system does', async () => {
    systemCounts(5, 0, 2);
    expect(await countedIn(2)).toEqual([0, 0, 2]);
  });

  test('asks no more when it is closed', async () => {
    systemCounts(5, 6);
    const listening = await create().listen();
    await seconds(1);
    await listening.close();
    const asked = vi.mocked(readOverruns).mock.calls.length;
    await seconds(5);
    expect(vi.mocked(readOverruns).mock.calls.length).toBe(asked);
    expect(listening.counters.overruns).toBe(1);
  });
});
