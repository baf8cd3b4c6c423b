import { TABLE_NAMES } from 'busbar';
import { formatPath, type Path } from '../ground/path.js';
import { listenProblems } from './listen-problems.js';
import { entries, numberAt, valueAt } from './parts.js';
import type { Problem } from './problems.js';
import { servedProblems } from './served.js';
import { overlap, type Span, spanText } from './spans.js';

/**
 * What a schema can't say: ranges that overlap or end too far, ids and ports given twice, units that don't exist.
 * Takes any value, since it also looks at the sound parts of a config that the schema refuses.
 */
export function semanticProblems(config: unknown): Problem[] {
  return [
    ...listenProblems(entries(config, 'listen')),
    ...servedProblems(config),
    ...unitsProblems(entries(config, 'units')),
  ];
}

function unitsProblems(units: readonly unknown[]): Problem[] {
  return units.flatMap((unit, i) => [
    ...tableProblems(unit, ['units', i]),
    ...statusProblems(unit, ['units', i, 'exceptionStatus', 'coils']),
    ...fileProblems(unit, ['units', i, 'files']),
    ...fifoProblems(unit, ['units', i, 'fifos']),
    ...accessProblems(valueAt(unit, 'access'), ['units', i, 'access']),
  ]);
}

function tableProblems(unit: unknown, path: Path): Problem[] {
  const end = firstAddress(unit) + 65536;
  return TABLE_NAMES.flatMap((table) => rangeProblems(unit, [...path, table], end, 'addresses'));
}

/** What the blocks of a unit are numbered from. */
function firstAddress(unit: unknown): number {
  return numberAt(unit, 'firstAddress') ?? 0;
}

/** The eight coils that the exception status mirrors; they count from 0, whatever the blocks are numbered from. */
function statusProblems(unit: unknown, path: Path): Problem[] {
  const start = numberAt(valueAt(unit, 'exceptionStatus'), 'coils');
  const blocks = entries(unit, 'coils').map(rangeOf);
  if (start === undefined || blocks.includes(undefined)) return [];
  const mirrored = { start: start + firstAddress(unit), count: 8 };
  const there = blocks.map((block) => block && overlap(block, mirrored)?.count);
  const count = there.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  if (count >= mirrored.count) return [];
  return [
    {
      path,
      message: `expected the first of eight coils that exist, found ${start}: coils ${start} to ${start + 7} are not all there`,
    },
  ];
}

interface Range extends Span {
  path: Path;
}

function rangeProblems(owner: unknown, path: Path, end: number, noun: string): Problem[] {
  const ranges = rangesAt(owner, path);
  return [...endProblems(ranges, end, noun), ...overlaps(ranges, noun)];
}

function rangesAt(owner: unknown, path: Path): Range[] {
  return entries(owner, path.at(-1)).flatMap((block, i) => {
    const range = rangeOf(block);
    return range ? [{ ...range, path: [...path, i] }] : [];
  });
}

function rangeOf(block: unknown): Span | undefined {
  const start = numberAt(block, 'start');
  const values = valueAt(block, 'values');
  const count = Array.isArray(values) ? values.length : numberAt(block, 'count');
  return start === undefined || count === undefined || start < 0 || count < 1 ? undefined : { start, count };
}

function endProblems(ranges: readonly Range[], end: number, noun: string): Problem[] {
  return ranges
    .filter(({ start, count }) => start < end && start + count > end)
    .map(({ path, start, count }) => {
      const last = start + count - 1;
      return { path, message: `expected ${noun} up to ${end - 1}, found ${start} to ${last}` };
    });
}

/** Each range that overlaps another is reported once, against the one before it in order of addresses. */
function overlaps(ranges: readonly Range[], noun: string): Problem[] {
  const problems: Problem[] = [];
  let furthest: Range | undefined;
  for (const range of ranges.toSorted((a, b) => a.start - b.start)) {
    if (furthest && range.start < furthest.start + furthest.count) {
      const [later, earlier] = comesBefore(furthest, range) ? [range, furthest] : [furthest, range];
      const message = `${noun} ${spanText(later)} overlap ${formatPath(earlier.path)} (${spanText(earlier)})`;
      problems.push({ path: later.path, message });
    }
    if (!furthest || range.start + range.count > furthest.start + furthest.count) furthest = range;
  }
  return problems;
}

function comesBefore(a: Range, b: Range): boolean {
  return Number(a.path.at(-1)) < Number(b.path.at(-1));
}

function fileProblems(unit: unknown, path: Path): Problem[] {
  const files = rangesAt(unit, path);
  const byNumber = new Map<number | undefined, Range[]>();
  for (const file of files) {
    const number = numberAt(entries(unit, 'files')[Number(file.path.at(-1))], 'number');
    const same = byNumber.get(number);
    if (same) same.push(file);
    else byNumber.set(number, [file]);
  }
  return [
    ...endProblems(files, 10000, 'records'),
    ...[...byNumber.values()].flatMap((same) => overlaps(same, 'records')),
  ];
}

function fifoProblems(unit: unknown, path: Path): Problem[] {
  const pointers = entries(unit, 'fifos').map((fifo, i) => ({
    value: numberAt(fifo, 'pointer'),
    path: [...path, i, 'pointer'],
  }));
  return repeated(pointers, 'pointer');
}

function accessProblems(access: unknown, path: Path): Problem[] {
  const limits = entries(access, 'limits').flatMap((limit, i) => {
    const [min, max] = [numberAt(limit, 'min'), numberAt(limit, 'max')];
    if (min === undefined || max === undefined || min <= max) return [];
    return [{ path: [...path, 'limits', i, 'min'], message: `expected at most max, which is ${max}, found ${min}` }];
  });
  const ends = ['readOnly', 'limits'].flatMap((key) =>
    endProblems(rangesAt(access, [...path, key]), 65536, 'addresses'),
  );
  return [...limits, ...ends];
}

function repeated(items: readonly { value: number | undefined; path: Path }[], noun: string): Problem[] {
  const seen = new Map<number, Path>();
  return items.flatMap(({ value, path }) => {
    if (value === undefined) return [];
    const first = seen.get(value);
    if (first) return [{ path, message: `${formatPath(first.slice(0, -1))} has the ${noun} ${value} already` }];
    seen.set(value, path);
    return [];
  });
}
