import type { ValueLimit } from 'busbar';
import { formatPath } from 'busbar';
import type { Path } from '../ground/path.js';
import { entries, numberAt, valueAt } from './parts.js';
import type { Problem } from './problems.js';
import type { ConfigUnit } from './schema.js';
import { overlap } from './spans.js';

/** Holding registers that begin with a value which no client may write. */
export function initialValueWarnings(unit: ConfigUnit, path: Path): Problem[] {
  return entries(unit, 'holdingRegisters').flatMap((block, i) =>
    (unit.access?.limits ?? []).flatMap((limit, k) => {
      const rule = formatPath([...path, 'access', 'limits', k]);
      return outside(block, unit.firstAddress ?? 0, limit, rule, [...path, 'holdingRegisters', i]);
    }),
  );
}

/** Reports the first value of a block that a limit rules out, and how many more there are. */
function outside(block: unknown, first: number, limit: ValueLimit, rule: string, path: Path): Problem[] {
  const values = entries(block, 'values');
  const same = numberAt(block, 'value') ?? 0;
  const start = (numberAt(block, 'start') ?? 0) - first;
  const limited = overlap({ start, count: values.length || (numberAt(block, 'count') ?? 0) }, limit);
  if (limited === undefined) return [];
  const items = Array.from({ length: limited.count }, (_, i) => limited.start - start + i);
  const wrong = items.filter((item) => !allows(limit, Number(values[item] ?? same)));
  if (wrong[0] === undefined) return [];
  const value = Number(values[wrong[0]] ?? same);
  const more = values.length > 0 && wrong.length > 1 ? ` (and ${wrong.length - 1} more like it in this list)` : '';
  const message = `begins as ${value}, but ${rule} lets clients write only ${allowedText(limit)}${more}`;
  return [{ path: [...path, ...placeOf(block, wrong[0])], message }];
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
