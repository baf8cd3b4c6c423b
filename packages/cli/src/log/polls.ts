import type { FunctionRule, Point, Unit } from 'busbar';
import { TABLES, type TableFacts } from '../listeners/tables.js';

/** What one mbpoll command reads: neighbouring values of one type. */
interface Poll {
  unit: Unit;
  /** mbpoll's -t, with the -B of a high word first. */
  type: string;
  /** Address of the first value, counted from 0. */
  start: number;
  /** Number of values. */
  count: number;
}

/** One command is enough for data without points. With points, there is one for each type, up to this number. */
const MOST = 3;

/** What to read for a first look. @param functions that clients may use; undefined: all. */
export function pollsToTry(units: readonly Unit[], functions: readonly FunctionRule[] | undefined): Poll[] {
  const readable = TABLES.toReversed().filter(({ read }) => functions?.includes(read) !== false);
  const ofPoints = units.flatMap((unit) => readable.flatMap((table) => pointPolls(unit, table)));
  if (ofPoints.length > 0) return firstOfTypes(ofPoints).slice(0, MOST);
  return units.flatMap((unit) => readable.flatMap((table) => tablePolls(unit, table))).slice(0, 1);
}

function tablePolls(unit: Unit, { key, mbpollType }: TableFacts): Poll[] {
  const [range] = unit[key].ranges;
  return range === undefined ? [] : [{ unit, type: mbpollType, ...range }];
}

/** Of each type the longest run of values, the first of them if there are several. */
function firstOfTypes(polls: readonly Poll[]): Poll[] {
  const byType = new Map<string, Poll>();
  for (const poll of polls) {
    if (poll.count > (byType.get(poll.type)?.count ?? 0)) byType.set(poll.type, poll);
  }
  return [...byType.values()];
}

/** Runs of points of one type without gaps. */
function pointPolls(unit: Unit, table: TableFacts): Poll[] {
  const points = Object.values(unit.points).filter((point) => point.table === table.key);
  const polls: Poll[] = [];
  let end = -1;
  for (const point of points.sort((a, b) => a.address - b.address)) {
    const type = pollType(point, table);
    const last = polls.at(-1);
    if (last !== undefined && last.type === type && end === point.address) last.count++;
    else if (type !== undefined) polls.push({ unit, type, start: point.address, count: 1 });
    end = type === undefined ? -1 : point.address + point.quantity;
  }
  return polls;
}

const FORMATS: Partial<Record<Point['type'], string>> = {
  int32: ':int',
  uint32: ':int',
  unixTime: ':int',
  float32: ':float',
};

/** Undefined if mbpoll can't show such a value. */
function pollType({ type, bit, quantity, order }: Point, { mbpollType }: TableFacts): string | undefined {
  if (type === 'string' || bit !== undefined) return undefined;
  if (quantity === 1) return mbpollType;
  const format = FORMATS[type];
  if (format === undefined || (order !== 'ABCD' && order !== 'CDAB')) return undefined;
  return `${mbpollType}${format}${order === 'ABCD' ? ' -B' : ''}`;
}
