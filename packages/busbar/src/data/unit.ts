import { EventEmitter } from 'node:events';
import { Access, type AccessOptions } from '../access/access.js';
import { checkInteger, checkKeys, checkOneOf, checkString } from '../checks.js';
import { DataError, OptionsError } from '../errors.js';
import { NO_BYTES } from '../protocol/bytes.js';
import { TABLE_NAMES, type TableName } from '../protocol/tables.js';
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
   * How the blocks of the four tables are numbered: from 0 (the default), as the protocol does it, or from 1, as manuals do. All
   * else – methods, events, access rules, handlers – counts from 0 in any case.
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
  /** If absent: the unit id, running. */
  readonly serverId?: ServerIdOptions;
  /** What function 07 answers: eight outputs as a byte, or the first of eight coils to mirror. */
  readonly exceptionStatus?: number | { readonly coils: number };
  readonly access?: AccessOptions;
}

const UNIT_OPTIONS = [
  'id',
  'name',
  'firstAddress',
  ...TABLE_NAMES,
  'files',
  'fifos',
  'identity',
  'serverId',
  'exceptionStatus',
  'access',
] as const satisfies (keyof UnitOptions)[];

/** Events of a unit. Listeners run before the client is answered; one that throws is reported as the server's `error`. */
export interface UnitEvents {
  /** A client reads coils, inputs or registers: raised ahead of the reading, so that a listener may still set the values. */
  read: [event: ReadEvent];
  /** A client wrote coils or holding registers that are in memory. */
  write: [event: WriteEvent];
  /** A client wrote records of a file that is in memory. */
  fileWrite: [event: FileWriteEvent];
}

/** Where a unit keeps what the functions work on; not for programs. @internal */
export const device: unique symbol = Symbol('device');

/** What the functions work on. @internal */
export interface Device {
  readonly tables: Readonly<Record<TableName, Table>>;
  readonly files: FileSource;
  readonly fifos: FifoSource;
  readonly access: Access;
  readonly lock: RequestLock;
  /** A user's handler serves part of it, so a request may outlive the call that carries it out. */
  readonly handled: boolean;
  serverId: { readonly bytes: Uint8Array };
  /** Each server's view of the unit's traffic. */
  readonly diagnostics: Set<{ readonly counters: UnitCounters }>;
  /** What of it is a single word: see `UnitWord`. */
  words: Int32Array;
  /** Keeps out the other threads that serve the unit; undefined while there are none. */
  guard: Guard | undefined;
  /** Called when identity or server id change, of which other threads have copies. */
  readonly watchers: Set<() => void>;
  readonly accessOptions: AccessOptions | undefined;
}

/** In the word of the exception status: it mirrors coils, from the address in the lower bits on. */
const MIRRORS_COILS = 0x10000;

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
    checkKeys(options, UNIT_OPTIONS);
    this.id = checkInteger(options.id, 0, 255, ['id']);
    this.name = options.name === undefined ? undefined : checkString(options.name, ['name']);
    this[device] = createDevice(options);
    this.identity = options.identity;
    this.#serverId = options.serverId ?? { id: this.id };
    this.serverId = this.#serverId;
    if (options.exceptionStatus !== undefined) this.exceptionStatus = options.exceptionStatus;
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

  /** What function 11 reports. Assign options to replace it. */
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

  /** What function 07 answers: a byte, or the first of eight coils that it mirrors. */
  get exceptionStatus(): number | { readonly coils: number } {
    const word = this[device].words[UnitWord.exceptionStatus];
    return word < MIRRORS_COILS ? word : { coils: word - MIRRORS_COILS };
  }

  set exceptionStatus(status: number | { readonly coils: number }) {
    const path = ['exceptionStatus'];
    const { words } = this[device];
    if (typeof status === 'object' && status !== null) {
      checkKeys(status, ['coils'], path);
      const { coils } = this[device].tables;
      const first = checkInteger(status.coils, 0, 0xffff, [...path, 'coils']);
      if (coils.locate(first, 8) < 0 || coils.parts?.isStored(first, 8) === false) {
        throw new OptionsError([...path, 'coils'], `coils ${status.coils}..${status.coils + 7} are not all in memory`);
      }
      words[UnitWord.exceptionStatus] = MIRRORS_COILS + status.coils;
    } else words[UnitWord.exceptionStatus] = checkInteger(status, 0, 255, path);
  }

  /** Diagnostic counters, added up over the servers that serve this unit now. */
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

function createDevice(options: UnitOptions): Device {
  const first = checkOneOf(options.firstAddress ?? 0, [0, 1] as const, ['firstAddress']);
  const tables = {
    coils: bits('coils', first, options.coils),
    discreteInputs: bits('discreteInputs', first, options.discreteInputs),
    holdingRegisters: registers('holdingRegisters', first, options.holdingRegisters),
    inputRegisters: registers('inputRegisters', first, options.inputRegisters),
  };
  const { files = [], fifos = [] } = options;
  const fileSource = isHandlers(files, ['files']) ? fileHandlers(files, ['files']) : Files.of(files, ['files']);
  const fifoSource = isHandlers(fifos, ['fifos']) ? fifoHandlers(fifos, ['fifos']) : Fifos.of(fifos, ['fifos']);
  const handled = [...Object.values(tables), fileSource, fifoSource].some((source) => !source.inMemory);
  const access = new Access(options.access, ['access']);
  return {
    tables,
    files: fileSource,
    fifos: fifoSource,
    access,
    accessOptions: structuredClone(options.access),
    lock: new RequestLock(),
    handled,
    serverId: { bytes: NO_BYTES },
    diagnostics: new Set(),
    words: createUnitWords(),
    guard: undefined,
    watchers: new Set(),
  };
}
