import type { Problem } from '../../config/problems.js';
import type { PymodbusDevice } from './schema.js';

/** What a register of pymodbus' simulator is: `next` belongs to the one before it. */
type CellType = 'invalid' | 'bits' | 'uint16' | 'uint32' | 'float32' | 'string' | 'next';

/** A register of pymodbus' simulator. */
export interface Cell {
  readonly type: CellType;
  /** The register itself: 0 to 65535. */
  readonly value: number;
  readonly writable: boolean;
  readonly action: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const UNDEFINED: Cell = { type: 'invalid', value: 0, writable: false, action: null, parameters: {} };

/** In the order in which pymodbus reads them. */
const SECTIONS = ['bits', 'uint16', 'uint32', 'float32', 'string'] as const;
type Section = (typeof SECTIONS)[number];
type Entry = NonNullable<PymodbusDevice[Section]>[number];

type Range = number | readonly [number, number];

/** The memory of a device, filled as pymodbus does it, and what pymodbus would refuse. */
export class Cells {
  readonly cells: Cell[];
  readonly problems: Problem[] = [];

  constructor(device: PymodbusDevice) {
    this.cells = new Array<Cell>(memorySize(device)).fill(UNDEFINED);
    for (const section of SECTIONS) {
      for (const [i, entry] of (device[section] ?? []).entries()) this.#define(device, section, entry, i);
    }
    for (const [i, range] of (device.write ?? []).entries()) this.#allowWrites(range, i);
    for (const [i, { addr, to }] of (device.repeat ?? []).entries()) this.#repeat(addr, to, i);
  }

  #define({ setup }: PymodbusDevice, section: Section, given: Entry, i: number): void {
    const entry = typeof given === 'object' && 'addr' in given ? given : { addr: given };
    const [first, last] = ends(entry.addr);
    const value = entry.value ?? setup.defaults.value[section];
    const action = entry.action === undefined ? setup.defaults.action[section] : entry.action;
    const path = [section, i];
    if (typeof value === 'string' && value.length > 2 * (last - first + 1)) {
      this.problems.push({ path, message: `the text ${JSON.stringify(value)} has more than two letters a register` });
    }
    const about = { writable: false, action, parameters: entry.parameters ?? {} };
    for (const [at, registers] of placed(section, first, last, value)) {
      this.#put(at, registers, { ...about, type: section }, path);
    }
  }

  #put(at: number, registers: readonly number[], first: Omit<Cell, 'value'>, path: readonly (string | number)[]): void {
    const end = at + registers.length;
    if (end > this.cells.length) {
      this.problems.push({
        path: [...path],
        message: `ends at ${end - 1}, behind the last register, ${this.cells.length - 1}`,
      });
      return;
    }
    const taken = this.cells.slice(at, end).findIndex(({ type }) => type !== 'invalid');
    if (taken >= 0) {
      this.problems.push({ path: [...path], message: `register ${at + taken} has a type already` });
      return;
    }
    for (const [i, value] of registers.entries()) {
      this.cells[at + i] = i === 0 ? { ...first, value } : { ...UNDEFINED, type: 'next', value };
    }
  }

  #allowWrites(range: Range, i: number): void {
    const [first, last] = ends(range);
    for (let at = first; at <= last; at++) {
      const cell = this.cells[at];
      if (cell === undefined || cell.type === 'invalid') {
        this.problems.push({ path: ['write', i], message: `register ${at} has no type, so it can't be written` });
        return;
      }
      this.cells[at] = { ...cell, writable: true };
    }
  }

  /** Copies registers over and over, until the range `to` is full. */
  #repeat([first, last]: readonly [number, number], [from, to]: readonly [number, number], i: number): void {
    if (Math.max(first, last, to) >= this.cells.length) {
      this.problems.push({ path: ['repeat', i], message: `goes behind the last register, ${this.cells.length - 1}` });
      return;
    }
    const length = Math.max(last - first, 0) + 1;
    for (let at = from; at <= to; at++) this.cells[at] = this.cells[first + ((at - from) % length)] ?? UNDEFINED;
  }
}

function memorySize({ setup }: PymodbusDevice): number {
  const sizes = [setup['co size'], setup['di size'], setup['ir size'], setup['hr size']];
  return setup['shared blocks'] ? Math.max(...sizes) : sizes.reduce((sum, size) => sum + size);
}

function ends(range: Range): readonly [number, number] {
  return typeof range === 'number' ? [range, range] : range;
}

/** The registers of an entry, value by value, each with its place: a text is one value, numbers follow each other. */
function placed(section: Section, first: number, last: number, value: number | string): [number, number[]][] {
  if (typeof value === 'string') return [[first, registersOfText(value, last - first + 1)]];
  const registers = registersOf(section, value);
  const values: [number, number[]][] = [];
  for (let at = first; at <= last; at += registers.length) values.push([at, registers]);
  return values;
}

function registersOf(section: Section, value: number): number[] {
  if (section === 'bits' || section === 'uint16') return [value];
  const view = new DataView(new ArrayBuffer(4));
  if (section === 'float32') view.setFloat32(0, value);
  else view.setUint32(0, value);
  return [view.getUint16(0), view.getUint16(2)];
}

/** Padded with spaces, as pymodbus does it. */
function registersOfText(text: string, count: number): number[] {
  const bytes = Buffer.from(text.padEnd(2 * count));
  return Array.from({ length: count }, (_, i) => bytes.readUInt16BE(2 * i));
}
