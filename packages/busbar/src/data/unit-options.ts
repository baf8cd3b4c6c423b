import { Access } from '../access/access.js';
import {
  type Check,
  type ChecksTo,
  checkBoolean,
  checkInteger,
  checkObject,
  checkOptions,
  checkString,
  integer,
  oneOf,
  optional,
  type Path,
  passing,
  type UncheckedOptions,
  withDefault,
} from '../checks.js';
import { OptionsError } from '../errors.js';
import type { TableName } from '../protocol/tables.js';
import { type FifoSource, Fifos, fifoHandlers } from './fifos.js';
import { type FileSource, Files, fileHandlers } from './files.js';
import { Identity } from './identity.js';
import { overlaidPlace, overlayOf } from './overlay.js';
import { checkPoints } from './points/check-points.js';
import { byTable, claimsOf } from './points/claims.js';
import type { DeclaredPoint } from './points/declared-point.js';
import { serverIdBytes } from './server-id.js';
import type { Table } from './table.js';
import { bits, type Claims, isHandlers, registers } from './table-options.js';

/** A unit's checked options, with the tables, files and queues made from them. */
export interface CheckedUnitOptions extends Readonly<Record<TableName, Table>> {
  readonly id: number;
  readonly name: string | undefined;
  readonly firstAddress: 0 | 1 | undefined;
  readonly shared: boolean;
  readonly points: readonly DeclaredPoint[];
  readonly files: FileSource;
  readonly fifos: FifoSource;
  readonly identity: Identity | undefined;
  readonly serverId: Uint8Array | undefined;
  readonly exceptionStatus: number | undefined;
  readonly access: Access;
}

function unitChecks(declared: () => readonly DeclaredPoint[], claims: Claims): ChecksTo<CheckedUnitOptions> {
  return {
    id: integer(0, 255),
    name: optional(checkString),
    firstAddress: optional(oneOf([0, 1])),
    shared: withDefault(checkBoolean, false),
    points: declared,
    coils: unlessShared(bits('coils', claims)),
    discreteInputs: unlessShared(bits('discreteInputs', claims)),
    holdingRegisters: fitForAll(registers('holdingRegisters', claims)),
    inputRegisters: unlessShared(registers('inputRegisters', claims)),
    files: (files = [], path) => (isHandlers(files, path) ? fileHandlers(files, path) : Files.of(files, path)),
    fifos: (fifos = [], path) => (isHandlers(fifos, path) ? fifoHandlers(fifos, path) : Fifos.of(fifos, path)),
    identity: optional((identity, path) => new Identity(identity, path)),
    serverId: optional(serverIdBytes),
    exceptionStatus: optional((status, path, options) =>
      exceptionStatusWord(
        status,
        passing(() => coilsOf(options, claims)),
        path,
      ),
    ),
    access: (access, path) => new Access(access, path),
  };
}

/** With `shared`, the holding registers must be able to be all tables. */
function fitForAll(check: Check<Table>): Check<Table> {
  return (blocks, path, options) => {
    const table = check(blocks, path, options);
    if (options.shared === true) overlayOf(table, path);
    return table;
  };
}

/** With `shared`, only the holding registers have blocks. */
function unlessShared(check: Check<Table>): Check<Table> {
  return (blocks, path, options) => {
    if (options.shared !== true || blocks === undefined) return check(blocks, path, options);
    throw new OptionsError(
      path,
      'expected none: with shared: true, the tables are those of holdingRegisters, which alone has blocks',
    );
  };
}

function coilsOf(options: UncheckedOptions, claims: Claims): Table {
  if (options.shared !== true) return bits('coils', claims)(options.coils, ['coils'], options);
  const path = ['holdingRegisters'];
  return overlayOf(registers('holdingRegisters', claims)(options.holdingRegisters, path, options), path).coils;
}

/** @throws OptionsError with the paths of the wrong options. */
export function checkUnitOptions(options: object): CheckedUnitOptions {
  const { points, firstAddress, shared } = checkObject(options, []);
  const declared = once(() => checkPoints(points, firstAddress === 1 ? 1 : 0, ['points']));
  // Where points are wrong, their own check says so.
  const placed = once(() => byTable(passing(declared) ?? [], shared === true ? overlaidPlace : (place) => place));
  const claims: Claims = (table) => claimsOf(placed().get(table) ?? []);
  const checked = checkOptions(options, unitChecks(declared, claims));
  return checked.shared ? { ...checked, ...overlayOf(checked.holdingRegisters, ['holdingRegisters']) } : checked;
}

/** Does a task when its result is first needed; what it throws, it throws each time. */
function once<T>(task: () => T): () => T {
  let done: { readonly result: T } | undefined;
  return () => {
    done ??= { result: task() };
    return done.result;
  };
}

/** Flag in the word of the exception status: it mirrors coils, from the address in the lower bits. */
export const MIRRORS_COILS = 0x10000;

/**
 * The word for what function 07 answers: a byte, or the first of eight coils to mirror. @param coils undefined: not
 * known.
 */
export function exceptionStatusWord(status: unknown, coils: Table | undefined, path: Path): number {
  if (typeof status !== 'object' || status === null) return checkInteger(status, 0, 255, path);
  const first = checkOptions(status, { coils: integer(0, 0xffff) }, path).coils;
  if (coils !== undefined && (coils.locate(first, 8) < 0 || coils.parts?.isStored(first, 8) === false)) {
    throw new OptionsError([...path, 'coils'], `coils ${first}..${first + 7} are not all in memory`);
  }
  return MIRRORS_COILS + first;
}
