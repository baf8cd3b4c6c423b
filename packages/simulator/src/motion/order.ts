import type { Point } from 'busbar';
import type { Cell } from './cell.js';

/**
 * Brings cells into an order in which each comes behind those that it reads, and those of a unit stay together.
 *
 * @returns the order, and a circle of cells if there is one: each reads the next.
 */
export function orderOf(cells: readonly Cell[]): { readonly order: readonly Cell[]; readonly circle: readonly Cell[] } {
  const byPoint = new Map(cells.map((cell) => [cell.point, cell]));
  const waits = new Map(cells.map((cell) => [cell, sourcesOf(cell, byPoint).length]));
  const readers = readersOf(cells, byPoint);
  const order: Cell[] = [];
  const ready = cells.filter((cell) => waits.get(cell) === 0).reverse();
  for (let cell = ready.pop(); cell !== undefined; cell = ready.pop()) {
    order.push(cell);
    for (const reader of readers.get(cell) ?? []) {
      const left = (waits.get(reader) ?? 0) - 1;
      waits.set(reader, left);
      if (left === 0) ready.push(reader);
    }
  }
  const stuck = new Set(cells.filter((cell) => (waits.get(cell) ?? 0) > 0));
  return { order, circle: circleIn(stuck, byPoint) };
}

/** The cells that a cell reads, directly or not, and itself. */
export function upstream(cells: Iterable<Cell>, all: readonly Cell[]): ReadonlySet<Cell> {
  const byPoint = new Map(all.map((cell) => [cell.point, cell]));
  const found = new Set(cells);
  // A set gives what is added while it is gone through, too.
  for (const cell of found) for (const source of sourcesOf(cell, byPoint)) found.add(source);
  return found;
}

function sourcesOf(cell: Cell, byPoint: ReadonlyMap<Point, Cell>): Cell[] {
  return [...cell.sources].flatMap((point) => byPoint.get(point) ?? []);
}

function readersOf(cells: readonly Cell[], byPoint: ReadonlyMap<Point, Cell>): ReadonlyMap<Cell, readonly Cell[]> {
  const readers = new Map<Cell, Cell[]>(cells.map((cell) => [cell, []]));
  for (const cell of cells) for (const source of sourcesOf(cell, byPoint)) readers.get(source)?.push(cell);
  return readers;
}

/** @param stuck cells that each wait for another of them. */
function circleIn(stuck: ReadonlySet<Cell>, byPoint: ReadonlyMap<Point, Cell>): readonly Cell[] {
  const way: Cell[] = [];
  let next = [...stuck].at(0);
  while (next !== undefined && !way.includes(next)) {
    way.push(next);
    next = sourcesOf(next, byPoint).find((source) => stuck.has(source));
  }
  return next === undefined ? [] : way.slice(way.indexOf(next));
}
