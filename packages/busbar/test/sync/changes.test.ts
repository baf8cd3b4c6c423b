import { type ChangeEvent, Unit } from 'busbar';
import { type SyncServer, startTcpServerSync, stopServerSync } from 'busbar/sync';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { record } from '../helpers/events.js';
import { MbapClient } from '../helpers/mbap-client.js';
import { ask } from '../helpers/served.js';
import { untilServed } from './served.js';

// A thread runs without vitest, so it needs the built library.
vi.mock('../../src/sync/worker-file.js', () => ({
  workerFile: new URL('../../dist/sync/busbar-worker.js', import.meta.url),
}));

let unit: Unit;
let server: SyncServer<unknown>;
let client: MbapClient;

beforeEach(async () => {
  unit = new Unit({
    id: 1,
    coils: [{ start: 0, count: 16 }],
    holdingRegisters: [{ start: 0, count: 10 }],
    files: [{ number: 4, start: 0, values: [1, 2, 3] }],
    identity: { vendorName: 'Acme', productCode: 'B-1', majorMinorRevision: '1.0' },
  });
  const started = startTcpServerSync({ units: [unit], port: 0, diagnostics: 'all' });
  server = started;
  client = await MbapClient.connect({ host: '127.0.0.1', port: started.address()?.port ?? 0 });
});

afterEach(async () => {
  await client.close();
  stopServerSync();
});

describe('changes in the thread of a server', () => {
  const BY_PEER = { peer: expect.objectContaining({ transport: 'tcp', address: '127.0.0.1' }) };

  test('are told in the thread of the program, when its event loop turns', async () => {
    const changed = record(unit, 'change');
    const ranges = record(unit, 'changes');
    await ask(client, 1, 'fc:06 address:0002 value:0007');
    await ask(client, 1, 'fc:15 09 06 0004 0001 0001 BEEF');
    await ask(client, 1, 'fc:08 000A 0000');
    const events: ChangeEvent[] = await changed.reached(3);
    expect(events).toMatchObject([
      { unit, part: 'holdingRegisters', address: 2, values: [7], previous: [0], by: BY_PEER },
      { unit, part: 'files', file: 4, record: 1, values: [0xbeef], previous: [2], by: BY_PEER },
      { unit, part: 'diagnosticRegister', by: BY_PEER },
    ]);
    await ranges.reached(1);
    expect(ranges.all[0]?.ranges[0]).toMatchObject({ part: 'holdingRegisters', address: 2, quantity: 1, by: BY_PEER });
  });

  test('are told when the program takes writes, if it blocks', async () => {
    const changed = record(unit, 'change');
    client.send(1, Uint8Array.of(6, 0, 2, 0, 7));
    // The request leaves when the event loop turns; nothing of the server's can come in that turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.waitForWrite(10_000)).toMatchObject({ address: 2, values: [7] });
    server.takeWrites();
    expect(changed.all).toMatchObject([{ part: 'holdingRegisters', address: 2, values: [7], by: BY_PEER }]);
    await client.next();
  });

  test('are told when the server stops, if the program has not taken them before', async () => {
    const changed = record(unit, 'change');
    client.send(1, Uint8Array.of(6, 0, 2, 0, 7));
    await new Promise((resolve) => setImmediate(resolve));
    untilServed(server, 1);
    expect(changed.all).toEqual([]);
    server.stop();
    expect(changed.all).toMatchObject([{ part: 'holdingRegisters', address: 2, values: [7], by: BY_PEER }]);
  });

  test('of the program are told at once, by the program', () => {
    const changed = record(unit, 'change');
    unit.holdingRegisters.setFloat32(0, 21.5);
    unit.identity?.set(128, 'x');
    server.takeWrites();
    expect(changed.all.map(({ part, by }) => [part, by])).toEqual([
      ['holdingRegisters', 'program'],
      ['identity', 'program'],
    ]);
  });

  test('that are too many to wait are told as a change of all values', async () => {
    const changed = record(unit, 'change');
    const last = 1200;
    for (let value = 1; value <= last; value++) client.send(1, Uint8Array.of(6, 0, 2, value >> 8, value & 0xff));
    await new Promise((resolve) => setImmediate(resolve));
    // The server's thread goes on while the program asks; that takes no changes.
    untilServed(server, last);
    expect(server.takeWrites().dropped).toBe(last - 1000);
    const copy: number[] = [];
    for (const event of changed.all) {
      if (event.part === 'holdingRegisters')
        for (const [i, value] of event.values.entries()) copy[event.address + i] = value;
    }
    expect(changed.all.map(({ by }) => by)).toContain('unknown');
    expect(copy[2]).toBe(last);
  });
});
