import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { OptionsError, type Point, type Unit } from 'busbar';
import type { Kind, Series, Surroundings } from '../behaviours/behaviour.js';
import { KINDS } from '../behaviours/kinds.js';
import type { Simulate } from '../behaviours/simulate.js';
import { checkTogether, type Path, within } from '../problems.js';
import { Random } from '../random.js';
import { readNumber, readPoint, type Value } from '../value.js';
import { Cell } from './cell.js';
import { misfit } from './fit.js';
import { orderOf } from './order.js';
import { type References, unitName } from './references.js';
import { readSeries } from './series.js';

/** A unit whose points move. */
export interface MovingUnit {
  readonly unit: Unit;
  readonly simulate?: Readonly<Record<string, Simulate | undefined>> | undefined;
  /** The folder of recorded values. */
  readonly folder?: string | undefined;
  /** Where it is in the options. */
  readonly path: Path;
}

/**
 * Makes the points of units move.
 *
 * @param before the cells of the time before, which go on where nothing has changed.
 * @returns them in an order in which each comes behind those that it reads.
 * @throws OptionsError with all problems.
 */
export function createCells(
  units: readonly MovingUnit[],
  references: References,
  seed: number,
  before: readonly Cell[],
): readonly Cell[] {
  const paths = new Map<Cell, Path>();
  const old = new Map(before.map((cell) => [cell.point, cell]));
  const make = (placed: MovingUnit, name: string) => {
    const path = [...placed.path, 'simulate', name];
    const cell = cellOf(placed, name, path, references, seed);
    const same = old.get(cell.point);
    paths.set(same !== undefined && isSame(same, cell) ? same : cell, path);
  };
  const names = units.flatMap((placed) => Object.keys(placed.simulate ?? {}).map((name) => () => make(placed, name)));
  checkTogether(names);
  return inOrder(paths, references);
}

function cellOf(placed: MovingUnit, name: string, path: Path, references: References, seed: number): Cell {
  const { unit, simulate = {}, folder = '.' } = placed;
  const point = references.own(name, unit, path);
  const find = (other: string, from: Path) => references.find(other, unit, from);
  return createCell(point, simulate[name] ?? {}, path, { seed, name: `${unitName(unit)}.${name}`, folder, find });
}

/** What a point needs besides its settings in order to move. */
interface CellNeeds {
  readonly seed: number;
  /** Names its random numbers. */
  readonly name: string;
  /** The folder of its files. */
  readonly folder: string;
  /** Finds another point. @throws OptionsError if there is none. */
  readonly find: (name: string, path: Path) => Point;
}

/** Makes a point move. @param path of its settings. @throws OptionsError with all problems. */
function createCell(point: Point, settings: Simulate, path: Path, needs: CellNeeds): Cell {
  const [name, kind, given] = kindOf(settings, path);
  checkKind(point, name, [...path, name]);
  const sources = new Set<Point>();
  const surroundings = surroundingsOf(point, needs, sources);
  const create = () => within([...path, name], () => kind.create(given, surroundings));
  checkTogether(
    kind.values(given).map(
      ([keys, value]) =>
        () =>
          checkValue(point, value, [...path, name, ...keys]),
    ),
  );
  const noise = new Random(needs.seed, `${needs.name} noise`);
  return new Cell({ point, settings, create, sources, noise });
}

function kindOf(settings: Simulate, path: Path): readonly [string, Kind, unknown] {
  const given = new Map<string, unknown>(Object.entries(settings));
  const found = Object.entries<Kind>(KINDS).find(([name]) => given.get(name) !== undefined);
  if (found === undefined) throw new OptionsError(path, 'expected a kind of behaviour, found none');
  return [...found, given.get(found[0])];
}

/** Kinds of behaviour that give nothing but numbers. */
const NUMERIC = new Set(['ramp', 'triangle', 'sine', 'walk', 'count', 'clock', 'follow', 'total']);

function checkKind({ name, type }: Point, kind: string, path: Path): void {
  if (!NUMERIC.has(kind) || (type !== 'string' && type !== 'raw')) return;
  throw new OptionsError(
    path,
    `expected a behaviour for a ${type}, such as random (of) or replay: ${kind} gives numbers, and ${name} takes none`,
  );
}

function surroundingsOf(point: Point, { seed, name, folder, find }: CellNeeds, sources: Set<Point>): Surroundings {
  const read = new Map<string, Series>();
  const sourceOf = (other: string, path: Path = []) => {
    const source = find(other, path);
    sources.add(source);
    return source;
  };
  return {
    random: new Random(seed, name),
    reader: (other, path) => {
      const source = sourceOf(other, path);
      return () => readPoint(source);
    },
    numberReader: (other, path) => {
      const source = sourceOf(other, path);
      return () => readNumber(source);
    },
    // Once only: a behaviour that begins anew does not need the file again.
    series: (file, column) => {
      const series = read.get(file) ?? readSeries(resolve(folder, file), column);
      if (!read.has(file)) for (const value of series.values) checkValue(point, value, ['file']);
      read.set(file, series);
      return series;
    },
  };
}

/** Checks that a point can hold a value of its settings. */
function checkValue(point: Point, value: Value, path: Path): void {
  const problem = misfit(point, value);
  if (problem !== undefined) throw new OptionsError(path, problem);
}

/** A file of `replay` may have changed. */
function isSame(old: Cell, { settings, sources }: Cell): boolean {
  const isOfSame = old.sources.size === sources.size && [...sources].every((point) => old.sources.has(point));
  return isOfSame && settings.replay === undefined && isDeepStrictEqual(old.settings, settings);
}

function inOrder(paths: ReadonlyMap<Cell, Path>, references: References): readonly Cell[] {
  const { order, circle } = orderOf([...paths.keys()]);
  const [first] = circle;
  if (first === undefined) return order;
  const names = [...circle, first].map(({ point }: { point: Point }) => references.nameOf(point));
  throw new OptionsError(paths.get(first) ?? [], `the points read each other in a circle: ${names.join(' → ')}`);
}
