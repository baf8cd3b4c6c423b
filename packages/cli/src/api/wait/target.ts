import {
  type ChangeEvent,
  type Point,
  type PointChangeEvent,
  type PointWriteEvent,
  registersOf,
  type TableName,
  type Unit,
} from 'busbar';
import type { Device } from '../../device/device.js';
import { describeRange } from '../../listeners/tables.js';
import type { Wait, Waited } from '../contract.js';
import { presentValue } from '../points.js';
import { ApiProblem } from '../problem.js';
import { sourceText } from '../sources.js';
import { readRange } from '../tables.js';
import { keyOf, pointOf, unitOf } from '../units.js';

/** What it is at a moment. */
export type Reading = Pick<Waited, 'value' | 'text'>;

/** Something that happens to it. */
export interface News {
  readonly by: string;
  /** A client has written it. */
  readonly written: boolean;
  /** It is not what it was. */
  readonly changed: boolean;
}

/** Whose value is waited for: a point, or a range of a table. */
export interface Target {
  readonly place: Pick<Waited, 'unit' | 'point' | 'table' | 'start' | 'count'>;
  /** For messages. */
  readonly name: string;
  /** Undefined for a range. */
  readonly point: Point | undefined;
  /** Coils or discrete inputs. */
  readonly isOfBits: boolean;
  read(): Reading;
  /** Calls back as soon as something happens. @returns a function that ends it. */
  hear(tell: (news: News) => void): () => void;
}

/** @throws ApiProblem if there is no such point or range. */
export function targetOf(device: Pick<Device, 'units'>, wait: Wait): Target {
  const unit = unitOf(wait.unit, device);
  const key = keyOf(unit, device.units);
  const { point, table, start } = wait;
  if (point !== undefined) return pointTarget(unit, pointOf(unit, point), key);
  if (table === undefined || start === undefined) throw new ApiProblem(400, 'expected a point, or table and start');
  return rangeTarget(unit, { ...wait, table, start }, key);
}

function pointTarget(unit: Unit, point: Point, key: Waited['unit']): Target {
  const { name, table, address: start, quantity: count } = point;
  return {
    place: { unit: key, point: name, table, start, count },
    name,
    point,
    isOfBits: isOfBits(table),
    read: () => ({ value: presentValue(point), text: point.text }),
    hear(tell) {
      const changed = (event: PointChangeEvent) => {
        if (event.point === point) tell({ by: sourceText(event.by), written: false, changed: true });
      };
      const written = ({ peer, ...event }: PointWriteEvent) => {
        if (event.point === point) tell({ by: sourceText({ peer }), written: true, changed: false });
      };
      unit.on('pointChange', changed).on('pointWrite', written);
      return () => void unit.off('pointChange', changed).off('pointWrite', written);
    },
  };
}

type RangeWait = Wait & { readonly table: TableName; readonly start: number };

function rangeTarget(unit: Unit, wait: RangeWait, key: Waited['unit']): Target {
  const { table, start, count = 1, type, order } = wait;
  const read = () => readRange(unit, table, { start, count, type, order });
  read();
  const quantity = isOfBits(table) ? count : count * registersOf(type ?? 'uint16');
  const home = homeOf(unit, table, start, quantity);
  return {
    place: { unit: key, table, start, count },
    name: describeRange(table, start, quantity),
    point: undefined,
    isOfBits: isOfBits(table),
    read: () => ({ value: read().values }),
    hear(tell) {
      let last = read();
      const changed = (event: ChangeEvent) => {
        if (!touches(event, home)) return;
        const present = read();
        const isOther = (present.registers ?? present.values).some(
          (value, i) => value !== (last.registers ?? last.values)[i],
        );
        last = present;
        tell({ by: sourceText(event.by), written: typeof event.by !== 'string', changed: isOther });
      };
      unit.on('change', changed);
      return () => void unit.off('change', changed);
    },
  };
}

interface Home {
  readonly table: TableName;
  readonly start: number;
  readonly end: number;
}

/** Where changes of a range are told: of shared memory they are all told of its registers. */
function homeOf({ shared }: Unit, table: TableName, start: number, quantity: number): Home {
  if (!shared) return { table, start, end: start + quantity };
  const size = isOfBits(table) ? 16 : 1;
  return {
    table: 'holdingRegisters',
    start: Math.floor(start / size),
    end: Math.ceil((start + quantity) / size),
  };
}

function touches(event: ChangeEvent, { table, start, end }: Home): boolean {
  if (!('address' in event) || event.part !== table) return false;
  return event.address < end && event.address + event.values.length > start;
}

function isOfBits(table: TableName): boolean {
  return table === 'coils' || table === 'discreteInputs';
}
