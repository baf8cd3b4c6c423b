import type { MemoryChange } from '../data/backing.js';
import { BitTable } from '../data/bit-table.js';
import { device } from '../data/device.js';
import { Fifos } from '../data/fifos.js';
import { Files } from '../data/files.js';
import type { IdentityOptions } from '../data/identity.js';
import { MixedTable } from '../data/mixed-table.js';
import { RegisterTable } from '../data/registers.js';
import type { Unit } from '../data/unit.js';
import type { Range } from '../protocol/address-range.js';
import { TABLE_NAMES, type TableName } from '../protocol/tables.js';
import { BITS, REGISTERS } from './page.js';
import { Region } from './region.js';

// The parts of a unit that are kept as a whole, as JSON: queues, and what is a single value; and which files the program
// has created or deleted.

/** The region for a table or a file; one that the unit has no more has no addresses. */
export function regionOf(unit: Unit, part: string): Region {
  const [name, number] = part.split('/');
  if (name === 'files') return new Region(filesOf(unit)?.get(Number(number)), REGISTERS);
  const table = TABLE_NAMES.find((each) => each === name);
  const form = table === 'coils' || table === 'discreteInputs' ? BITS : REGISTERS;
  return new Region(table && memoryOf(unit, table), form);
}

/** The part in memory of a table; undefined if all of it has handlers. */
function memoryOf(unit: Unit, name: TableName): BitTable | RegisterTable | undefined {
  const { tables, overlaid } = unit[device];
  // They are the memory of the holding registers, which keep it.
  if (overlaid && name !== 'holdingRegisters') return undefined;
  const table = tables[name];
  const memory = table instanceof MixedTable ? table.memory : table;
  return memory instanceof BitTable || memory instanceof RegisterTable ? memory : undefined;
}

function filesOf(unit: Unit): Files | undefined {
  const { files } = unit[device];
  return files instanceof Files ? files : undefined;
}

function fifosOf(unit: Unit): Fifos | undefined {
  const { fifos } = unit[device];
  return fifos instanceof Fifos ? fifos : undefined;
}

/** The name of the part that a change is of, if it is kept as a whole. */
export function wholePart(change: Exclude<MemoryChange, { before: unknown }>): string | undefined {
  if ('file' in change) return `files/${change.file}`;
  if ('pointer' in change) return `fifos/${change.pointer}`;
  return change.part === 'serverId' ? undefined : change.part;
}

/** What is kept of a part; undefined for nothing. @param made the program has created or deleted it. */
export function storedWhole(unit: Unit, name: string, made: boolean): Uint8Array | undefined {
  const kept = wholeOf(unit, name, made);
  return kept === undefined ? undefined : new TextEncoder().encode(JSON.stringify(kept, withHex));
}

/** Bytes as options take them. */
function withHex(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { hex: Buffer.from(value).toString('hex') } : value;
}

function wholeOf(unit: Unit, name: string, made: boolean): unknown {
  const [part, number, page] = name.split('/');
  if (part === 'files') {
    return made && page === undefined ? { ranges: filesOf(unit)?.get(Number(number))?.ranges ?? null } : undefined;
  }
  if (part === 'fifos') {
    const queue = fifosOf(unit)?.get(Number(number));
    return made || queue !== undefined ? { made, values: queue?.values ?? null } : undefined;
  }
  if (part === 'identity') return { options: unit.identity?.options ?? null };
  return part === 'exceptionStatus' ? unit.exceptionStatus : unit.diagnosticRegister;
}

/**
 * What becomes of a kept part: it is back; it is one that the program has `made` or deleted, and so again; the unit has
 * no place for it.
 */
export type Fate = 'back' | 'made' | 'dropped';

/** Puts back what was kept of a part. Throws if it is nothing that was kept. */
export function restoreWhole(unit: Unit, name: string, stored: Uint8Array): Fate {
  const kept: unknown = JSON.parse(new TextDecoder().decode(stored));
  const [part, number] = name.split('/');
  if (part === 'files') return restoreFile(unit, Number(number), kept as { ranges: readonly Range[] | null });
  if (part === 'fifos') return restoreFifo(unit, Number(number), kept as KeptFifo);
  if (part === 'identity') unit.identity = (kept as { options: IdentityOptions | null }).options ?? undefined;
  else if (part === 'diagnosticRegister') unit.diagnosticRegister = kept as number;
  else if (part === 'exceptionStatus') return restoreExceptionStatus(unit, kept as number | { readonly coils: number });
  else throw new TypeError(`${name} is no part of a unit`);
  return 'back';
}

interface KeptFifo {
  readonly made: boolean;
  readonly values: readonly number[] | null;
}

/** The program's own file takes the place of one that the unit has now. */
function restoreFile(unit: Unit, number: number, { ranges }: { ranges: readonly Range[] | null }): Fate {
  const files = filesOf(unit);
  if (files === undefined) return 'dropped';
  if (ranges === null) files.delete(number);
  else files.create(number, ...ranges);
  return 'made';
}

function restoreFifo(unit: Unit, pointer: number, { made, values }: KeptFifo): Fate {
  const fifos = fifosOf(unit);
  if (fifos !== undefined && values === null) fifos.delete(pointer);
  else {
    const queue = fifos?.get(pointer) ?? (made ? fifos?.create(pointer) : undefined);
    if (queue === undefined) return 'dropped';
    queue.drain();
    queue.push(...(values ?? []));
  }
  return made ? 'made' : 'back';
}

/** The coils that it mirrors may be gone. */
function restoreExceptionStatus(unit: Unit, status: number | { readonly coils: number }): Fate {
  const { coils } = unit[device].tables;
  if (typeof status === 'object' && coils.locate(status.coils, 8) < 0) return 'dropped';
  unit.exceptionStatus = status;
  return 'back';
}
