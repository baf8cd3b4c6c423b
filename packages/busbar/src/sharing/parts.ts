import type { BitTable } from '../data/bit-table.js';
import type { Place } from '../data/change-event.js';
import { device } from '../data/device.js';
import { Fifos } from '../data/fifos.js';
import { Files } from '../data/files.js';
import { MixedTable } from '../data/mixed-table.js';
import { RegisterTable } from '../data/registers.js';
import type { Unit } from '../data/unit.js';
import { SharingError } from '../errors.js';
import { readRegisters } from '../protocol/bytes.js';
import { TABLE_NAMES, type TableName } from '../protocol/tables.js';

/** Most bytes of one unit: a snapshot is one reply of Redis. All tables with all addresses have 400 kB. */
const MAX_BYTES = 8 << 20;

/** Neighbouring addresses of a table or file, with the place of their bytes in its string. */
interface Segment {
  readonly address: number;
  readonly offset: number;
  readonly length: number;
}

/** A table or file of a unit, which is one string in Redis: its addresses one after the other. */
export class TablePart {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes of a register or bit. */
  readonly cell: 1 | 2;
  readonly segments: readonly Segment[];
  readonly #table: RegisterTable | BitTable;

  constructor(name: string, table: RegisterTable | BitTable) {
    this.name = name;
    this.#table = table;
    this.cell = table instanceof RegisterTable ? 2 : 1;
    let size = 0;
    this.segments = table.ranges.map(({ start, count }) => {
      const offset = size;
      size += this.cell * count;
      return { address: start, offset, length: this.cell * count };
    });
    this.size = size;
  }

  /** Where the byte of an address is; -1 if it does not exist. */
  offsetOf(address: number): number {
    const segment = this.segments.find((each) => address < each.address + each.length / this.cell);
    return segment === undefined || address < segment.address
      ? -1
      : segment.offset + this.cell * (address - segment.address);
  }

  /** The memory of bytes that are in one segment. */
  view(offset: number, length: number): Uint8Array {
    return this.#table.view(this.#addressOf(offset), length / this.cell);
  }

  /** Sets bytes that are in one segment. */
  write(offset: number, bytes: Uint8Array): void {
    const address = this.#addressOf(offset);
    if (this.#table instanceof RegisterTable) this.#table.set(address, readRegisters(bytes, 0, bytes.length / 2));
    else
      this.#table.set(
        address,
        Array.from(bytes, (bit) => bit === 1),
      );
  }

  place(offset: number, length: number): Place {
    return this.#table.spot.place(this.#addressOf(offset), length / this.cell);
  }

  #addressOf(offset: number): number {
    const segment = this.segments.find((each) => offset < each.offset + each.length);
    if (segment === undefined) throw new RangeError(`${this.name} has ${this.size} bytes, not ${offset}`);
    return segment.address + (offset - segment.offset) / this.cell;
  }

  get layout(): string {
    return [this.name, ...this.segments.map(({ address, length }) => `${address}+${length / this.cell}`)].join(' ');
  }
}

/** What servers share of a unit: tables, files and queues that are in memory. */
export interface Parts {
  readonly tables: readonly TablePart[];
  /** Pointer addresses. */
  readonly queues: readonly number[];
  /** Equal on all servers of an image. */
  readonly layout: string;
}

/** @throws SharingError `UNIT_TOO_LARGE` */
export function partsOf(unit: Unit): Parts {
  const { files, fifos } = unit[device];
  const numbers = files instanceof Files ? files.numbers : [];
  const tables = [
    ...TABLE_NAMES.flatMap((name) => tablePart(unit, name)),
    ...numbers.flatMap((number) => filePart(unit, number)),
  ].filter(({ size }) => size > 0);
  const queues = fifos instanceof Fifos ? fifos.pointers : [];
  const size = tables.reduce((sum, part) => sum + part.size, 0);
  if (size > MAX_BYTES) {
    const message = `unit ${unit.id} has ${size} bytes in tables and files: at most ${MAX_BYTES} can be shared`;
    throw new SharingError('UNIT_TOO_LARGE', message);
  }
  return { tables, queues, layout: [...tables.map(({ layout }) => layout), ...queues.map(queueName)].join('; ') };
}

export function fileName(number: number): string {
  return `file:${number}`;
}

export function queueName(pointer: number): string {
  return `fifo:${pointer}`;
}

/** With tables that are one memory, the holding registers are all. */
function tablePart(unit: Unit, name: TableName): TablePart[] {
  if (unit.shared && name !== 'holdingRegisters') return [];
  const table = unit[device].tables[name];
  const memory = table instanceof MixedTable ? table.memory : table;
  return memory.inMemory ? [new TablePart(name, unit[name])] : [];
}

function filePart(unit: Unit, number: number): TablePart[] {
  const file = unit.files.get(number);
  return file === undefined ? [] : [new TablePart(fileName(number), file)];
}
