import { isDeepStrictEqual } from 'node:util';
import { type Point, TABLE_NAMES, type TableName, type Unit } from 'busbar';
import type { Device } from '../device/device.js';
import type { Snapshot, Value } from './contract.js';
import { valueFor, valueToJson } from './json.js';
import { presentValue } from './points.js';
import { ApiProblem } from './problem.js';
import { API_SOURCE } from './sources.js';
import { missing } from './tables.js';
import { keyOf, pointOf, unitOf } from './units.js';

type UnitSnapshot = Snapshot['units'][number];
type Tables = NonNullable<UnitSnapshot['tables']>;

/** How many are kept, and of how many values in all; the oldest goes. */
const KEPT = 16;
const MOST_VALUES = 4_000_000;

/** All values of the units, now and as they were. */
export class Snapshots {
  readonly #device: Pick<Device, 'units'>;
  readonly #kept = new Map<string, Snapshot>();

  constructor(device: Pick<Device, 'units'>) {
    this.#device = device;
  }

  take(): Snapshot {
    const { units } = this.#device;
    return { time: Date.now(), units: units.map((unit) => snapshotOf(unit, units)) };
  }

  keep(name: string): void {
    this.#kept.delete(name);
    this.#kept.set(name, this.take());
    const sizes = [...this.#kept].map(([name, snapshot]) => ({ name, values: valuesOf(snapshot) }));
    let all = sizes.reduce((sum, { values }) => sum + values, 0);
    for (const { name, values } of sizes.slice(0, -1)) {
      if (this.#kept.size <= KEPT && all <= MOST_VALUES) return;
      this.#kept.delete(name);
      all -= values;
    }
  }

  /** @throws ApiProblem if none of this name is kept. */
  kept(name: string): Snapshot {
    const snapshot = this.#kept.get(name);
    if (snapshot !== undefined) return snapshot;
    throw new ApiProblem(404, `no snapshot "${name}" is kept`, { allowed: [...this.#kept.keys()] });
  }

  /** The units of a snapshot. @throws ApiProblem */
  unitsOf({ units }: Snapshot): Unit[] {
    return units.map(({ unit }) => unitOf(unit, this.#device));
  }

  /** Sets values: all, or none if one of them cannot be. @throws ApiProblem, DataError */
  set({ units }: Snapshot): void {
    const steps = units.map((each) => ({ unit: unitOf(each.unit, this.#device), each }));
    for (const { unit, each } of steps) check(unit, each);
    for (const { unit, each } of steps) unit.as(API_SOURCE, () => apply(unit, each));
  }
}

function snapshotOf(unit: Unit, units: readonly Unit[]): UnitSnapshot {
  const points = Object.values(unit.points).flatMap((point) => {
    const value = presentValue(point);
    return value === null ? [] : [[point.name, value] as const];
  });
  return {
    unit: keyOf(unit, units),
    points: Object.fromEntries(points),
    tables: Object.fromEntries(TABLE_NAMES.map((table) => [table, runsOf(unit, table)])),
  };
}

function valuesOf({ units }: Snapshot): number {
  let count = 0;
  for (const { tables = {} } of units) {
    for (const table of TABLE_NAMES) for (const { values } of tables[table] ?? []) count += values.length;
  }
  return count;
}

function runsOf(unit: Unit, table: TableName) {
  return unit[table].ranges.map(({ start, count }) => ({ start, values: unit[table].getRange(start, count) }));
}

/** @throws ApiProblem, DataError if something of it cannot be set. */
function check(unit: Unit, { points = {}, tables = {} }: UnitSnapshot): void {
  for (const table of TABLE_NAMES) {
    for (const { start, values } of tables[table] ?? []) {
      if (unit[table].has(start, values.length)) continue;
      throw new ApiProblem(404, missing(table, start, values.length));
    }
  }
  for (const { point, value } of written(unit, points, tables)) point.check(value);
}

/** The memory first, as it was: it may hold what the simulation had put there, beyond the limits of clients. */
function apply(unit: Unit, { points = {}, tables = {} }: UnitSnapshot): void {
  for (const table of ['coils', 'discreteInputs'] as const) {
    for (const { start, values } of tables[table] ?? []) unit[table].set(start, values);
  }
  for (const table of ['holdingRegisters', 'inputRegisters'] as const) {
    for (const { start, values } of tables[table] ?? []) unit[table].set(start, values);
  }
  for (const { point, value } of written(unit, points, tables)) point.value = value;
}

/** The points that somebody wants to have otherwise than the memory of the snapshot has them. */
function written(unit: Unit, points: NonNullable<UnitSnapshot['points']>, tables: Tables) {
  const memory = new Map<TableName, Int32Array>();
  return Object.entries(points).flatMap(([name, given]) => {
    const point = pointOf(unit, name);
    const words = memory.get(point.table) ?? wordsOf(tables[point.table]);
    memory.set(point.table, words);
    return isDeepStrictEqual(valueIn(words, point), given) ? [] : [{ point, value: valueFor(point, given) }];
  });
}

const ABSENT = -1;

/** The values of a table by their address. */
function wordsOf(runs: Tables[TableName] = []): Int32Array {
  const words = new Int32Array(0x10000).fill(ABSENT);
  for (const { start, values } of runs) for (const [i, value] of values.entries()) words[start + i] = Number(value);
  return words;
}

/** What the memory of a snapshot has for a point; undefined if it has not all of it. */
function valueIn(memory: Int32Array, point: Point): Value | undefined {
  const { address, bit, quantity } = point;
  const words = [...memory.subarray(address, address + quantity)];
  if (words.includes(ABSENT)) return undefined;
  try {
    return valueToJson(point.decode(bit === undefined ? words : [(words[0] >> bit) & 1]));
  } catch {
    return undefined;
  }
}
