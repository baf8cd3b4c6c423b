import { Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { createGate, record, turns } from '../helpers/events.js';
import { ask, registerReply, serve } from '../helpers/served.js';
import { bare, createUnit } from './changing.js';

const BY_PROGRAM: [title: string, change: (unit: Unit) => unknown, told: object[]][] = [
  ['a coil', ({ coils }) => coils.set(1, true), [{ part: 'coils', address: 1, values: [true], previous: [false] }]],
  [
    'discrete inputs',
    ({ discreteInputs }) => discreteInputs.set(1, [true, true]),
    [{ part: 'discreteInputs', address: 1, values: [true, true], previous: [false, false] }],
  ],
  [
    'registers',
    ({ holdingRegisters }) => holdingRegisters.set(2, [1, 2]),
    [{ part: 'holdingRegisters', address: 2, values: [1, 2], previous: [12, 13] }],
  ],
  [
    'a register that keeps its value',
    ({ holdingRegisters }) => holdingRegisters.set(2, 12),
    [{ part: 'holdingRegisters', address: 2, values: [12], previous: [12] }],
  ],
  [
    'a bit of a register',
    ({ inputRegisters }) => inputRegisters.setBit(3, 15, true),
    [{ part: 'inputRegisters', address: 3, values: [0x8000], previous: [0] }],
  ],
  [
    'a float',
    ({ holdingRegisters }) => holdingRegisters.setFloat32(0, 21.5, 'CDAB'),
    [{ part: 'holdingRegisters', address: 0, values: [0, 0x41ac], previous: [10, 11] }],
  ],
  [
    'an integer of 64 bits',
    ({ holdingRegisters }) => holdingRegisters.setBigUint64(0, 1n),
    [{ part: 'holdingRegisters', address: 0, values: [0, 0, 0, 1], previous: [10, 11, 12, 13] }],
  ],
  [
    'a text',
    ({ holdingRegisters }) => holdingRegisters.setString(0, 'abc', 2),
    [{ part: 'holdingRegisters', address: 0, values: [0x6162, 0x6300], previous: [10, 11] }],
  ],
  [
    'a record',
    ({ files }) => files.get(4)?.set(1, 9),
    [{ part: 'files', action: 'write', file: 4, record: 1, values: [9], previous: [2] }],
  ],
  [
    'a new file',
    ({ files }) => files.create(5, { start: 0, count: 1 }),
    [{ part: 'files', action: 'create', file: 5 }],
  ],
  ['a deleted file', ({ files }) => files.delete(4), [{ part: 'files', action: 'delete', file: 4 }]],
  ['a file that was not there', ({ files }) => files.delete(9), []],
  [
    'a push',
    ({ fifos }) => fifos.get(500)?.push(8, 9),
    [{ part: 'fifos', action: 'push', pointer: 500, values: [8, 9] }],
  ],
  ['a drain', ({ fifos }) => fifos.get(500)?.drain(), [{ part: 'fifos', action: 'drain', pointer: 500, values: [7] }]],
  ['a push of nothing', ({ fifos }) => fifos.get(500)?.push(), []],
  ['a new queue', ({ fifos }) => fifos.create(501, [1]), [{ part: 'fifos', action: 'create', pointer: 501 }]],
  ['a deleted queue', ({ fifos }) => fifos.delete(500), [{ part: 'fifos', action: 'delete', pointer: 500 }]],
  ['an identity', (unit) => Object.assign(unit, { identity: undefined }), [{ part: 'identity' }]],
  ['an object of the identity', ({ identity }) => identity?.set(128, 'x'), [{ part: 'identity' }]],
  ['the server id', (unit) => Object.assign(unit, { serverId: { id: 3 } }), [{ part: 'serverId' }]],
  ['the exception status', (unit) => Object.assign(unit, { exceptionStatus: 3 }), [{ part: 'exceptionStatus' }]],
  [
    'the diagnostic register',
    (unit) => Object.assign(unit, { diagnosticRegister: 3 }),
    [{ part: 'diagnosticRegister' }],
  ],
];

/** A request of a client, and what it changes. */
const BY_PEER: [request: string, told: object[]][] = [
  ['fc:05 address:0001 value:FF00', [{ part: 'coils', address: 1, values: [true], previous: [false] }]],
  [
    'fc:0F start:0001 quantity:0003 byteCount:01 coils:01',
    [{ part: 'coils', address: 1, values: [true, false, false], previous: [false, true, false] }],
  ],
  ['fc:06 address:0002 value:FFFF', [{ part: 'holdingRegisters', address: 2, values: [65535], previous: [12] }]],
  [
    'fc:10 start:0001 quantity:0002 byteCount:04 values:0001_0002',
    [{ part: 'holdingRegisters', address: 1, values: [1, 2], previous: [11, 12] }],
  ],
  ['fc:16 address:0003 and:00F0 or:0005', [{ part: 'holdingRegisters', address: 3, values: [5], previous: [13] }]],
  [
    'fc:17 readStart:0000 readQuantity:0001 writeStart:0002 writeQuantity:0001 byteCount:02 values:0007',
    [{ part: 'holdingRegisters', address: 2, values: [7], previous: [12] }],
  ],
  [
    'fc:15 dataLength:12 type:06 file:0004 record:0000 length:0001 values:000A type:06 file:0004 record:0002 length:0001 values:000C',
    [
      { part: 'files', action: 'write', file: 4, record: 0, values: [10], previous: [1] },
      { part: 'files', action: 'write', file: 4, record: 2, values: [12], previous: [3] },
    ],
  ],
  ['fc:08 subFunction:000A data:0000', [{ part: 'diagnosticRegister' }]],
  ['fc:03 start:0000 quantity:0004', []],
  ['fc:06 address:0050 value:0001', []],
  ['fc:18 pointer:01F4', []],
];

describe('change events', () => {
  test.each(BY_PROGRAM)('tell what the program does: %s', (_, change, told) => {
    const unit = createUnit();
    const changed = record(unit, 'change');
    change(unit);
    expect(changed.all.map(bare)).toEqual(told.map((each) => ({ ...each, by: 'program' })));
    for (const event of changed.all) expect(event.unit).toBe(unit);
  });

  test.each(BY_PEER)('tell what a client does: %s', async (request, told) => {
    const unit = createUnit();
    const changed = record(unit, 'change');
    const { server, connect } = await serve({ units: [unit], diagnostics: 'all' });
    await ask(await connect(), 1, request);
    const [peer] = server.peers();
    expect(changed.all.map(bare)).toEqual(told.map((each) => ({ ...each, by: { peer } })));
  });

  test('tell nothing of what was refused', () => {
    const unit = createUnit();
    const changed = record(unit, 'change');
    expect(() => unit.holdingRegisters.set(3, [1, 2])).toThrow('not all of 2 addresses');
    expect(() => unit.holdingRegisters.set(0, [1, 65536])).toThrow('65536');
    expect(() => unit.fifos.get(500)?.push(-1)).toThrow('-1');
    expect(changed.all).toEqual([]);
  });

  test('tell the time', () => {
    const unit = createUnit();
    const changed = record(unit, 'change');
    const before = Date.now();
    unit.coils.set(0, false);
    expect(changed.all[0]?.time).toBeGreaterThanOrEqual(before);
    expect(changed.all[0]?.time).toBeLessThanOrEqual(Date.now());
  });

  test('have values of the kind that their part has', () => {
    const unit = createUnit();
    const on: boolean[] = [];
    const levels: number[] = [];
    unit.on('change', (event) => {
      // The assignments are the test: they are type-checked.
      if (event.part === 'coils' || event.part === 'discreteInputs') on.push(...event.previous, ...event.values);
      else if (event.part === 'holdingRegisters') levels.push(...event.previous, ...event.values);
      else if (event.part === 'fifos' && event.action === 'push') levels.push(event.pointer, ...event.values);
    });
    unit.coils.set(1, true);
    unit.holdingRegisters.set(0, 1);
    unit.fifos.get(500)?.push(2);
    expect({ on, levels }).toEqual({ on: [false, true], levels: [10, 1, 500, 2] });
  });

  test('come before the client is answered, when the whole request has taken effect', async () => {
    const unit = createUnit();
    const seen: (number[] | undefined)[] = [];
    unit.on('change', ({ part }) => {
      if (part !== 'files') return;
      seen.push(unit.files.get(4)?.getRange(0, 3));
      unit.holdingRegisters.set(0, 77);
    });
    const { connect } = await serve({ units: [unit] });
    const client = await connect();
    await ask(
      client,
      1,
      'fc:15 dataLength:12 type:06 file:0004 record:0000 length:0001 values:000A type:06 file:0004 record:0002 length:0001 values:000C',
    );
    expect(seen).toEqual([
      [10, 2, 12],
      [10, 2, 12],
    ]);
    expect(await ask(client, 1, 'fc:03 start:0000 quantity:0001')).toBe(registerReply(77));
  });

  test('of one unit are not those of another', () => {
    const [first, second] = [createUnit(1), createUnit(2)];
    const changed = record(first, 'change');
    second.coils.set(0, false);
    first.coils.set(0, false);
    expect(changed.all.map(({ unit }) => unit.id)).toEqual([1]);
  });

  test('tell nothing of a file or queue that belongs to the unit no longer', () => {
    const unit = createUnit();
    const [file, queue] = [unit.files.get(4), unit.fifos.get(500)];
    unit.files.create(4, { start: 0, count: 3 });
    unit.fifos.delete(500);
    const changed = record(unit, 'change');
    file?.set(0, 5);
    queue?.push(1);
    expect([file?.get(0), queue?.values, changed.all]).toEqual([5, [7, 1], []]);
  });

  test('tell all of a big write at once', () => {
    const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 65536 }] });
    const changed = record(unit, 'change');
    unit.holdingRegisters.set(0, new Uint16Array(65536).fill(7));
    expect(changed.all).toHaveLength(1);
    expect(changed.all[0]).toMatchObject({ address: 0, values: { length: 65536 } });
  });
});

