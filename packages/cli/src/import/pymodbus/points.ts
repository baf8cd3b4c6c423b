import type { DraftBlock, DraftPoint, DraftUnit, DraftValue } from '../../draft/draft.js';
import type { Notes } from '../notes.js';
import { behaviourOf, dateParts, isMoved } from './actions.js';
import { type Area, isOfBits } from './areas.js';
import type { Cell } from './cells.js';

/** Registers that belong together: a value. */
type Value = readonly [Cell, ...Cell[]];

/**
 * What the registers of an area are in a unit: points, or blocks of coils.
 * @param whole a client's write must cover whole values.
 */
export function contentOf(areas: readonly Area[], whole: boolean, notes: Notes): Partial<DraftUnit> {
  const points = areas.filter(({ table }) => !isOfBits(table)).flatMap((area) => pointsOf(area, whole, notes));
  const coils = blocksOf(areas, 'coil', notes);
  const discreteInputs = blocksOf(areas, 'discrete', notes);
  return {
    ...(coils.length > 0 && { coils }),
    ...(discreteInputs.length > 0 && { discreteInputs }),
    ...(points.length > 0 && { points: Object.fromEntries(points) }),
    ...readOnlyCoils(areas),
  };
}

function pointsOf({ table, cells }: Area, whole: boolean, notes: Notes): [string, DraftPoint][] {
  const dates = dateParts(cells);
  return valuesOf(cells).map(([at, value]) => {
    const [first] = value;
    const name = `${table === 'input' ? 'input_' : ''}${kindOf(value)}_${at}`;
    if (dates.has(at)) notes.add('timestamp is in UTC; pymodbus has local time', name);
    const moved = dates.get(at) ?? behaviourOf(first, name, notes);
    return [
      name,
      { at: `${table} ${at}`, ...formOf(value), ...(table === 'holding' && access(value, whole)), ...moved },
    ];
  });
}

/** The values of an area, each with its address. */
function valuesOf(cells: readonly Cell[]): [number, Value][] {
  const values: [number, Value][] = [];
  for (let at = 0; at < cells.length; ) {
    const value = valueAt(cells, at);
    if (value[0].type !== 'invalid') values.push([at, value]);
    at += value.length;
  }
  return values;
}

/** A cell with those that belong to it. One that a copy has parted from the others stands alone. */
function valueAt(cells: readonly Cell[], at: number): Value {
  const first = cells[at];
  const most = first.type === 'string' ? cells.length : isPair(first) ? 2 : 1;
  const rest: Cell[] = [];
  while (rest.length < most - 1 && cells[at + 1 + rest.length]?.type === 'next') rest.push(cells[at + 1 + rest.length]);
  return [first, ...rest];
}

function isPair({ type }: Cell): boolean {
  return type === 'uint32' || type === 'float32';
}

function kindOf(value: Value): Cell['type'] {
  const [first] = value;
  return first.type === 'next' || (isPair(first) && value.length === 1) ? 'uint16' : first.type;
}

/** Type and initial value. */
function formOf(value: Value): Pick<DraftPoint, 'type'> & Partial<DraftPoint> {
  const kind = kindOf(value);
  const view = new DataView(Uint8Array.from(value.flatMap((cell) => [cell.value >> 8, cell.value & 0xff])).buffer);
  if (kind === 'string') return text(Buffer.from(view.buffer).toString('utf8'), value.length);
  if (kind === 'float32') return { type: kind, ...unlessZero(shortest(view.getFloat32(0))) };
  if (kind === 'uint32') return { type: kind, ...unlessZero(view.getUint32(0)) };
  // Of bits there is no behaviour: they are named, not counted.
  if (kind === 'uint16' || isMoved(value[0])) return { type: 'uint16', ...unlessZero(value[0].value) };
  return { type: 'bits', ...(value[0].value > 0 && { value: bitNames(value[0].value) }) };
}

function text(padded: string, length: number): Partial<DraftPoint> {
  return { type: 'string', length, padding: 'space', value: padded.trimEnd() };
}

/** The shortest decimal number that is the same in 32 bits: 404.17, not 404.1700134277344. */
function shortest(float32: number): number {
  const digits = [1, 2, 3, 4, 5, 6, 7, 8].find((count) => Math.fround(Number(float32.toPrecision(count))) === float32);
  return Number(float32.toPrecision(digits ?? 9));
}

function unlessZero(value: number): { value?: DraftValue } {
  return value === 0 ? {} : { value };
}

function bitNames(register: number): string[] {
  return bitsOf(register).flatMap((on, bit) => (on ? [`bit ${bit}`] : []));
}

function bitsOf(register: number): boolean[] {
  return Array.from({ length: 16 }, (_, bit) => ((register >> bit) & 1) === 1);
}

/** In pymodbus clients may write only what the setup lists. */
function access(value: Value, whole: boolean): Pick<DraftPoint, 'readOnly' | 'whole'> {
  if (!value.every(({ writable }) => writable)) return { readOnly: true };
  return whole && value.length > 1 ? { whole } : {};
}

/** Each register of a table of bits has 16 of them. */
function blocksOf(areas: readonly Area[], table: Area['table'], notes: Notes): DraftBlock[] {
  const cells = areas.find((area) => area.table === table)?.cells ?? [];
  for (const [at, cell] of cells.entries()) {
    if (cell.action !== null)
      notes.add(`the action ${cell.action} is left out: coils and inputs stand still`, `${table} ${16 * at}`);
  }
  return runsOf(cells, ({ type }) => type !== 'invalid').map(([start, run]) => blockOf(16 * start, run));
}

function blockOf(start: number, cells: readonly Cell[]): DraftBlock {
  const values = cells.flatMap(({ value }) => bitsOf(value).map(Number));
  return values.includes(1) ? { start, values } : { start, count: values.length };
}

function readOnlyCoils(areas: readonly Area[]): Pick<DraftUnit, 'access'> {
  const cells = areas.find(({ table }) => table === 'coil')?.cells ?? [];
  const runs = runsOf(cells, ({ type, writable }) => type !== 'invalid' && !writable);
  if (runs.length === 0) return {};
  const readOnly = runs.map(([start, run]) => ({ table: 'coils', start: 16 * start, count: 16 * run.length }));
  return { access: { readOnly } };
}

/** Neighbouring cells that fit, with the index of the first. */
function runsOf(cells: readonly Cell[], fits: (cell: Cell) => boolean): [number, Cell[]][] {
  const runs: [number, Cell[]][] = [];
  for (const [at, cell] of cells.entries()) {
    if (!fits(cell)) continue;
    const last = runs.at(-1);
    if (last !== undefined && last[0] + last[1].length === at) last[1].push(cell);
    else runs.push([at, [cell]]);
  }
  return runs;
}
