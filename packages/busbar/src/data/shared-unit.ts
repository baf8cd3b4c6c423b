import type { AccessOptions } from '../access/access.js';
import { type Path, show } from '../checks.js';
import { OptionsError } from '../errors.js';
import type { Range } from '../protocol/address-range.js';
import { TABLE_NAMES, type TableName } from '../protocol/tables.js';
import { BitTable } from './bit-table.js';
import { device } from './device.js';
import { Fifos, type SharedQueue } from './fifos.js';
import { Files, type SharedRegisters } from './files.js';
import type { IdentityOptions } from './identity.js';
import { checkPoints } from './points/check-points.js';
import { optionsOf } from './points/declared-point.js';
import type { PointDeclarations } from './points/point-options.js';
import { createPoints } from './points/unit-points.js';
import { RegisterTable } from './registers.js';
import { Guard, shareable, UnitWord } from './shared-memory.js';
import { type FifoHandlers, type FileHandlers, type TableHandlers, Unit, type UnitOptions } from './unit.js';

/** The parts of a unit that have handlers instead of memory. */
export interface UnitHandlers {
  readonly coils?: TableHandlers<boolean> | undefined;
  readonly discreteInputs?: TableHandlers<boolean> | undefined;
  readonly holdingRegisters?: TableHandlers<number> | undefined;
  readonly inputRegisters?: TableHandlers<number> | undefined;
  readonly files?: FileHandlers | undefined;
  readonly fifos?: FifoHandlers | undefined;
}

export const UNIT_HANDLERS: readonly (keyof UnitHandlers)[] = [...TABLE_NAMES, 'files', 'fifos'];

interface SharedTable {
  readonly ranges: readonly Range[];
  /** In its storage form. */
  readonly items: Uint8Array;
}

/** The properties that are copied to other threads, not shared. */
export interface UnitCopies {
  readonly identity: IdentityOptions | undefined;
  readonly serverId: Uint8Array;
}

/** A unit as it is passed to another thread. */
export interface SharedUnit {
  readonly id: number;
  readonly name: string | undefined;
  readonly access: AccessOptions | undefined;
  /** Its tables are one memory. */
  readonly overlaid: boolean;
  readonly points: PointDeclarations;
  readonly copies: UnitCopies;
  readonly words: Int32Array;
  readonly tables: Readonly<Record<TableName, SharedTable>>;
  readonly files: ReadonlyMap<number, SharedRegisters>;
  readonly fifos: ReadonlyMap<number, SharedQueue>;
}

/**
 * Moves the content of a unit to memory that other threads can share, and guards it from now on. The unit must not have
 * handlers.
 */
export function shareUnit(unit: Unit): SharedUnit {
  const internals = unit[device];
  internals.words = shareable(internals.words);
  internals.changes.guard ??= new Guard(internals.words);
  internals.changes.showListeners(internals.words);
  const { accessOptions, words, overlaid } = internals;
  if (overlaid) unit.coils.share(unit.holdingRegisters.share());
  const share = (table: BitTable | RegisterTable): SharedTable => ({ ranges: table.ranges, items: table.share() });
  return {
    id: unit.id,
    name: unit.name,
    access: accessOptions,
    overlaid,
    points: optionsOf(internals.points.declared),
    copies: copiesOf(unit),
    words,
    tables: {
      coils: share(unit.coils),
      discreteInputs: share(unit.discreteInputs),
      holdingRegisters: share(unit.holdingRegisters),
      inputRegisters: share(unit.inputRegisters),
    },
    files: unit.files.share(),
    fifos: unit.fifos.share(),
  };
}

/** No other thread serves the unit any more. */
export function unshareUnit(unit: Unit): void {
  const internals = unit[device];
  // A terminated thread may have left it locked.
  internals.words = Int32Array.from(internals.words);
  internals.words[UnitWord.lock] = 0;
  internals.changes.guard = undefined;
  internals.changes.showListeners(undefined);
}

export function copiesOf(unit: Unit): UnitCopies {
  return { identity: unit.identity?.options, serverId: unit[device].serverId.bytes };
}

/** Copies the changes that another thread has made to a unit. */
export function updateCopies(unit: Unit, { identity, serverId }: UnitCopies): void {
  unit.identity = identity;
  unit[device].serverId = { bytes: serverId };
}

/** Creates a unit in this thread that uses another thread's memory, except for the parts with `handlers`. */
export function joinUnit(shared: SharedUnit, handlers: UnitHandlers, path: Path): Unit {
  const { id, name, access, words, copies } = shared;
  const given = UNIT_HANDLERS.filter((key) => handlers[key] !== undefined);
  for (const key of given) checkHandlers(shared, key, handlers[key], [...path, key]);
  const overrides = Object.fromEntries(given.map((key) => [key, handlers[key]]));
  const unit = new Unit({ id, name, access, ...blocksOf(shared), ...overrides });
  const internals = unit[device];
  internals.words = words;
  internals.changes.guard = new Guard(words);
  joinStorage(unit, shared);
  internals.points = createPoints(checkPoints(shared.points, 0, ['points']), internals);
  internals.changes.reports.points = internals.points.index;
  updateCopies(unit, copies);
  return unit;
}

function checkHandlers(shared: SharedUnit, key: keyof UnitHandlers, handlers: unknown, path: Path): void {
  if (typeof handlers !== 'object' || handlers === null || Array.isArray(handlers)) {
    throw new OptionsError(path, `expected an object with handlers, found ${show(handlers)}`);
  }
  if (isEmpty(shared, key)) return;
  throw new OptionsError(path, `the program has ${key} of unit ${shared.id} in memory: leave them out here or there`);
}

function isEmpty({ tables, files, fifos }: SharedUnit, key: keyof UnitHandlers): boolean {
  if (key === 'files') return files.size === 0;
  return key === 'fifos' ? fifos.size === 0 : tables[key].ranges.length === 0;
}

/** Blocks with the addresses of the shared memory. */
function blocksOf({ tables, overlaid, files, fifos }: SharedUnit): Omit<UnitOptions, 'id'> {
  const { holdingRegisters, ...others } = tables;
  return {
    ...(overlaid ? { shared: true } : rangesOf(others)),
    holdingRegisters: holdingRegisters.ranges,
    files: [...files].flatMap(([number, { ranges }]) => ranges.map((range) => ({ number, ...range }))),
    fifos: [...fifos.keys()].map((pointer) => ({ pointer })),
  };
}

function rangesOf({ coils, discreteInputs, inputRegisters }: Omit<SharedUnit['tables'], 'holdingRegisters'>) {
  return {
    coils: coils.ranges,
    discreteInputs: discreteInputs.ranges,
    inputRegisters: inputRegisters.ranges,
  };
}

function joinStorage(unit: Unit, shared: SharedUnit): void {
  const { tables, files, fifos } = unit[device];
  for (const name of TABLE_NAMES) {
    const table = tables[name];
    if (table instanceof BitTable || table instanceof RegisterTable) table.share(shared.tables[name].items);
  }
  if (files instanceof Files) files.share(shared.files);
  if (fifos instanceof Fifos) fifos.share(shared.fifos);
}
