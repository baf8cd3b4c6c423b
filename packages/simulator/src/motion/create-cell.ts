import { resolve } from 'node:path';
import { OptionsError, type Point } from 'busbar';
import type { Kind, Series, Surroundings } from '../behaviours/behaviour.js';
import { KINDS } from '../behaviours/kinds.js';
import type { Simulate } from '../behaviours/simulate.js';
import { checkTogether, type Path, within } from '../problems.js';
import { Random } from '../random.js';
import type { Value } from '../value.js';
import { Cell } from './cell.js';
import { misfit } from './fit.js';
import { readPoint } from './point-value.js';
import { readSeries } from './series.js';

/** What a point needs besides its settings in order to move. */
export interface CellNeeds {
  readonly seed: number;
  /** Names its random numbers. */
  readonly name: string;
  /** The folder of its files. */
  readonly folder: string;
  /** Finds another point. @throws OptionsError if there is none. */
  readonly find: (name: string, path: Path) => Point;
}

/** Makes a point move. @param path of its settings. @throws OptionsError with all problems. */
export function createCell(point: Point, settings: Simulate, path: Path, needs: CellNeeds): Cell {
  const [name, kind, given] = kindOf(settings, path);
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

function surroundingsOf(point: Point, { seed, name, folder, find }: CellNeeds, sources: Set<Point>): Surroundings {
  const read = new Map<string, Series>();
  return {
    random: new Random(seed, name),
    reader: (other, path = []) => {
      const source = find(other, path);
      sources.add(source);
      return () => readPoint(source);
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
