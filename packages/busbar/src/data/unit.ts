import { EventEmitter } from 'node:events';
import { Access, type AccessOptions } from '../access/access.js';
import {
  type Checked,
  type Checks,
  checkInteger,
  checkOptions,
  checkString,
  integer,
  oneOf,
  optional,
  type Path,
  passing,
} from '../checks.js';
import { DataError, OptionsError } from '../errors.js';
import type { TableName } from '../protocol/tables.js';
import { BitTable } from './bit-table.js';
import { noCounters, type UnitCounters } from './diagnostics.js';
import { type FifoBlock, type FifoHandlers, type FifoSource, Fifos, fifoHandlers } from './fifos.js';
import {
  type FileBlock,
  type FileHandlers,
  type FileSource,
  Files,
  type FileWriteEvent,
  fileHandlers,
} from './files.js';
import { Identity, type IdentityOptions, watchers } from './identity.js';
import { RequestLock } from './lock.js';
import { MixedTable } from './mixed-table.js';
import { RegisterTable } from './registers.js';
import type { ReadEvent, WriteEvent } from './request.js';
import { type ServerIdOptions, serverIdBytes } from './server-id.js';
import { createUnitWords, type Guard, UnitWord } from './shared-memory.js';
import type { Table } from './table.js';
import { type BitTableOption, bits, isHandlers, type RegisterTableOption, registers } from './table-options.js';

/** Tables absent from the options are empty: every address gets exception 02. */
export interface UnitOptions {
  /** 0..255; 1..247 on a serial line. */
  readonly id: number;
  /** For people: banner and logs. */
  readonly name?: string;
  /**
   * The first number in the blocks of the four tables: 0 (the default), as in the protocol, or 1, as in manuals.
   * Methods, events, access rules and handlers always count from 0.
   */
  readonly firstAddress?: 0 | 1;
  /** Blocks in memory, blocks with handlers among them, or handlers for the whole table. */
  readonly coils?: BitTableOption;
  readonly discreteInputs?: BitTableOption;
  readonly holdingRegisters?: RegisterTableOption;
  readonly inputRegisters?: RegisterTableOption;
  readonly files?: readonly FileBlock[] | FileHandlers;
  readonly fifos?: readonly FifoBlock[] | FifoHandlers;
  readonly identity?: IdentityOptions;
  /** Default: the unit id, running. */
  readonly serverId?: ServerIdOptions;
  /** The reply to function 07: eight outputs as a byte, or the first of eight coils to mirror. */
  readonly exceptionStatus?: number | { readonly coils: number };
  readonly access?: AccessOptions;
}

/** Events of a unit. Event listeners run before the client gets its reply. If one throws, the server raises `error`. */
export interface UnitEvents {
  /**
   * A client reads coils, inputs or registers. Raised before the read, so an event listener may still set the values.
   */
  read: [event: ReadEvent];
  /** A client wrote coils or holding registers that are in memory. */
  write: [event: WriteEvent];
  /** A client wrote records of a file that is in memory. */
  fileWrite: [event: FileWriteEvent];
}

/** The key of a unit's data for the functions; not for programs. @internal */
export const device: unique symbol = Symbol('device');

/** A unit's data, as the functions use it. @internal */
export interface Device {
  readonly tables: Readonly<Record<TableName, Table>>;
  readonly files: FileSource;
  readonly fifos: FifoSource;
  readonly access: Access;
  readonly lock: RequestLock;
  /** A user's handler serves a part, so a request may outlive the call that carries it out. */
  readonly handled: boolean;
  serverId: { readonly bytes: Uint8Array };
  /** Each server's view of the unit's traffic. */
  readonly diagnostics: Set<{ readonly counters: UnitCounters }>;
  /** The parts that are single words: see `UnitWord`. */
  words: Int32Array;
  /** Keeps out the other threads that serve the unit; undefined while there are none. */
  guard: Guard | undefined;
  /** Called when the identity or server id changes, because other threads have copies. */
  readonly watchers: Set<() => void>;
  readonly accessOptions: AccessOptions | undefined;
}

/** Flag in the word of the exception status: it mirrors coils, from the address in the lower bits. */
const MIRRORS_COILS = 0x10000;

const CHECKS = {
  id: integer(0, 255),
  name: optional(checkString),
  firstAddress: optional(oneOf([0, 1])),
  coils: bits('coils'),
  discreteInputs: bits('discreteInputs'),
  holdingRegisters: registers('holdingRegisters'),
  inputRegisters: registers('inputRegisters'),
  files: (files = [], path) =>
    isHandlers<FileHandlers>(files, path) ? fileHandlers(files, path) : Files.of(files, path),
  fifos: (fifos = [], path) =>
    isHandlers<FifoHandlers>(fifos, path) ? fifoHandlers(fifos, path) : Fifos.of(fifos, path),
  identity: optional((identity, path) => new Identity(identity, path)),
  serverId: optional(serverIdBytes),
  exceptionStatus: optional((status, path, { coils, ...options }) =>
    exceptionStatusWord(
      status,
      passing(() => bits('coils')(coils, ['coils'], options)),
      path,
    ),
  ),
  access: (access, path) => new Access(access, path),
} satisfies Checks<UnitOptions>;

