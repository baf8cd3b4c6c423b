import { Unit } from 'busbar';
import { type SyncServer, startTcpServerSync, startUdpServerSync, stopServerSync } from 'busbar/sync';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MbapClient } from '../helpers/mbap-client.js';
import { ask } from '../helpers/served.js';
import { thrownBy } from './thrown.js';

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
    discreteInputs: [{ start: 8, values: [true, false, true] }],
    holdingRegisters: [
      { start: 0, count: 10 },
      { start: 100, values: [7, 8, 9] },
    ],
    inputRegisters: [{ start: 0, values: [1, 2] }],
    files: [
      { number: 4, start: 0, values: [1, 2, 3] },
      { number: 4, start: 10, values: [11] },
    ],
    fifos: [{ pointer: 500, values: [10, 20] }],
    identity: { vendorName: 'Acme', productCode: 'B-1', majorMinorRevision: '1.0', objects: { 128: 'text' } },
    serverId: { id: 17, running: false, additional: { hex: 'beef' } },
    exceptionStatus: 0x6d,
    access: { readOnly: [{ table: 'holdingRegisters', start: 100, count: 1 }], limits: [LIMIT] },
  });
  unit.diagnosticRegister = 0x1234;
  const started = startTcpServerSync({ units: [unit], port: 0, diagnostics: 'all' });
  server = started;
  client = await MbapClient.connect({ host: '127.0.0.1', port: started.address()?.port ?? 0 });
});

const LIMIT = { table: 'holdingRegisters', start: 9, count: 1, max: 5 } as const;

afterEach(async () => {
  await client.close();
  stopServerSync();
});

describe('what the program has', () => {
  test.each([
    ['discrete inputs', 'fc:02 start:0008 quantity:0003', '020105'],
    ['holding registers', 'fc:03 start:0064 quantity:0003', '0306000700080009'],
    ['input registers', 'fc:04 start:0000 quantity:0002', '040400010002'],
    ['addresses that do not exist', 'fc:03 start:000A quantity:0001', '8302'],
    ['the exception status', 'fc:07', '076D'],
    ['the diagnostic register', 'fc:08 subFunction:0002 data:0000', '0800021234'],
    ['the server id', 'fc:11', '11041100BEEF'],
    ['file records', 'fc:14 count:07 type:06 file:0004 record:000A length:0001', '14040306000B'],
    ['a queue', 'fc:18 pointer:01F4', '1800060002000A0014'],
    ['the identity', 'fc:2B mei:0E code:04 object:80', '2B0E0483000001800474657874'],
    ['a read-only register', 'fc:06 address:0064 value:0001', '8602'],
    ['a limit to a value', 'fc:06 address:0009 value:0006', '8603'],
  ])('a client finds: %s', async (_, request, reply) => {
    expect(await ask(client, 1, request)).toBe(reply);
  });
});

describe('what the program changes', () => {
  test.each<[string, () => unknown, string, string]>([
    ['a coil', () => unit.coils.set(3, true), 'fc:01 start:0000 quantity:0008', '010108'],
    ['several coils', () => unit.coils.set(0, [true, true]), 'fc:01 start:0000 quantity:0008', '010103'],
    ['an input', () => unit.inputRegisters.set(1, 99), 'fc:04 start:0001 quantity:0001', '04020063'],
    ['several registers', () => unit.holdingRegisters.set(0, [1, 2]), 'fc:03 start:0000 quantity:0002', '030400010002'],
    ['a float', () => unit.holdingRegisters.setFloat32(0, 21.5), 'fc:03 start:0000 quantity:0002', '030441AC0000'],
    ['a bit', () => unit.holdingRegisters.setBit(101, 15, true), 'fc:03 start:0065 quantity:0001', '03028008'],
    ['a text', () => unit.holdingRegisters.setString(0, 'abc', 2), 'fc:03 start:0000 quantity:0002', '030461626300'],
    ['a record', () => unit.files.get(4)?.set(10, 12), 'fc:14 07 06 0004 000A 0001', '14040306000C'],
    ['a queue', () => unit.fifos.get(500)?.push(30), 'fc:18 pointer:01F4', '1800080003000A0014001E'],
    ['a drained queue', () => unit.fifos.get(500)?.drain(1), 'fc:18 pointer:01F4', '18000400010014'],
    ['the exception status', () => Object.assign(unit, { exceptionStatus: 1 }), 'fc:07', '0701'],
    ['a diagnostic register', () => Object.assign(unit, { diagnosticRegister: 5 }), 'fc:08 0002 0000', '0800020005'],
    ['the server id', () => Object.assign(unit, { serverId: { id: 1 } }), 'fc:11', '110201FF'],
    ['an object', () => unit.identity?.set(128, 'new'), 'fc:2B 0E 04 80', '2B0E04830000018003 6E6577'],
    ['a deleted object', () => unit.identity?.delete(128), 'fc:2B 0E 04 80', 'AB02'],
    ['no identity', () => Object.assign(unit, { identity: undefined }), 'fc:2B 0E 04 80', 'AB01'],
  ])('a client finds from then on: %s', async (_, change, request, reply) => {
    change();
    expect(await ask(client, 1, request)).toBe(reply.replaceAll(' ', ''));
  });

  test('is mirrored coils, if the exception status is', async () => {
    unit.exceptionStatus = { coils: 4 };
    unit.coils.set(5, true);
    expect(await ask(client, 1, 'fc:07')).toBe('0702');
    expect(unit.exceptionStatus).toEqual({ coils: 4 });
  });
});

