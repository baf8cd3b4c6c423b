import { type ChangedRange, type ChangeEvent, type Peer, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { createGate, record, turns } from '../helpers/events.js';
import { ask, registerReply, serve } from '../helpers/served.js';
import { catchWarnings } from '../helpers/warnings.js';

function createUnit(id = 1): Unit {
  return new Unit({
    id,
    coils: [{ start: 0, values: [true, false, true, false] }],
    discreteInputs: [{ start: 0, count: 4 }],
    holdingRegisters: [
      { start: 0, values: [10, 11, 12, 13] },
      { start: 100, count: 10 },
    ],
    inputRegisters: [{ start: 0, count: 4 }],
    files: [{ number: 4, start: 0, values: [1, 2, 3] }],
    fifos: [{ pointer: 500, values: [7] }],
    identity: { vendorName: 'Acme', productCode: 'B-1', majorMinorRevision: '1.0' },
  });
}

/** What an event says, without the unit and the time. */
function bare({ unit: _, time: __, ...change }: ChangeEvent): object {
  return change;
}

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

describe('who made a change', () => {
  test('is what the program says', () => {
    const unit = createUnit();
    const changed = record(unit, 'change');
    const result = unit.as('sharing', () => {
      unit.coils.set(0, false);
      unit.as('inner', () => unit.fifos.get(500)?.push(1));
      unit.holdingRegisters.set(0, 1);
      return 'done';
    });
    unit.coils.set(0, true);
    expect(result).toBe('done');
    expect(changed.all.map(({ by }) => by)).toEqual(['sharing', 'inner', 'sharing', 'program']);
  });

  test('may be the peer for whom a custom function works, without a write event', async () => {
    const unit = createUnit();
    const changed = record(unit, 'change');
    const written = record(unit, 'write');
    const execute = (_: Uint8Array, context: { readonly peer: Peer }) => {
      unit.as(context, () => unit.coils.set(1, true));
      return [];
    };
    const { server, connect } = await serve({ units: [unit], customFunctions: [{ code: 65, execute }] });
    expect(await ask(await connect(), 1, 'fc:41')).toBe('41');
    expect(changed.all.map(({ by }) => by)).toEqual([{ peer: server.peers()[0] }]);
    expect(written.all).toEqual([]);
  });

  test('of what a listener does is the program, even while another source makes its changes', () => {
    const unit = createUnit();
    const changed = record(unit, 'change');
    unit.on('change', ({ part }) => {
      if (part === 'coils') unit.holdingRegisters.set(0, 5);
    });
    unit.as('sharing', () => unit.coils.set(0, false));
    expect(changed.all.map(({ part, by }) => [part, by])).toEqual([
      ['coils', 'sharing'],
      ['holdingRegisters', 'program'],
    ]);
  });

  test('changes of one source are told when all are made, also if one of them fails', () => {
    const unit = createUnit();
    const seen: number[] = [];
    unit.on('change', () => seen.push(unit.holdingRegisters.get(1)));
    const change = () =>
      unit.as('sharing', () => {
        unit.holdingRegisters.set(0, 1);
        unit.holdingRegisters.set(1, 2);
        unit.holdingRegisters.set(4, 3);
      });
    expect(change).toThrow('address 4 does not exist');
    expect(seen).toEqual([2, 2]);
    const changed = record(unit, 'change');
    unit.coils.set(0, true);
    expect(changed.all.map(({ by }) => by)).toEqual(['program']);
  });

  test.each<[string, unknown, unknown, string]>([
    ['no name', '', () => undefined, 'source: expected a name, or an object with a peer, found ""'],
    ['a peer as it is', { transport: 'tcp' }, () => undefined, 'source: expected a name, or an object with a peer'],
    ['no function', 'api', undefined, 'change: expected a function'],
    ['an async function', 'api', async () => undefined, 'change: expected a synchronous function'],
  ])('%s is refused', (_, source, change, message) => {
    const unit = createUnit();
    expect(() => Reflect.apply(unit.as, unit, [source, change])).toThrow(message);
  });
});

describe('listeners', () => {
  test('that change the unit again are told of it next, in order', () => {
    const unit = createUnit();
    const order: number[] = [];
    unit.on('change', (event) => {
      if (event.part !== 'holdingRegisters') return;
      order.push(event.address);
      if (event.address < 3) unit.holdingRegisters.set(event.address + 1, 0);
    });
    unit.on('change', (event) => {
      if (event.part === 'holdingRegisters') order.push(event.address);
    });
    unit.holdingRegisters.set(0, 0);
    expect(order).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  test.each([1, 2])('that answer each change with %i others leave the event loop its turns', async (others) => {
    const unit = createUnit();
    let told = 0;
    const listener = () => {
      told++;
      if (told < 5000) for (let i = 0; i < others; i++) unit.holdingRegisters.set(i, told);
    };
    unit.on('change', listener);
    unit.holdingRegisters.set(0, 1);
    const first = told;
    await turns(2);
    expect(first).toBeLessThan(1000);
    expect(told).toBeGreaterThan(first);
    unit.off('change', listener);
  });

  test('that throw or reject keep no other from being told, and are an error event of the unit', async () => {
    const unit = createUnit();
    const errors = record(unit, 'error');
    unit.on('change', () => {
      throw new Error('listener is broken');
    });
    unit.on('change', () => Promise.reject(new Error('and another')));
    const changed = record(unit, 'change');
    unit.coils.set(0, false);
    await turns();
    expect(changed.all).toHaveLength(1);
    expect(errors.all).toMatchObject([
      {
        name: 'HandlerError',
        code: 'HANDLER_FAILED',
        unit: 1,
        message: 'a listener failed: listener is broken (unit 1)',
      },
      { message: 'a listener failed: and another (unit 1)' },
    ]);
  });

  test('that throw are a process warning, if nobody listens to errors', () => {
    const warnings = catchWarnings();
    const unit = createUnit();
    unit.on('change', () => {
      throw new Error('listener is broken');
    });
    unit.coils.set(0, false);
    expect(warnings.all.map(({ message }) => message)).toEqual(['a listener failed: listener is broken (unit 1)']);
  });

  test("that throw at a client's write are an error event of its server", async () => {
    const unit = createUnit();
    unit.on('change', () => {
      throw new Error('listener is broken');
    });
    const { server, connect } = await serve({ units: [unit] });
    const errors = record(server, 'error');
    expect(await ask(await connect(), 1, 'fc:06 address:0002 value:0001')).toBe('0600020001');
    expect(errors.all[0]?.message).toContain('listener is broken');
  });

  test('may be removed while they are told', () => {
    const unit = createUnit();
    const heard: string[] = [];
    const second = () => heard.push('second');
    unit.once('change', () => heard.push('once'));
    unit.on('change', () => {
      heard.push('first');
      unit.off('change', second);
    });
    unit.on('change', second);
    unit.coils.set(0, false);
    unit.coils.set(0, true);
    expect(heard).toEqual(['once', 'first', 'second', 'first']);
  });

  test('are told after all others were removed', async () => {
    const unit = createUnit();
    unit.removeAllListeners();
    const changed = record(unit, 'change');
    const written = record(unit, 'write');
    const { connect } = await serve({ units: [unit] });
    await ask(await connect(), 1, 'fc:06 address:0002 value:0001');
    unit.coils.set(0, false);
    expect([changed.all.length, written.all.length]).toEqual([2, 1]);
    unit.removeAllListeners('change');
    unit.coils.set(0, true);
    expect(changed.all.length).toBe(2);
  });
});

describe('changes of one turn', () => {
  /** What `change` makes of the ranges that are told once it has run. */
  async function rangesOf(unit: Unit, change: () => unknown): Promise<readonly ChangedRange[]> {
    const told = record(unit, 'changes');
    change();
    expect(told.all).toEqual([]);
    await turns(2);
    expect(told.all.length).toBeLessThanOrEqual(1);
    return told.all[0]?.ranges ?? [];
  }

  test('are told once, with ranges that are as few as can be', async () => {
    const unit = createUnit();
    const ranges = await rangesOf(unit, () => {
      for (const address of [2, 0, 1, 103, 101, 102]) unit.holdingRegisters.set(address, address);
      unit.holdingRegisters.setFloat32(101, 1);
      unit.coils.set(1, true);
      unit.coils.set(1, false);
      unit.files.get(4)?.set(2, 9);
      unit.fifos.get(500)?.push(1);
      unit.fifos.get(500)?.drain();
      unit.exceptionStatus = 1;
    });
    expect(ranges).toEqual([
      { part: 'fifos', pointer: 500, by: 'program' },
      { part: 'exceptionStatus', by: 'program' },
      { part: 'holdingRegisters', address: 0, quantity: 3, by: 'program' },
      { part: 'holdingRegisters', address: 101, quantity: 3, by: 'program' },
      { part: 'coils', address: 1, quantity: 1, by: 'program' },
      { part: 'files', file: 4, record: 2, quantity: 1, by: 'program' },
    ]);
  });

  test('are of the source that came last', async () => {
    const unit = createUnit();
    const ranges = await rangesOf(unit, () => {
      unit.holdingRegisters.set(100, new Array<number>(10).fill(1));
      unit.as('api', () => unit.holdingRegisters.set(103, [2, 2, 2]));
      unit.holdingRegisters.set(105, 3);
      unit.as('api', () => unit.holdingRegisters.set(102, 4));
    });
    expect(ranges).toEqual([
      { part: 'holdingRegisters', address: 100, quantity: 2, by: 'program' },
      { part: 'holdingRegisters', address: 102, quantity: 3, by: 'api' },
      { part: 'holdingRegisters', address: 105, quantity: 5, by: 'program' },
    ]);
  });

  test('tell a file that was made anew as a whole', async () => {
    const unit = createUnit();
    const ranges = await rangesOf(unit, () => {
      unit.files.get(4)?.set(0, 1);
      unit.files.create(4, { start: 0, count: 2 }).set(1, 5);
    });
    expect(ranges).toEqual([
      { part: 'files', file: 4, by: 'program' },
      { part: 'files', file: 4, record: 1, quantity: 1, by: 'program' },
    ]);
  });

  test('of a client are told, too, and what a listener changes is told in the next turn', async () => {
    const unit = createUnit();
    const told = record(unit, 'changes');
    unit.once('changes', () => unit.coils.set(0, false));
    const { server, connect } = await serve({ units: [unit] });
    await ask(await connect(), 1, 'fc:10 start:0001 quantity:0002 byteCount:04 values:0001_0002');
    const [, second] = await told.reached(2);
    expect(told.all[0]?.ranges).toEqual([
      { part: 'holdingRegisters', address: 1, quantity: 2, by: { peer: server.peers()[0] } },
    ]);
    expect(second?.ranges).toEqual([{ part: 'coils', address: 0, quantity: 1, by: 'program' }]);
  });
});

/** A small generator of numbers, the same for the same seed. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

/** Something that a program does to a unit, at random. */
function changeAtRandom(unit: Unit, random: (below: number) => number): void {
  const pointer = 500 + random(3);
  const file = 4 + random(3);
  const steps: (() => unknown)[] = [
    () => unit.coils.set(random(3), [random(2) === 1, random(2) === 1]),
    () => unit.discreteInputs.set(random(4), random(2) === 1),
    () => unit.holdingRegisters.set(100 + random(8), [random(65536), random(65536)]),
    () => unit.holdingRegisters.setBit(random(4), random(16), random(2) === 1),
    () => unit.inputRegisters.setInt32(random(3), -random(65536), 'DCBA'),
    () => unit.holdingRegisters.setString(100 + random(5), String(random(1000)), 3, 'BADC'),
    () => unit.files.get(file)?.set(random(3), random(65536)),
    () => unit.files.create(file, { start: 0, count: 3, value: random(65536) }),
    () => unit.files.delete(file),
    () => unit.fifos.get(pointer)?.push(random(65536), random(65536)),
    () => unit.fifos.get(pointer)?.drain(random(3)),
    () => unit.fifos.create(pointer, [random(65536)]),
    () => unit.fifos.delete(pointer),
    () => unit.identity?.set(128 + random(3), `v${random(10)}`),
    () => Object.assign(unit, { exceptionStatus: random(256), diagnosticRegister: random(65536) }),
    () => Object.assign(unit, { serverId: { id: random(256) } }),
  ];
  steps[random(steps.length)]?.();
}

const WIRE = [
  (random: (below: number) => number) => [5, 0, random(4), random(2) * 255, 0],
  (random: (below: number) => number) => [6, 0, random(4), random(256), random(256)],
  (random: (below: number) => number) => [16, 0, 100 + random(8), 0, 2, 4, random(256), 1, 2, random(256)],
  (random: (below: number) => number) => [22, 0, random(4), random(256), 0, 0, random(256)],
  (random: (below: number) => number) => [21, 9, 6, 0, 4 + random(3), 0, random(3), 0, 1, random(256), random(256)],
];

/** Does to a unit what an event tells of another. */
function replay(copy: Unit, event: ChangeEvent): void {
  switch (event.part) {
    case 'coils':
    case 'discreteInputs':
      copy[event.part].set(event.address, event.values);
      break;
    case 'holdingRegisters':
    case 'inputRegisters':
      copy[event.part].set(event.address, event.values);
      break;
    case 'files':
      if (event.action === 'write') copy.files.get(event.file)?.set(event.record, event.values);
      else if (event.action === 'delete') copy.files.delete(event.file);
      else copy.files.create(event.file, { start: 0, values: event.unit.files.get(event.file)?.getRange(0, 3) ?? [] });
      break;
    case 'fifos':
      if (event.action === 'push') copy.fifos.get(event.pointer)?.push(...event.values);
      else if (event.action === 'drain') copy.fifos.get(event.pointer)?.drain(event.values.length);
      else if (event.action === 'delete') copy.fifos.delete(event.pointer);
      else copy.fifos.create(event.pointer, [...(event.unit.fifos.get(event.pointer)?.values ?? [])]);
      break;
    case 'identity':
      for (const id of event.unit.identity?.ids ?? []) copy.identity?.set(id, event.unit.identity?.get(id) ?? '');
      break;
    default:
      Object.assign(copy, { [event.part]: event.unit[event.part] });
  }
}

/** Brings a copy up to date with the ranges that were told. */
function copyRange(copy: Unit, unit: Unit, range: ChangedRange): void {
  if (range.part === 'coils' || range.part === 'discreteInputs') {
    copy[range.part].set(range.address, unit[range.part].getRange(range.address, range.quantity));
  } else if (range.part === 'holdingRegisters' || range.part === 'inputRegisters') {
    copy[range.part].set(range.address, unit[range.part].getRange(range.address, range.quantity));
  } else if (range.part === 'files') {
    const values = unit.files.get(range.file)?.getRange(0, 3);
    if (range.record !== undefined) {
      copy.files.get(range.file)?.set(range.record, values?.slice(range.record, range.record + range.quantity) ?? []);
    } else if (values === undefined) copy.files.delete(range.file);
    else copy.files.create(range.file, { start: 0, values });
  } else if (range.part === 'fifos') {
    const queue = unit.fifos.get(range.pointer);
    if (queue === undefined) copy.fifos.delete(range.pointer);
    else copy.fifos.create(range.pointer, [...queue.values]);
  } else if (range.part === 'identity') {
    for (const id of unit.identity?.ids ?? []) copy.identity?.set(id, unit.identity?.get(id) ?? '');
  } else Object.assign(copy, { [range.part]: unit[range.part] });
}

function contentOf(unit: Unit): object {
  const { coils, discreteInputs, holdingRegisters, inputRegisters, files, fifos, identity } = unit;
  return {
    coils: coils.getRange(0, 4),
    discreteInputs: discreteInputs.getRange(0, 4),
    holdingRegisters: [...holdingRegisters.getRange(0, 4), ...holdingRegisters.getRange(100, 10)],
    inputRegisters: inputRegisters.getRange(0, 4),
    files: files.numbers.map((number) => [number, files.get(number)?.getRange(0, 3)]),
    fifos: fifos.pointers.map((pointer) => [pointer, fifos.get(pointer)?.values]),
    identity: identity?.ids.map((id) => [id, [...(identity.get(id) ?? [])]]),
    status: [unit.serverId, unit.exceptionStatus, unit.diagnosticRegister],
  };
}

describe.each([1, 2, 3, 4, 5])('at random, with seed %i', (seed) => {
  test('a copy that replays each change, and one that copies the ranges, hold what the unit holds', async () => {
    const random = createRandom(seed);
    const [unit, replayed, copied] = [createUnit(), createUnit(), createUnit()];
    unit.on('change', (event) => replay(replayed, event));
    unit.on('changes', ({ ranges }) => {
      for (const range of ranges) copyRange(copied, unit, range);
    });
    const { connect } = await serve({ units: [unit] });
    const client = await connect();
    for (let round = 0; round < 40; round++) {
      const source = random(3) === 0 ? 'api' : 'program';
      for (let step = 0; step < 5; step++) unit.as(source, () => changeAtRandom(unit, random));
      await client.request(1, Uint8Array.from(WIRE[random(WIRE.length)]?.(random) ?? []));
      expect(contentOf(replayed)).toEqual(contentOf(unit));
    }
    await turns(2);
    expect(contentOf(copied)).toEqual(contentOf(unit));
  });
});
