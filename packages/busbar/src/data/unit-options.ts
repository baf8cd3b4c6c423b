import { Access, type AccessOptions } from '../access/access.js';
import {
  type Check,
  type CheckedOptions,
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
import { type FifoBlock, type FifoHandlers, type FifoSource, Fifos, fifoHandlers } from './fifos.js';
import { type FileBlock, type FileHandlers, type FileSource, Files, fileHandlers } from './files.js';
import { Identity, type IdentityOptions } from './identity.js';
import { overlaidPlace, overlayOf } from './overlay.js';
import { checkPoints } from './points/check-points.js';
import { byTable, claimsOf } from './points/claims.js';
import type { DeclaredPoint } from './points/declared-point.js';
import type { PointDeclarations } from './points/point-options.js';
import { type ServerIdOptions, serverIdBytes } from './server-id.js';
import type { Table } from './table.js';
import {
  type BitTableOption,
  bits,
  type Claims,
  isHandlers,
  type RegisterTableOption,
  registers,
} from './table-options.js';

/** Tables absent from the options are empty: every address gets exception 02. */
export interface UnitOptions<P extends PointDeclarations = PointDeclarations> {
  /** 0..255; 1..247 on a serial line. */
  readonly id: number;
  /** For people: banner and logs. */
  readonly name?: string | undefined;
  /**
   * The first number in the blocks of the four tables, and in places of points such as `holding 0`: 0 (the default), as
   * in the protocol, or 1, as in manuals. Methods, events, access rules and handlers always count from 0, references
   * such as 40001 always from 1.
   */
  readonly firstAddress?: 0 | 1 | undefined;
  /**
   * The four tables are one memory, that of `holdingRegisters`, which has blocks in memory only; the other tables are
   * not declared. Input registers are the holding registers; coil and discrete input n are bit n % 16 of register
   * n / 16, bit 0 the least significant. Default: each table has its own memory.
   */
  readonly shared?: boolean | undefined;
  /** Blocks in memory, blocks with handlers among them, or handlers for the whole table. */
  readonly coils?: BitTableOption | undefined;
  readonly discreteInputs?: BitTableOption | undefined;
  readonly holdingRegisters?: RegisterTableOption | undefined;
  readonly inputRegisters?: RegisterTableOption | undefined;
  /** Named, typed values. They make their addresses exist; blocks may stand beside them. */
  readonly points?: P | undefined;
  readonly files?: readonly FileBlock[] | FileHandlers | undefined;
  readonly fifos?: readonly FifoBlock[] | FifoHandlers | undefined;
  readonly identity?: IdentityOptions | undefined;
  /** Default: the unit id, running. */
  readonly serverId?: ServerIdOptions | undefined;
  /** The reply to function 07: eight outputs as a byte, or the first of eight coils to mirror. */
  readonly exceptionStatus?: number | { readonly coils: number } | undefined;
  readonly access?: AccessOptions | undefined;
}

/** A unit's checked options, with the tables, files and queues made from them. */
export type CheckedUnitOptions = CheckedOptions<
  UnitOptions,
  {
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
  } & Readonly<Record<TableName, Table>>
>;

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
    files: (files = [], path) =>
      isHandlers<FileHandlers>(files, path) ? fileHandlers(files, path) : Files.of(files, path),
    fifos: (fifos = [], path) =>
      isHandlers<FifoHandlers>(fifos, path) ? fifoHandlers(fifos, path) : Fifos.of(fifos, path),
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
export function checkUnitOptions(options: UnitOptions): CheckedUnitOptions {
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