function createDevice(checked: Checked<typeof CHECKS>): Omit<Device, 'accessOptions'> {
  const { coils, discreteInputs, holdingRegisters, inputRegisters, files, fifos, access } = checked;
  const tables = { coils, discreteInputs, holdingRegisters, inputRegisters };
  return {
    tables,
    files,
    fifos,
    access,
    lock: new RequestLock(),
    handled: [...Object.values(tables), files, fifos].some((source) => !source.inMemory),
    serverId: { bytes: checked.serverId ?? serverIdBytes({ id: checked.id }, []) },
    diagnostics: new Set(),
    words: createUnitWords(),
    guard: undefined,
    watchers: new Set(),
  };
}

/**
 * The word for the reply to function 07: a byte, or the first of eight coils to mirror. @param coils undefined if
 * unknown.
 */
function exceptionStatusWord(status: unknown, coils: Table | undefined, path: Path): number {
  if (typeof status !== 'object' || status === null) return checkInteger(status, 0, 255, path);
  const first = checkOptions(status, { coils: integer(0, 0xffff) }, path).coils;
  if (coils !== undefined && (coils.locate(first, 8) < 0 || coils.parts?.isStored(first, 8) === false)) {
    throw new OptionsError([...path, 'coils'], `coils ${first}..${first + 7} are not all in memory`);
  }
  return MIRRORS_COILS + first;
}

/** A Modbus server device: the data behind one unit id. It can be served by several servers at once. */
export class Unit extends EventEmitter<UnitEvents> {
  readonly id: number;
  readonly name: string | undefined;
  /** @internal */
  readonly [device]: Device;
  #identity: Identity | undefined;
  #serverId: ServerIdOptions;
  readonly #changed = () => {
    for (const watcher of this[device].watchers) watcher();
  };

  /** @throws OptionsError with the path of the wrong option. */
  constructor(options: UnitOptions) {
    super();
    const checked = checkOptions(options, CHECKS);
    this.id = checked.id;
    this.name = checked.name;
    this[device] = { ...createDevice(checked), accessOptions: structuredClone(options.access) };
    this.identity = checked.identity;
    this.#serverId = options.serverId ?? { id: this.id };
    this[device].words[UnitWord.exceptionStatus] = checked.exceptionStatus ?? 0;
  }

  get coils(): BitTable {
    return this.#inMemory('coils', BitTable);
  }

  get discreteInputs(): BitTable {
    return this.#inMemory('discreteInputs', BitTable);
  }

  get holdingRegisters(): RegisterTable {
    return this.#inMemory('holdingRegisters', RegisterTable);
  }

  get inputRegisters(): RegisterTable {
    return this.#inMemory('inputRegisters', RegisterTable);
  }

  get files(): Files {
    const { files } = this[device];
    if (files instanceof Files) return files;
    throw this.#notInMemory('files');
  }

  get fifos(): Fifos {
    const { fifos } = this[device];
    if (fifos instanceof Fifos) return fifos;
    throw this.#notInMemory('fifos');
  }

  /** Device identification; undefined if the unit has none of its own. Assign options to replace it. */
  get identity(): Identity | undefined {
    return this.#identity;
  }

  set identity(identity: Identity | IdentityOptions | undefined) {
    const next =
      identity === undefined || identity instanceof Identity ? identity : new Identity(identity, ['identity']);
    this.#identity?.[watchers].delete(this.#changed);
    next?.[watchers].add(this.#changed);
    this.#identity = next;
    this.#changed();
  }

  /** The reply to function 11. Assign options to replace it. */
  get serverId(): ServerIdOptions {
    return this.#serverId;
  }

  set serverId(options: ServerIdOptions) {
    this[device].serverId = { bytes: serverIdBytes(options, ['serverId']) };
    this.#serverId = options;
    this.#changed();
  }

  /** Diagnostic register, 0..65535, that 08/02 returns and 08/0A clears. */
  get diagnosticRegister(): number {
    return this[device].words[UnitWord.diagnosticRegister];
  }

  set diagnosticRegister(value: number) {
    this[device].words[UnitWord.diagnosticRegister] = checkInteger(value, 0, 0xffff, ['diagnosticRegister']);
  }

  /** The reply to function 07: a byte, or the first of the eight coils that it mirrors. */
  get exceptionStatus(): number | { readonly coils: number } {
    const word = this[device].words[UnitWord.exceptionStatus];
    return word < MIRRORS_COILS ? word : { coils: word - MIRRORS_COILS };
  }

  set exceptionStatus(status: number | { readonly coils: number }) {
    const word = exceptionStatusWord(status, this[device].tables.coils, ['exceptionStatus']);
    this[device].words[UnitWord.exceptionStatus] = word;
  }

  /** Diagnostic counters, added up over the servers that currently serve this unit. */
  get counters(): UnitCounters {
    const sum = noCounters();
    for (const { counters } of this[device].diagnostics) {
      for (const key of Object.keys(sum) as (keyof UnitCounters)[]) sum[key] += counters[key];
    }
    return sum;
  }

  #inMemory<T extends BitTable | RegisterTable>(name: TableName, kind: abstract new (...args: never[]) => T): T {
    const table = this[device].tables[name];
    if (table instanceof kind) return table;
    if (table instanceof MixedTable && table.memory instanceof kind) return table.memory;
    throw this.#notInMemory(name);
  }

  #notInMemory(name: string): DataError {
    return new DataError(
      'NOT_IN_MEMORY',
      `unit ${this.id}: ${name} are answered by your handlers, there is nothing in memory`,
    );
  }
}
