import { ModbusException, OptionsError, type RangeContext, Unit, type UnitOptions } from 'busbar';
import { describe, expect, test } from 'vitest';
import { createGate, record } from '../helpers/events.js';
import { serveUnit } from '../helpers/handled-unit.js';
import { ask } from '../helpers/served.js';

/** What handlers were asked. */
function askedBy(contexts: RangeContext[]): string[] {
  return contexts.map(({ table, address, quantity }) => `${table} ${address} ${quantity}`);
}

/** Registers 0..9 and 12..19 in memory; 10 and 11 are computed and kept elsewhere. */
function createUnit() {
  const read: RangeContext[] = [];
  const written: [RangeContext, readonly number[]][] = [];
  const unit = new Unit({
    id: 1,
    holdingRegisters: [
      { start: 12, count: 8, value: 7 },
      {
        start: 10,
        count: 2,
        read(context) {
          read.push(context);
          return Array.from({ length: context.quantity }, (_, i) => 0x1000 + context.address + i);
        },
        write(context, values) {
          if (values.includes(0xbad)) throw new ModbusException(6);
          written.push([context, values]);
        },
      },
      { start: 0, values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
    ],
  });
  return { unit, read, written };
}

describe('a table of memory with handlers for some ranges', () => {
  test('is read across both', async () => {
    const { unit, read } = createUnit();
    const { client } = await serveUnit(unit);
    expect(await ask(client, 1, 'fc:03 start:0008 quantity:0006')).toBe('030C00080009100A100B00070007');
    expect(askedBy(read)).toEqual(['holdingRegisters 10 2']);
    expect(await ask(client, 1, 'fc:03 start:000B quantity:0002')).toBe('0304100B0007');
    expect(askedBy(read).slice(1)).toEqual(['holdingRegisters 11 1']);
  });

  test('asks no handler about what is in memory', async () => {
    const { unit, read, written } = createUnit();
    const { client } = await serveUnit(unit);
    expect(await ask(client, 1, 'fc:03 start:0000 quantity:000A')).toMatch(/^0314/);
    expect(await ask(client, 1, 'fc:06 address:000C value:0008')).toBe('06000C0008');
    expect([read, written]).toEqual([[], []]);
  });

  test('has memory for the program', () => {
    const { unit } = createUnit();
    unit.holdingRegisters.set(9, 99);
    expect(unit.holdingRegisters.ranges).toEqual([
      { start: 0, count: 10 },
      { start: 12, count: 8 },
    ]);
    expect(() => unit.holdingRegisters.get(10)).toThrow(expect.objectContaining({ code: 'ADDRESS_OUTSIDE_TABLE' }));
  });

  test('is written across both, and tells of what has changed in memory', async () => {
    const { unit, written } = createUnit();
    const writes = record(unit, 'write');
    const { client } = await serveUnit(unit);
    const request = 'fc:10 start:0009 quantity:0004 bytes:08 values:00A0_00A1_00A2_00A3';
    expect(await ask(client, 1, request)).toBe('1000090004');
    expect(written.map(([{ address }, values]) => [address, values])).toEqual([[10, [0xa1, 0xa2]]]);
    expect(unit.holdingRegisters.getRange(9, 1)).toEqual([0xa0]);
    expect(unit.holdingRegisters.getRange(12, 2)).toEqual([0xa3, 7]);
    expect(writes.all).toMatchObject([
      { table: 'holdingRegisters', address: 9, values: [0xa0], previous: [9] },
      { table: 'holdingRegisters', address: 12, values: [0xa3], previous: [7] },
    ]);
  });

  test('keeps its memory as it is when a handler refuses', async () => {
    const { unit } = createUnit();
    const writes = record(unit, 'write');
    const { client } = await serveUnit(unit);
    expect(await ask(client, 1, 'fc:10 start:0009 quantity:0002 bytes:04 values:00A0_0BAD')).toBe('9006');
    expect(unit.holdingRegisters.get(9)).toBe(9);
    expect(writes.all).toEqual([]);
  });

  test('has gaps, and its end, where there is neither', async () => {
    const { unit, read } = createUnit();
    const { client } = await serveUnit(unit);
    expect(await ask(client, 1, 'fc:03 start:0013 quantity:0002')).toBe('8302');
    expect(await ask(client, 1, 'fc:10 start:000A quantity:000B bytes:16 values:00*22')).toBe('9002');
    expect(read).toEqual([]);
  });

  test('does 16 and 17 across both', async () => {
    const { unit, written } = createUnit();
    const { client } = await serveUnit(unit);
    expect(await ask(client, 1, 'fc:16 address:000A and:FF00 or:0022')).toBe('16000AFF000022');
    expect(written[0]?.[1]).toEqual([0x1022]);
    const both = 'fc:17 read:0009 quantity:0003 write:0009 quantity:0002 bytes:04 values:0111_0222';
    expect(await ask(client, 1, both)).toBe('1706' + '0111100A100B');
    expect(written[1]?.[1]).toEqual([0x222]);
  });

  test('is read-only where a handler has no write', async () => {
    const unit = new Unit({
      id: 1,
      holdingRegisters: [
        { start: 0, count: 2 },
        { start: 2, count: 1, read: () => [5] },
      ],
    });
    const { client } = await serveUnit(unit);
    expect(await ask(client, 1, 'fc:10 start:0001 quantity:0002 bytes:04 values:0001_0002')).toBe('9002');
    expect(await ask(client, 1, 'fc:06 address:0002 value:0001')).toBe('8602');
    expect(await ask(client, 1, 'fc:16 address:0002 and:0000 or:0001')).toBe('9602');
    expect(unit.holdingRegisters.get(1)).toBe(0);
    expect(await ask(client, 1, 'fc:06 address:0001 value:0001')).toBe('0600010001');
  });

  test('is of one moment when handlers take their time', async () => {
    const gate = createGate<number[]>();
    const asked = createGate();
    const unit = new Unit({
      id: 1,
      inputRegisters: [
        { start: 0, values: [1] },
        {
          start: 1,
          count: 1,
          read() {
            asked.open();
            return gate.opened;
          },
        },
        { start: 2, values: [3] },
      ],
    });
    const { client } = await serveUnit(unit);
    const reply = ask(client, 1, 'fc:04 start:0000 quantity:0003');
    await asked.opened;
    unit.inputRegisters.set(0, 11);
    unit.inputRegisters.set(2, 33);
    gate.open([22]);
    expect(await reply).toBe('0406' + '000B00160021');
  });

  test('answers 04 where one of several handlers fails, and no promise is left alone', async () => {
    const unit = new Unit({
      id: 1,
      holdingRegisters: [
        { start: 0, count: 1, read: async () => Promise.reject(new Error('first')) },
        {
          start: 1,
          count: 1,
          read: () => {
            throw new Error('second');
          },
        },
        { start: 2, count: 1, read: async () => [1, 2] },
      ],
    });
    const { client, errors } = await serveUnit(unit);
    expect(await ask(client, 1, 'fc:03 start:0000 quantity:0003')).toBe('8304');
    expect(errors.all).toHaveLength(1);
    expect(await ask(client, 1, 'fc:03 start:0002 quantity:0001')).toBe('8304');
    expect(errors.all[1]).toMatchObject({ code: 'HANDLER_ANSWER' });
  });

  test('writes nothing more once its client was told that it took too long', async () => {
    const gate = createGate();
    const later: number[] = [];
    const unit = new Unit({
      id: 1,
      holdingRegisters: [
        { start: 0, count: 1 },
        { start: 1, count: 1, read: () => [0], write: () => gate.opened },
        { start: 2, count: 1, read: () => [0], write: (_, [value]) => void later.push(value) },
      ],
    });
    const { client } = await serveUnit(unit, { handlerTimeout: 5 });
    expect(await ask(client, 1, 'fc:10 start:0000 quantity:0003 bytes:06 values:0001_0002_0003')).toBe('9004');
    gate.open();
    expect(await ask(client, 1, 'fc:03 start:0000 quantity:0001')).toBe('03020000');
    expect([unit.holdingRegisters.get(0), later]).toEqual([0, []]);
  });

  test('of bits has parts that begin anywhere', async () => {
    const coils: [number, readonly boolean[]][] = [];
    const unit = new Unit({
      id: 1,
      coils: [
        { start: 0, values: [1, 0, 1] },
        {
          start: 3,
          count: 2,
          read: ({ address, quantity }) => [true, false].slice(address - 3, address - 3 + quantity),
          write: ({ address }, values) => void coils.push([address, values]),
        },
        { start: 5, count: 6, value: true },
      ],
    });
    const { client } = await serveUnit(unit);
    expect(await ask(client, 1, 'fc:01 start:0000 quantity:000B')).toBe('0102ED07');
    expect(await ask(client, 1, 'fc:01 start:0002 quantity:0004')).toBe('01010B');
    expect(await ask(client, 1, 'fc:0F start:0002 quantity:0005 bytes:01 bits:0C')).toBe('0F00020005');
    expect(coils).toEqual([[3, [false, true]]]);
    expect(unit.coils.getRange(0, 3)).toEqual([true, false, false]);
    expect(unit.coils.getRange(5, 3)).toEqual([true, false, true]);
  });

  test('is numbered from 1 where its unit is', async () => {
    const read: RangeContext[] = [];
    const unit = new Unit({
      id: 1,
      firstAddress: 1,
      inputRegisters: [
        { start: 1, values: [10] },
        { start: 2, count: 1, read: (context) => [10 + 10 * read.push(context)] },
      ],
    });
    const { client } = await serveUnit(unit);
    expect(await ask(client, 1, 'fc:04 start:0000 quantity:0002')).toBe('0404000A0014');
    expect(askedBy(read)).toEqual(['inputRegisters 1 1']);
  });

  test('can mirror the coils that it has in memory as exception status', async () => {
    const coils = [
      { start: 0, count: 8, value: 1 as const },
      { start: 8, count: 8, read: () => [] },
    ];
    const { client } = await serveUnit(new Unit({ id: 1, coils, exceptionStatus: { coils: 0 } }));
    expect(await ask(client, 1, 'fc:07')).toBe('07FF');
    expect(() => new Unit({ id: 1, coils, exceptionStatus: { coils: 4 } })).toThrow('not all in memory');
  });
});

const read = () => [0];
const WRONG: readonly [title: string, blocks: unknown[], path: (string | number)[], says: string][] = [
  [
    'a handler over memory',
    [
      { start: 0, count: 9 },
      { start: 8, count: 2, read },
    ],
    [1, 'start'],
    'overlaps holdingRegisters[0] (0..8)',
  ],
  [
    'two handlers for one address',
    [
      { start: 1, count: 2, read },
      { start: 0, count: 2, read },
    ],
    [0, 'start'],
    'overlaps',
  ],
  ['a handler without a count', [{ start: 0, read }], [0, 'count'], 'integer'],
  ['a handler with values', [{ start: 0, count: 1, values: [1], read }], [0, 'values'], 'unknown'],
  ['a write without a read', [{ start: 0, count: 1, write() {} }], [0, 'read'], 'function'],
  ['a handler beyond the last address', [{ start: 65535, count: 2, read }], [0, 'count'], '1'],
  [
    'no function',
    [
      { start: 0, count: 1 },
      { start: 5, count: 1, read: 5 },
    ],
    [1, 'read'],
    'function',
  ],
];

test.each(WRONG)('%s among the blocks is refused', (_, holdingRegisters, path, says) => {
  const create = () => new Unit({ id: 1, holdingRegisters } as UnitOptions);
  expect(create).toThrow(OptionsError);
  expect(create).toThrow(expect.objectContaining({ path: ['holdingRegisters', ...path] }));
  expect(create).toThrow(says);
});

test('a handler ahead of the first address is refused', () => {
  const create = () => new Unit({ id: 1, firstAddress: 1, coils: [{ start: 0, count: 1, read: () => [true] }] });
  expect(create).toThrow(/^coils\[0\]\.start: /);
});