describe('data with handlers', () => {
  test('only what is in memory has changed, when the handlers have taken their part', async () => {
    const gate = createGate();
    const unit = new Unit({
      id: 1,
      holdingRegisters: [
        { start: 0, count: 2 },
        { start: 2, count: 1, read: () => [0], write: () => gate.opened },
        { start: 3, count: 2 },
      ],
    });
    const changed = record(unit, 'change');
    const seen: number[][] = [];
    unit.on('change', () =>
      seen.push([...unit.holdingRegisters.getRange(0, 2), ...unit.holdingRegisters.getRange(3, 2)]),
    );
    const { server, connect } = await serve({ units: [unit] });
    const reply = ask(await connect(), 1, 'fc:10 start:0001 quantity:0003 byteCount:06 values:0001_0002_0003');
    await turns(3);
    expect(changed.all).toEqual([]);
    gate.open();
    expect(await reply).toBe('1000010003');
    const by = { peer: server.peers()[0] };
    expect(changed.all.map(bare)).toEqual([
      { part: 'holdingRegisters', address: 1, values: [1], previous: [0], by },
      { part: 'holdingRegisters', address: 3, values: [3], previous: [0], by },
    ]);
    expect(seen).toEqual([
      [0, 1, 3, 0],
      [0, 1, 3, 0],
    ]);
  });

  test('a refused part changes nothing', async () => {
    const unit = new Unit({
      id: 1,
      coils: [
        { start: 0, count: 2 },
        { start: 2, count: 1, read: () => [true] },
      ],
    });
    const changed = record(unit, 'change');
    const { connect } = await serve({ units: [unit] });
    expect(await ask(await connect(), 1, 'fc:0F start:0000 quantity:0003 byteCount:01 coils:07')).toBe('8F02');
    expect(changed.all).toEqual([]);
  });
});
