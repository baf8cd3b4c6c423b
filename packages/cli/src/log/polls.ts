import type { FunctionRule, Point, Unit } from 'busbar';
import { TABLES, type TableFacts } from '../listeners/tables.js';

/** What one mbpoll command reads, neighbouring values of one type, or the one value that it writes. */
export interface Poll {
  unit: Unit;
  /** mbpoll's -t, with the -B of a high word first. */
  type: string;
  /** Address of the first value, counted from 0. */
  start: number;
  /** Number of values. */
  count: number;
  /** What is written, as it stands in the register; undefined: it reads. */
  written?: number;
}

/** Forms of values, in the order in which they are shown. There is one command for each. */
const FORMS = ['', ':float', ':int', 'bit'] as const;
type Form = (typeof FORMS)[number];

const MOST_READS = 3;

/** What to try for a first look. @param functions that clients may use; undefined: all. */
export function pollsToTry(units: readonly Unit[], functions: readonly FunctionRule[] | undefined): Poll[] {
  const isAllowed = (code: number) => functions?.includes(code) !== false;
  const readable = TABLES.toReversed().filter(({ read }) => isAllowed(read));
  const runs = units.flatMap((unit) => readable.flatMap((table) => pointRuns(unit, table)));
  const reads = FORMS.flatMap((form) => longest(runs.filter((run) => run.form === form)) ?? []).slice(0, MOST_READS);
  if (reads.length === 0)
    return units.flatMap((unit) => readable.flatMap((table) => tablePolls(unit, table))).slice(0, 1);
  return [...reads, ...(isAllowed(WRITE_REGISTER) ? writesOf(units).slice(0, 1) : [])];
}

function tablePolls(unit: Unit, { key, mbpollType }: TableFacts): Poll[] {
  const [range] = unit[key].ranges;
  return range === undefined ? [] : [{ unit, type: mbpollType, ...range }];
}

interface Run extends Poll {
  form: Form;
}

/** The first of those with the most values. */
function longest(runs: readonly Run[]): Run | undefined {
  const most = Math.max(...runs.map(({ count }) => count));
  return runs.find(({ count }) => count === most);
}

/** Points of one type without gaps between them. */
function pointRuns(unit: Unit, table: TableFacts): Run[] {
  const points = Object.values(unit.points).filter((point) => point.table === table.key);
  const runs: Run[] = [];
  let end = -1;
  for (const point of points.sort((a, b) => a.address - b.address)) {
    const form = formOf(point);
    const type = form === undefined ? '' : pollType(form, point, table);
    const last = runs.at(-1);
    if (last !== undefined && last.type === type && end === point.address) last.count++;
    else if (form !== undefined) runs.push({ unit, form, type, start: point.address, count: 1 });
    end = form === undefined ? -1 : point.address + point.quantity;
  }
  return runs;
}

const LONG_FORMS: Partial<Record<Point['type'], Form>> = {
  int32: ':int',
  uint32: ':int',
  unixTime: ':int',
  float32: ':float',
};

/** Undefined if mbpoll can't show such a value. */
function formOf({ type, table, bit, quantity, order }: Point): Form | undefined {
  if (type === 'string' || bit !== undefined) return undefined;
  if (quantity === 1) return table === 'coils' || table === 'discreteInputs' ? 'bit' : '';
  return order === 'ABCD' || order === 'CDAB' ? LONG_FORMS[type] : undefined;
}

function pollType(form: Form, { order }: Point, { mbpollType }: TableFacts): string {
  const isLong = form.startsWith(':');
  return `${mbpollType}${isLong ? form : ''}${isLong && order === 'ABCD' ? ' -B' : ''}`;
}

const WRITE_REGISTER = 6;

/** Sets points to their greatest values, so that something happens. */
function writesOf(units: readonly Unit[]): Poll[] {
  return units.flatMap((unit) =>
    Object.values(unit.points).flatMap((point) => {
      const { table, quantity, address, max, scale = 1, offset = 0, readOnly } = point;
      if (table !== 'holdingRegisters' || quantity > 1 || max === undefined || readOnly) return [];
      const written = Math.round((Number(max) - offset) / scale);
      return written < 0 ? [] : [{ unit, type: '4', start: address, count: 1, written }];
    }),
  );
}