describe('what a client changes', () => {
  test.each<[string, string, () => unknown, unknown]>([
    ['a coil', 'fc:05 address:0003 value:FF00', () => unit.coils.get(3), true],
    ['coils', 'fc:0F 0000 0008 01 A5', () => unit.coils.getRange(0, 4), [true, false, true, false]],
    ['registers', 'fc:10 0000 0002 04 41AC 0000', () => unit.holdingRegisters.getFloat32(0), 21.5],
    ['a masked register', 'fc:16 0065 00F0 000F', () => unit.holdingRegisters.get(101), 0x0f],
    ['a record', 'fc:15 09 06 0004 0001 0001 BEEF', () => unit.files.get(4)?.getRange(0, 3), [1, 0xbeef, 3]],
    ['the diagnostic register', 'fc:08 000A 0000', () => unit.diagnosticRegister, 0],
  ])('the program finds: %s', async (_, request, found, expected) => {
    await ask(client, 1, request);
    expect(found()).toEqual(expected);
  });

  test('shows in the counters of the unit, while the server runs', async () => {
    await ask(client, 1, 'fc:03 start:FFFF quantity:0001');
    await ask(client, 1, 'fc:03 start:0000 quantity:0001');
    expect(unit.counters).toMatchObject({ messages: 2, exceptions: 1, events: 1 });
    server.stop();
    expect(unit.counters.messages).toBe(0);
  });
});

describe('while a server runs', () => {
  test.each<[string, () => unknown]>([
    ['making a file', () => unit.files.create(5, { start: 0, count: 1 })],
    ['deleting a file', () => unit.files.delete(4)],
    ['making a queue', () => unit.fifos.create(501)],
    ['deleting a queue', () => unit.fifos.delete(500)],
  ])('%s is refused', (_, change) => {
    expect(thrownBy(change)).toMatchObject({ name: 'StateError', code: 'UNIT_SHARED' });
    expect(unit.files.numbers).toEqual([4]);
    expect(unit.fifos.pointers).toEqual([500]);
  });

  test('several may serve the same unit, and the last one leaves it', async () => {
    const other = startUdpServerSync({ units: [unit], port: 0 });
    server.stop();
    expect(thrownBy(() => unit.fifos.create(501))).toMatchObject({ code: 'UNIT_SHARED' });
    other.stop();
    expect(unit.fifos.create(501).length).toBe(0);
  });

  test('a queue holds as much as ever', () => {
    const queue = unit.fifos.get(500);
    queue?.drain();
    queue?.push(...new Array<number>(65_536).fill(7));
    expect(thrownBy(() => queue?.push(8))).toMatchObject({ code: 'INVALID_VALUE' });
    expect(queue?.drain(2)).toEqual([7, 7]);
    queue?.push(8, 9);
    expect(queue?.length).toBe(65_536);
    expect(queue?.values.slice(-3)).toEqual([7, 8, 9]);
  });
});
