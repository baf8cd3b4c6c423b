import type { Unit } from 'busbar';
import type { Guard } from '../guard.js';
import type { Cell, Now } from './cell.js';
import { type References, unitName } from './references.js';

/** The source of all changes by the simulator. */
export const SOURCE = 'simulator';

/** Cells of one unit, which move together. */
export interface Run {
  readonly unit: Unit;
  readonly cells: readonly Cell[];
}

/** @param cells in the order in which they move. */
export function inRuns(cells: readonly Cell[], references: References): readonly Run[] {
  const runs: { readonly unit: Unit; readonly cells: Cell[] }[] = [];
  for (const cell of cells) {
    const unit = references.homeOf(cell.point);
    if (unit === undefined) continue;
    const last = runs.at(-1);
    if (last?.unit === unit) last.cells.push(cell);
    else runs.push({ unit, cells: [cell] });
  }
  return runs;
}

/** Moves cells; their changes are reported when all are made. */
export function move({ unit, cells }: Run, now: Now, guard: Guard): void {
  unit.as(SOURCE, () => {
    for (const cell of cells) {
      try {
        cell.move(now);
        guard.passed(cell);
      } catch (thrown) {
        guard.fail(cell, () => `${unitName(unit)}.${cell.point.name}`, thrown);
      }
    }
  });
}
