import { type PointChangeEvent, Unit } from 'busbar';
import { type SyncServer, startTcpServerSync, stopServerSync } from 'busbar/sync';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { record } from '../helpers/events.js';
import { MbapClient } from '../helpers/mbap-client.js';
import { ask } from '../helpers/served.js';

// A thread runs without vitest, so it needs the built library.
vi.mock('../../src/sync/worker-file.js', () => ({
  workerFile: new URL('../../dist/sync/busbar-worker.js', import.meta.url),
}));

function createUnit() {
  return new Unit({
    id: 1,
    firstAddress: 1,
    holdingRegisters: [{ start: 101, count: 2 }],
    points: {
      flow: { at: 'holding 1', type: 'int16', scale: 0.1, min: -30, max: 80, value: 55 },
      total: { at: 'holding 2', type: 'int64', value: 2n ** 32n },
      mode: { at: 40006, labels: { 0: 'off', 1: 'auto' } },
      serial: { at: 'holding 7', type: 'string', length: 2, value: 'B-1', readOnly: true },
      pump: { at: 'coil 4' },
      bit: { at: 'holding 9.0' },
    },
  });
}

let unit: ReturnType<typeof createUnit>;
let server: SyncServer<unknown>;
let client: MbapClient;

beforeEach(async () => {
  unit = createUnit();
  const started = startTcpServerSync({ units: [unit], port: 0 });
  server = started;
  client = await MbapClient.connect({ host: '127.0.0.1', port: started.address()?.port ?? 0 });
});

afterEach(async () => {
  await client.close();
  stopServerSync();
});

describe('points of a unit that a synchronous server serves', () => {
  test('are the same memory in both threads', async () => {
    unit.points.flow.value = -1;
    expect(await ask(client, 1, 'fc:03 start:0000 quantity:0001')).toBe('0302FFF6');
    await ask(client, 1, 'fc:10 start:0000 quantity:0002 byteCount:04 values:0064_0001');
    await ask(client, 1, 'fc:05 address:0003 value:FF00');
    expect(unit.points.flow.value).toBe(10);
    expect(unit.points.total.value).toBe(2n ** 48n + 2n ** 32n);
    expect(unit.points.pump.text).toBe('on');
  });

  test('hold clients to their limits', async () => {
    expect(await ask(client, 1, 'fc:06 address:0000 value:0321')).toBe('8603');
    expect(await ask(client, 1, 'fc:06 address:0005 value:0002')).toBe('8603');
    expect(await ask(client, 1, 'fc:06 address:0006 value:0000')).toBe('8602');
    expect(await ask(client, 1, 'fc:06 address:0005 value:0001')).toBe('0600050001');
    expect(unit.points.mode.value).toBe('auto');
  });

  test('tell of their changes when the event loop turns', async () => {
    const changed = record(unit, 'pointChange');
    await ask(client, 1, 'fc:06 address:0004 value:0007'); // the low register of total
    await ask(client, 1, 'fc:06 address:0008 value:0003'); // bits 0 and 1
    await ask(client, 1, 'fc:05 address:0003 value:FF00');
    const events: PointChangeEvent[] = await changed.reached(3);
    expect(events).toMatchObject([
      {
        unit,
        point: { name: 'total' },
        value: 2n ** 32n + 7n,
        previous: 2n ** 32n,
        by: { peer: { transport: 'tcp' } },
      },
      { unit, point: { name: 'bit' }, value: true, previous: false },
      { unit, point: { name: 'pump' }, value: true, previous: false },
    ]);
  });

  test('are found by the writes that the program takes', async () => {
    client.send(1, Uint8Array.of(6, 0, 5, 0, 1));
    // The request leaves when the event loop turns; nothing of the server's can come in that turn.
    await new Promise((resolve) => setImmediate(resolve));
    const write = server.waitForWrite(10_000);
    if (write?.table !== 'holdingRegisters') throw new Error('expected a write to holding registers');
    const points = unit.pointsAt(write.table, write.address, write.values.length);
    expect(points.map(({ name, text }) => [name, text])).toEqual([['mode', 'auto']]);
  });
});
