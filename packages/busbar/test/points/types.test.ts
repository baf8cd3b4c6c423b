import { ModbusTcpServer, type Point, type PointDeclarations, Unit, type UnitOptions } from 'busbar';
import { expect, expectTypeOf, test } from 'vitest';

const boiler = new Unit({
  id: 1,
  points: {
    flow: { at: 'holding 0', type: 'int16', scale: 0.1, value: 65 },
    plain: { at: 40011 },
    pump: { at: 'coil 3' },
    fault: { at: 'holding 30.0' },
    door: { at: '1x0001' },
    ready: { at: { table: 'holdingRegisters', address: 31, bit: 2 } },
    merker: { at: '%M7' },
    word: { at: '%MW7' },
    mode: { at: 'holding 20', labels: { 0: 'off', 1: 'auto' } },
    alarms: { at: 'holding 32', type: 'bits', labels: { 0: 'hot' } },
    serialNo: { at: 'holding 40', type: 'string', length: 8 },
    total: { at: 'input 0', type: 'uint64' },
    scaled: { at: 'input 4', type: 'uint64', scale: 0.1 },
    energy: { at: 'input 8', type: 'float32' },
    code: { at: 'input 10', type: 'raw', length: 3 },
  },
});

test('the type of a value follows from the declaration', () => {
  const { points } = boiler;
  expectTypeOf(points.flow.value).toEqualTypeOf<number>();
  expectTypeOf(points.plain.value).toEqualTypeOf<number>();
  expectTypeOf(points.pump.value).toEqualTypeOf<boolean>();
  expectTypeOf(points.fault.value).toEqualTypeOf<boolean>();
  expectTypeOf(points.door.value).toEqualTypeOf<boolean>();
  expectTypeOf(points.ready.value).toEqualTypeOf<boolean>();
  expectTypeOf(points.merker.value).toEqualTypeOf<boolean>();
  expectTypeOf(points.word.value).toEqualTypeOf<number>();
  expectTypeOf(points.mode.value).toEqualTypeOf<'off' | 'auto'>();
  expectTypeOf(points.alarms.value).toEqualTypeOf<readonly ('hot' | `bit ${number}`)[]>();
  expectTypeOf(points.serialNo.value).toEqualTypeOf<string>();
  expectTypeOf(points.total.value).toEqualTypeOf<bigint>();
  expectTypeOf(points.scaled.value).toEqualTypeOf<number>();
  expectTypeOf(points.energy.value).toEqualTypeOf<number>();
  expectTypeOf(points.code.value).toEqualTypeOf<readonly number[]>();
  const kinds = Object.values(boiler.points).map(({ value }) => typeof value);
  expect(kinds).toEqual([
    ...['number', 'number', 'boolean', 'boolean', 'boolean', 'boolean', 'boolean', 'number'],
    ...['string', 'object', 'string', 'bigint', 'number', 'number', 'object'],
  ]);
});

test('a wrong name, or a value of a wrong type, is a mistake to the compiler', () => {
  // @ts-expect-error there is no such point
  expect(boiler.points.flou).toBeUndefined();
  expect(() => {
    // @ts-expect-error there is no such label
    boiler.points.mode.value = 'hand';
  }).toThrow('expected one of "off", "auto"');
  expect(() => {
    // @ts-expect-error it is a boolean
    boiler.points.pump.value = 1;
  }).toThrow('expected true or false');
});

test('so is a key that no point has', () => {
  // @ts-expect-error the key is type
  expect(() => new Unit({ id: 1, points: { a: { at: 'holding 0', tpye: 'int16' } } })).toThrow('unknown option');
});

test('a unit with known points is a unit wherever one is taken', () => {
  const any: Unit = boiler;
  const server = new ModbusTcpServer({ units: [boiler] });
  expect(server.units.get(1)).toBe(any);
  boiler.on('write', ({ unit }) => expectTypeOf(unit).toEqualTypeOf<Unit>());
  const points: readonly Point[] = Object.values(any.points);
  expect(points).toContain(boiler.points.flow);
});

test('points that are not known to the compiler have values of any type', () => {
  const points: PointDeclarations = JSON.parse('{ "a": { "at": "holding 0", "type": "int64" } }');
  const options: UnitOptions = { id: 1, points };
  const unit = new Unit(options);
  expectTypeOf(unit).toEqualTypeOf<Unit>();
  expectTypeOf(unit.points.a).toEqualTypeOf<Point>();
  unit.points.a.value = 5;
  expect(unit.points.a.value).toBe(5n);
});
