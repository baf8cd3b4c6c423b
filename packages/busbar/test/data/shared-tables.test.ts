import { OptionsError, Unit, type UnitOptions } from 'busbar';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { record, turns } from '../helpers/events.js';
import { ask, serve } from '../helpers/served.js';
import { bare } from './changing.js';

function createShared(options: Partial<UnitOptions> = {}): Unit {
  return new Unit({ id: 1, shared: true, holdingRegisters: [{ start: 0, values: [1, 0x8000, 0] }], ...options });
}

describe('with shared: true', () => {
  test('the four tables are those registers, and their bits', () => {
    const unit = createShared({
      holdingRegisters: [
        { start: 1, count: 2 },
        { start: 4095, count: 2 },
      ],
    });
    expect(unit.inputRegisters.ranges).toEqual([
      { start: 1, count: 2 },
      { start: 4095, count: 2 },
    ]);
    const bits = [
      { start: 16, count: 32 },
      { start: 65520, count: 16 },
    ];
    expect(unit.coils.ranges).toEqual(bits);
    expect(unit.discreteInputs.ranges).toEqual(bits);
    unit.inputRegisters.setFloat32(1, 21.5, 'CDAB');
    expect(unit.holdingRegisters.getFloat32(1, 'CDAB')).toBe(21.5);
    unit.coils.set(65535, true);
    expect(unit.holdingRegisters.get(4095)).toBe(0x8000);
    expect(() => unit.coils.get(15)).toThrow('address 15 does not exist; it has 16..47, 65520..65535');
  });

  test('all 65536 registers may exist, of which 4096 have bits', () => {
    const unit = createShared({ holdingRegisters: [{ start: 0, count: 65536 }] });
    expect(unit.coils.ranges).toEqual([{ start: 0, count: 65536 }]);
    expect(unit.inputRegisters.has(65535)).toBe(true);
  });

  test('without blocks, all tables are empty', () => {
    const unit = new Unit({ id: 1, shared: true });
    expect([unit.coils.ranges, unit.inputRegisters.ranges]).toEqual([[], []]);
  });

  test('blocks may be typed, and numbered from 1', () => {
    const unit = createShared({ firstAddress: 1, holdingRegisters: [{ start: 1, type: 'int16', values: [-1] }] });
    expect(unit.discreteInputs.getRange(0, 16)).toEqual(Array(16).fill(true));
  });

  test('whatever is written, each table shows the same memory', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(BITS_WRITTEN, REGISTERS_WRITTEN), { minLength: 1 }), (writes) => {
        const unit = createShared({ holdingRegisters: [{ start: 0, count: 4 }] });
        const model = Array<boolean>(64).fill(false);
        for (const write of writes) write(unit, model);
        expect(unit.coils.getRange(0, 64)).toEqual(model);
        expect(unit.discreteInputs.getRange(3, 50)).toEqual(model.slice(3, 53));
        const registers = [0, 1, 2, 3].map((i) => registerOf(model.slice(16 * i, 16 * i + 16)));
        expect(unit.inputRegisters.getRange(0, 4)).toEqual(registers);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

/** A write to a unit, and the same to a model of its bits. */
type Write = (unit: Unit, model: boolean[]) => void;

const BITS_WRITTEN = fc
  .tuple(
    fc.constantFrom('coils' as const, 'discreteInputs' as const),
    fc.nat(63),
    fc.array(fc.boolean(), { minLength: 1 }),
  )
  .map(
    ([table, start, bits]): Write =>
      (unit, model) => {
        const values = bits.slice(0, 64 - start);
        unit[table].set(start, values);
        model.splice(start, values.length, ...values);
      },
  );

const REGISTERS_WRITTEN = fc
  .tuple(fc.constantFrom('holdingRegisters' as const, 'inputRegisters' as const), fc.nat(3), fc.nat(0xffff))
  .map(
    ([table, address, value]): Write =>
      (unit, model) => {
        unit[table].set(address, value);
        model.splice(16 * address, 16, ...Array.from({ length: 16 }, (_, bit) => ((value >> bit) & 1) === 1));
      },
  );

function registerOf(bits: readonly boolean[]): number {
  return bits.reduce((sum, bit, n) => sum + (bit ? 2 ** n : 0), 0);
}

test.each([
  [
    { coils: [] },
    ['coils: expected none: with shared: true, the tables are those of holdingRegisters, which alone has blocks'],
  ],
  [{ shared: false, coils: [{ start: 0, count: 1 }] }, []],
  [{ shared: 'yes' }, ['shared: expected true or false, found "yes"']],
  [
    { discreteInputs: [{ start: 0, count: 1 }], inputRegisters: { read: () => [0] } },
    [expect.stringMatching(/^discreteInputs: expected none/), expect.stringMatching(/^inputRegisters: expected none/)],
  ],
  [
    { holdingRegisters: { read: () => [0] } },
    ['holdingRegisters: expected blocks in memory, found handlers: with shared: true, all tables are its memory'],
  ],
  [
    { holdingRegisters: [{ start: 0, count: 1, read: () => [0] }] },
    ['holdingRegisters: expected blocks in memory, found handlers: with shared: true, all tables are its memory'],
  ],
  [{ exceptionStatus: { coils: 40 } }, []],
  [{ exceptionStatus: { coils: 41 } }, ['exceptionStatus.coils: coils 41..48 are not all in memory']],
])('shared with %o is refused by name where it is wrong', (options, expected) => {
  const problems = (): string[] => {
    try {
      createShared(options as Partial<UnitOptions>);
      return [];
    } catch (error) {
      if (!(error instanceof OptionsError)) throw error;
      return error.problems.map(({ path, problem }) => `${path.join('.')}: ${problem}`);
    }
  };
  expect(problems()).toEqual(expected);
});

describe('what is told of shared memory', () => {
  const BY_PEER = { peer: expect.objectContaining({ transport: 'tcp' }) };

  test('a write is told as the client made it, and the change as one of holding registers, once', async () => {
    const unit = createShared();
    const events: object[] = [];
    unit.on('change', (event) => events.push(bare(event)));
    unit.on('write', ({ table, address, values, previous }) => events.push({ table, address, values, previous }));
    const ranges = record(unit, 'changes');
    const client = await (await serve({ units: [unit] })).connect();
    await ask(client, 1, 'fc:0F start:000E quantity:0004 byteCount:01 bits:0B');
    await ask(client, 1, 'fc:06 address:0001 value:0000');
    expect(events).toEqual([
      { part: 'holdingRegisters', address: 0, values: [0xc001, 0x8002], previous: [1, 0x8000], by: BY_PEER },
      { table: 'coils', address: 14, values: [true, true, false, true], previous: [false, false, false, false] },
      { part: 'holdingRegisters', address: 1, values: [0], previous: [0x8002], by: BY_PEER },
      { table: 'holdingRegisters', address: 1, values: [0], previous: [0x8002] },
    ]);
    await ranges.reached(2);
    expect(ranges.all.map((event) => event.ranges)).toEqual([
      [{ part: 'holdingRegisters', address: 0, quantity: 2, by: BY_PEER }],
      [{ part: 'holdingRegisters', address: 1, quantity: 1, by: BY_PEER }],
    ]);
  });

  test('what the program sets in any table is a change of holding registers', async () => {
    const unit = createShared();
    const changed = record(unit, 'change');
    const ranges = record(unit, 'changes');
    unit.coils.set(0, false);
    unit.discreteInputs.set(15, [true, true]);
    unit.inputRegisters.set(2, 7);
    expect(changed.all.map(bare)).toEqual([
      { part: 'holdingRegisters', address: 0, values: [0], previous: [1], by: 'program' },
      { part: 'holdingRegisters', address: 0, values: [0x8000, 0x8001], previous: [0, 0x8000], by: 'program' },
      { part: 'holdingRegisters', address: 2, values: [7], previous: [0], by: 'program' },
    ]);
    await turns();
    expect(ranges.all[0]?.ranges).toEqual([{ part: 'holdingRegisters', address: 0, quantity: 3, by: 'program' }]);
  });

  test('a read is told of the table that the client named', async () => {
    const unit = createShared();
    const reads = record(unit, 'read');
    const client = await (await serve({ units: [unit] })).connect();
    await ask(client, 1, 'fc:02 start:0003 quantity:0002');
    await ask(client, 1, 'fc:04 start:0001 quantity:0001');
    expect(reads.all.map(({ table, address, quantity }) => [table, address, quantity])).toEqual([
      ['discreteInputs', 3, 2],
      ['inputRegisters', 1, 1],
    ]);
  });
});

describe('points of shared memory', () => {
  test('stand in any table, and make their registers exist', () => {
    const unit = new Unit({
      id: 1,
      shared: true,
      points: {
        pump: { at: 'coil 3', value: true },
        valve: { at: 'discrete 17' },
        fault: { at: 'holding 0.15', value: true },
        flow: { at: 'input 2', type: 'int16', scale: 0.1, value: -1.5 },
      },
      holdingRegisters: [{ start: 3, count: 1 }],
    });
    expect(unit.holdingRegisters.ranges).toEqual([{ start: 0, count: 4 }]);
    expect(unit.holdingRegisters.getRange(0, 3)).toEqual([0x8008, 0, 0xfff1]);
    unit.holdingRegisters.set(1, 2);
    expect(unit.points.valve.value).toBe(true);
    unit.points.pump.value = false;
    expect(unit.inputRegisters.get(0)).toBe(0x8000);
    expect(unit.points.pump.place).toBe('coil 3 (00004)');
  });

  const createGuarded = () =>
    new Unit({
      id: 1,
      shared: true,
      points: {
        pump: { at: 'coil 3', readOnly: true },
        fan: { at: 'discrete 4' },
        flow: { at: 'input 1', type: 'int16', scale: 0.1, min: -10, max: 10 },
        mode: { at: 'holding 2', labels: { 1: 'auto', 2: 'hand' }, value: 'auto' },
        total: { at: 'holding 3', type: 'uint32', whole: true },
      },
    });

  test.each([
    ['a coil that is read-only', 'fc:05 address:0003 value:FF00', '8502'],
    ['a register with that coil changed', 'fc:06 address:0000 value:0008', '8602'],
    ['a register with that coil as it was', 'fc:06 address:0000 value:0010', '060000_0010'],
    ['a coil beside it', 'fc:05 address:0004 value:FF00', '050004_FF00'],
    ['the sign of a point above its minimum', 'fc:05 address:001F value:FF00', '8503'],
    ['a register above its maximum', 'fc:06 address:0001 value:0065', '8603'],
    ['a register within its limits', 'fc:06 address:0001 value:FF9C', '060001_FF9C'],
    ['a bit that makes a value without a label', 'fc:05 address:0022 value:FF00', '8503'],
    ['bits that make another label', 'fc:0F start:0020 quantity:0002 byteCount:01 bits:02', '0F0020_0002'],
    ['one bit of a point that is written whole', 'fc:05 address:0030 value:FF00', '8503'],
    ['all of them', 'fc:0F start:0030 quantity:0020 byteCount:04 bits:01000000', '0F0030_0020'],
  ])('hold clients to their limits, whatever they write: %s', async (_, request, reply) => {
    const client = await (await serve({ units: [createGuarded()] })).connect();
    expect(await ask(client, 1, request)).toBe(reply.replaceAll('_', ''));
  });

  test('are told of, whichever table was written, and found through every table', async () => {
    const unit = createGuarded();
    const written = record(unit, 'pointWrite');
    const changed = record(unit, 'pointChange');
    const client = await (await serve({ units: [unit] })).connect();
    await ask(client, 1, 'fc:05 address:0004 value:FF00');
    await ask(client, 1, 'fc:10 start:0000 quantity:0003 byteCount:06 registers:0000_0064_0002');
    unit.discreteInputs.set(3, true);
    const told = (recorder: typeof written | typeof changed) =>
      recorder.all.map(({ point, value, previous }) => [point.name, previous, value]);
    const byClient = [
      ['fan', false, true],
      ['fan', true, false],
      ['flow', 0, 10],
      ['mode', 'auto', 'hand'],
    ];
    expect(told(written)).toEqual(byClient);
    expect(told(changed)).toEqual([...byClient, ['pump', false, true]]);
    const names = (...range: Parameters<typeof unit.pointsAt>) => unit.pointsAt(...range).map(({ name }) => name);
    expect(names('inputRegisters', 0, 2)).toEqual(['pump', 'fan', 'flow']);
    expect(names('coils', 4, 13)).toEqual(['fan', 'flow']);
    expect(names('discreteInputs', 3, 1)).toEqual(['pump']);
  });

  test('may not have the same bit or register, whatever they call it', () => {
    const points = {
      pump: { at: 'coil 3' },
      fan: { at: 'holding 0.3' },
      level: { at: 'input 5' },
      depth: { at: 'holding 4', type: 'float32' },
    } as const;
    expect(() => new Unit({ id: 1, shared: true, points })).toThrow(OptionsError);
    expect(() => new Unit({ id: 1, points })).not.toThrow();
  });
});
