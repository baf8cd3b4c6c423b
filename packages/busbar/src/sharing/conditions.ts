import type { Rehearsed } from '../data/backing.js';
import { device } from '../data/device.js';
import type { Point } from '../data/points/point.js';
import type { Unit } from '../data/unit.js';
import { FunctionCode } from '../protocol/function-codes.js';
import type { Copies } from './copies.js';
import type { Run } from './entry.js';

/** Functions whose requests are for single bits. */
const OF_BITS: readonly number[] = [FunctionCode.WriteSingleCoil, FunctionCode.WriteMultipleCoils];

/**
 * What must still be in the image for a write to be what it was at its rehearsal. A plain write replaces whatever is
 * there. What a mask write makes depends on the register; coils that are bits of registers are written with their
 * neighbours; and what points allow may depend on those parts of them that are not written.
 */
export function conditionsOf(
  unit: Unit,
  functionCode: number,
  changes: readonly Rehearsed[],
  copies: Copies,
): readonly Run[] {
  const isMask = functionCode === FunctionCode.MaskWriteRegister;
  const isNeighbour = unit[device].overlaid && OF_BITS.includes(functionCode);
  if (isMask || isNeighbour) return changes.flatMap((change) => copies.runOf(change, change.before) ?? []);
  if (unit[device].points.rules === undefined) return [];
  return changes.flatMap((change) => (change.part === 'files' ? [] : ofPoints(unit, change, copies)));
}

function ofPoints(unit: Unit, change: Exclude<Rehearsed, { part: 'files' }>, copies: Copies): Run[] {
  const { part, address, after } = change;
  const isOfBits = part === 'coils' || part === 'discreteInputs';
  const quantity = isOfBits ? after.length : after.length / 2;
  const points = unit.pointsAt(part, address, quantity).filter((point) => depends(point, address, quantity));
  return points.flatMap(({ stored, quantity }) => copies.wordsAt(stored.table, stored.address, quantity) ?? []);
}

function depends(point: Point, address: number, quantity: number): boolean {
  const { stored } = point;
  if (stored.bit !== undefined) return point.readOnly;
  const isCovered = stored.address >= address && stored.address + point.quantity <= address + quantity;
  return point.isLimited && !isCovered;
}
