import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Unit } from 'busbar';
import type { SimulatedUnit } from 'busbar-simulator';

/**
 * Units that were there before, and live otherwise now.
 * @param unitBefore the unit that each was before.
 * @param isRead whether a file of recorded values is as it was when it was read before.
 */
export function livesOtherwise(
  before: readonly SimulatedUnit[],
  next: readonly SimulatedUnit[],
  unitBefore: ReadonlyMap<Unit, Unit>,
  isRead: (file: string) => boolean,
): Unit[] {
  const changed = next.filter((life) => {
    const former = before.find(({ unit }) => unit === unitBefore.get(life.unit));
    return former !== undefined && !(isSame(former, life) && recordsOf(life).every(isRead));
  });
  return changed.map(({ unit }) => unit);
}

function isSame({ unit: before, ...former }: SimulatedUnit, { unit, ...life }: SimulatedUnit): boolean {
  return isDeepStrictEqual(former, life);
}

/** The files of recorded values that its points replay. */
function recordsOf({ simulate = {}, folder = '.' }: SimulatedUnit): string[] {
  return Object.values(simulate).flatMap((settings) => {
    return settings?.replay === undefined ? [] : [resolve(folder, settings.replay.file)];
  });
}
