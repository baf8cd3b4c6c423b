import { isDeepStrictEqual } from 'node:util';
import { OptionsError, type Point, type Unit } from 'busbar';
import type { Simulate } from '../behaviours/simulate.js';
import { checkTogether, type Path } from '../problems.js';
import type { Cell } from './cell.js';
import { createCell } from './create-cell.js';
import { orderOf } from './order.js';
import { type References, unitName } from './references.js';

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
