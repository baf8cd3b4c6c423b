import { Unit } from 'busbar';
import { startTcpServerSync, stopServerSync } from 'busbar/sync';
import { afterEach, expect, test, vi } from 'vitest';
import { record } from '../helpers/events.js';
import { MbapClient } from '../helpers/mbap-client.js';
import { ask } from '../helpers/served.js';
import { untilServed } from './served.js';

// A thread runs without vitest, so it needs the built library.
vi.mock('../../src/sync/worker-file.js', () => ({
  workerFile: new URL('../../dist/sync/busbar-worker.js', import.meta.url),
}));

afterEach(() => stopServerSync());

test('tables that are one memory are one in the thread of the server, too, and after it has stopped', async () => {
  const unit = new Unit({ id: 1, shared: true, holdingRegisters: [{ start: 0, values: [1, 0] }] });
  const changed = record(unit, 'change');
  const server = startTcpServerSync({ units: [unit], port: 0 });
  const client = await MbapClient.connect({ host: '127.0.0.1', port: server.address()?.port ?? 0 });
  unit.coils.set(17, true);
  expect(await ask(client, 1, 'fc:03 start:0000 quantity:0002')).toBe('030400010002');
  await ask(client, 1, 'fc:05 address:000F value:FF00');
  expect(server.waitForWrite(10_000)).toMatchObject({ unit, table: 'coils', address: 15, values: [true] });
  await changed.reached(2);
  expect(changed.all).toMatchObject([
    { part: 'holdingRegisters', address: 1, values: [2], previous: [0], by: 'program' },
    { part: 'holdingRegisters', address: 0, values: [0x8001], previous: [1], by: { peer: { transport: 'tcp' } } },
  ]);
  await client.close();
  server.stop();
  unit.inputRegisters.set(0, 2);
  expect([unit.holdingRegisters.get(0), unit.discreteInputs.get(1)]).toEqual([2, true]);
});

test('if too many changes wait, all registers are told as changed, once', async () => {
  const unit = new Unit({ id: 1, shared: true, holdingRegisters: [{ start: 0, count: 3 }] });
  const changed = record(unit, 'change');
  const server = startTcpServerSync({ units: [unit], port: 0 });
  const client = await MbapClient.connect({ host: '127.0.0.1', port: server.address()?.port ?? 0 });
  const last = 1201;
  for (let i = 1; i <= last; i++) client.send(1, Uint8Array.of(5, 0, 0, i % 2 === 1 ? 0xff : 0, 0));
  await new Promise((resolve) => setImmediate(resolve));
  // The server's thread goes on while the program asks; that takes no changes.
  untilServed(server, last);
  await client.close();
  server.stop();
  const unknown = changed.all.filter(({ by }) => by === 'unknown');
  expect(unknown).toMatchObject([{ part: 'holdingRegisters', address: 0, values: [1, 0, 0] }]);
});
