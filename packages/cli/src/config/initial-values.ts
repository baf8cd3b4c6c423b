import { formatPath, type Unit, type ValueLimit } from 'busbar';
import type { Path } from '../ground/path.js';
import { entries, numberAt, valueAt } from './parts.js';
import type { Problem } from './problems.js';
import { overlap, type Span } from './rules.js';
import type { ConfigUnit } from './schema.js';

/** Holding registers that begin with a value which no client may write. @param unit with its initial values. */
export function initialValueProblems(unit: Unit, options: ConfigUnit, path: Path): Problem[] {
  const limits = options.access?.limits ?? [];
  return entries(options, 'holdingRegisters').flatMap((block, i) => {
    const span = spanOf(block, options.firstAddress);
    return limits.flatMap((limit, k) => {
      const wrong = itemsOutside(unit, block, span, limit);
      if (wrong[0] === undefined) return [];
      const rule = formatPath([...path, 'access', 'limits', k]);
      const message = `begins as ${initialValue(block, wrong[0])}, but ${rule} lets clients write only ${allowedText(limit)}`;
      const at = [...path, 'holdingRegisters', i, ...placeOf(block, wrong[0])];
      return [{ path: at, message: message + moreOf(block, wrong) }];
    });
  });
}

/** The registers of a block, counted from 0. */
function spanOf(block: unknown, first = 0): Span {
  const values = entries(block, 'values').length || (numberAt(block, 'count') ?? 0);
  return { start: (numberAt(block, 'start') ?? 0) - first, count: values * registersPerValue(block) };
}

/** The name of a type ends with its bits. */
function registersPerValue(block: unknown): number {
  const [bits = '16'] = /\d+$/.exec(String(valueAt(block, 'type'))) ?? [];
  return Number(bits) / 16;
}

/** The values of a block with a register that a limit rules out, by their places in the block. */
function itemsOutside(unit: Unit, block: unknown, span: Span, limit: ValueLimit): number[] {
  const { start, count } = overlap(span, limit) ?? { start: 0, count: 0 };
  const addresses = Array.from({ length: count }, (_, i) => start + i);
  const wrong = addresses.filter((address) => !allows(limit, unit.holdingRegisters.get(address)));
  return [...new Set(wrong.map((address) => Math.floor((address - span.start) / registersPerValue(block))))];
}

function initialValue(block: unknown, item: number): unknown {
  return entries(block, 'values')[item] ?? valueAt(block, 'value') ?? 0;
}

/** Values that are written once are told once. */
function moreOf(block: unknown, wrong: readonly number[]): string {
  const isList = valueAt(block, 'values') !== undefined;
  return isList && wrong.length > 1 ? ` (and ${wrong.length - 1} more like it in this list)` : '';
}

function placeOf(block: unknown, item: number): Path {
  if (valueAt(block, 'values') !== undefined) return ['values', item];
  return valueAt(block, 'value') === undefined ? [] : ['value'];
}

/** As the library has it: with a negative number in the limit, the register is signed. */
function allows({ min, max, enum: listed }: ValueLimit, register: number): boolean {
  const bounds = [min, max, ...(listed ?? [])].filter((bound) => bound !== undefined);
  const value = register > 0x7fff && bounds.some((bound) => bound < 0) ? register - 0x10000 : register;
  if (listed !== undefined) return listed.includes(value);
  return value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
}

function allowedText({ min, max, enum: listed }: ValueLimit): string {
  if (listed !== undefined) return listed.join(', ');
  if (min !== undefined && max !== undefined) return `${min} to ${max}`;
  return min === undefined ? `at most ${max}` : `at least ${min}`;
}
