import { OptionsError, Unit } from 'busbar';
import { type SyncServer, startTcpServerSync, stopServerSync } from 'busbar/sync';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MbapClient } from '../helpers/mbap-client.js';
import { ask } from '../helpers/served.js';
import { thrownBy } from './thrown.js';

// A thread runs without vitest, so it needs the built library.
vi.mock('../../src/sync/worker-file.js', () => ({
  workerFile: new URL('../../dist/sync/busbar-worker.js', import.meta.url),
}));

const QUEUE_LIMIT = 1000;

let unit: Unit;
let server: SyncServer<unknown>;
let client: MbapClient;

beforeEach(async () => {
  unit = new Unit({
    id: 1,
    coils: [{ start: 0, count: 16 }],
    holdingRegisters: [{ start: 0, count: 10 }],
    files: [{ number: 4, start: 0, values: [1, 2, 3] }],
  });
  const started = startTcpServerSync({ units: [unit], port: 0 });
  server = started;
  client = await MbapClient.connect({ host: '127.0.0.1', port: started.address()?.port ?? 0 });
});

afterEach(async () => {
  await client.close();
  stopServerSync();
});

async function writeRegister(value: number): Promise<void> {
  await client.request(1, Uint8Array.of(0x06, 0, 0, value >> 8, value & 0xff));
}

describe('waitForWrite', () => {
  test('says what a client wrote, and who', async () => {
    await ask(client, 1, 'fc:10 start:0001 quantity:0002 count:04 values:0007_0008');
    const { localPort: port } = client.socket;
    expect(server.waitForWrite()).toEqual({
      unit,
      table: 'holdingRegisters',
      address: 1,
      values: [7, 8],
      previous: [0, 0],
      peer: { transport: 'tcp', address: '127.0.0.1', port },
    });
  });

  test('gives the program its own unit', async () => {
    await writeRegister(5);
    expect(server.waitForWrite()?.unit).toBe(unit);
  });

  test('tells of coils and of files, too', async () => {
    await ask(client, 1, 'fc:05 address:0003 value:FF00');
    await ask(client, 1, 'fc:15 count:09 type:06 file:0004 record:0001 length:0001 values:BEEF');
    expect(server.waitForWrite()).toMatchObject({ table: 'coils', address: 3, values: [true], previous: [false] });
    expect(server.waitForWrite()).toMatchObject({
      table: 'files',
      file: 4,
      record: 1,
      values: [0xbeef],
      previous: [2],
    });
  });

  test('gives one write a call, oldest first', async () => {
    for (const value of [1, 2, 3]) await writeRegister(value);
    const values = [1, 2, 3].map(() => server.waitForWrite()?.values[0]);
    expect(values).toEqual([1, 2, 3]);
  });

  test.each([0, 1, 20])('gives nothing when nothing was written in %i ms', (timeout) => {
    expect(server.waitForWrite(timeout)).toBeUndefined();
  });

  test('does not tell of what was not written', async () => {
    await ask(client, 1, 'fc:06 address:00FF value:0001');
    await ask(client, 1, 'fc:03 start:0000 quantity:0001');
    unit.holdingRegisters.set(0, 1);
    expect(server.waitForWrite(0)).toBeUndefined();
  });

  test.each([-1, Number.NaN, '5'])('refuses to wait for %s', (timeout) => {
    expect(thrownBy(() => server.waitForWrite(timeout as number))).toBeInstanceOf(OptionsError);
  });
});

describe('takeWrites', () => {
  test('takes all at once, and nothing when there is nothing', async () => {
    for (const value of [1, 2, 3]) await writeRegister(value);
    const { events, dropped } = server.takeWrites();
    expect(events.map(({ values }) => values[0])).toEqual([1, 2, 3]);
    expect(dropped).toBe(0);
    expect(server.takeWrites()).toEqual({ events: [], dropped: 0 });
  });

  test('takes what waitForWrite left', async () => {
    for (const value of [1, 2, 3]) await writeRegister(value);
    server.waitForWrite();
    expect(server.takeWrites().events.map(({ values }) => values[0])).toEqual([2, 3]);
  });

  test('says how many had no room, and has room again', async () => {
    for (let i = 0; i < QUEUE_LIMIT + 7; i++) await writeRegister(i);
    const { events, dropped } = server.takeWrites();
    expect(events.map(({ values }) => values[0])).toEqual(Array.from({ length: QUEUE_LIMIT }, (_, i) => i));
    expect(dropped).toBe(7);
    expect(unit.holdingRegisters.get(0)).toBe(QUEUE_LIMIT + 6);
    await writeRegister(1);
    expect(server.takeWrites()).toMatchObject({ events: [{ values: [1] }], dropped: 0 });
  });

  test('takes after stop() what was written before', async () => {
    await writeRegister(9);
    server.stop();
    expect(server.takeWrites().events).toMatchObject([{ address: 0, values: [9], unit }]);
  });
});
