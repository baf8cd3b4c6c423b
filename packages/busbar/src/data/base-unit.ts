import type { AccessOptions } from '../access/access.js';
import { checkFunction, checkInteger, checkSynchronous, show } from '../checks.js';
import { Emitter, type EventMap } from '../emit.js';
import { DataError, OptionsError } from '../errors.js';
import type { Peer } from '../peer.js';
import type { TableName } from '../protocol/tables.js';
import { BitTable } from './bit-table.js';
import type { ChangeSource, StatusPart } from './change-event.js';
import { Changes } from './changes.js';
import { createDevice, type Device, device } from './device.js';
import { noCounters, type UnitCounters } from './diagnostics.js';
import { Fifos } from './fifos.js';
import { Files } from './files.js';
import { Identity, type IdentityOptions, watchers } from './identity.js';
import { MixedTable } from './mixed-table.js';
import type { Point } from './points/point.js';
import type { PointDeclarations } from './points/point-options.js';
import type { Points } from './points/point-types.js';
import { checkValues, pointsAt } from './points/unit-points.js';
import { RegisterTable } from './registers.js';
import { type ServerIdOptions, serverIdBytes } from './server-id.js';
import { UnitWord } from './shared-memory.js';
import { type CheckedUnitOptions, exceptionStatusWord, MIRRORS_COILS } from './unit-options.js';

/** A unit's data, and what a program does with it. `Unit` adds what names `Unit` itself: its options and its events. */
export class BaseUnit<P extends PointDeclarations, Events extends EventMap<Events>> extends Emitter<Events> {
  readonly id: number;
  readonly name: string | undefined;
  /** The four tables are one memory, that of the holding registers. */
  readonly shared: boolean;
  /** @internal */
  readonly [device]: Device;
  #identity: Identity | undefined;
  #serverId: ServerIdOptions;
  readonly #identityChanged = () => this.#copiesChanged('identity');

  /** @internal */
  constructor(
    checked: CheckedUnitOptions,
    { access, serverId }: { access?: AccessOptions | undefined; serverId?: ServerIdOptions | undefined },
  ) {
    super();
    this.id = checked.id;
    this.name = checked.name;
    this.shared = checked.shared;
    this[device] = createDevice(checked, new Changes(this), access);
    this.identity = checked.identity;
    this.#serverId = serverId ?? { id: this.id };
    this[device].words[UnitWord.exceptionStatus] = checked.exceptionStatus ?? 0;
  }

  /** Points by name; their types follow from their declaration. */
  get points(): Points<P> {
    return this[device].points.byName as Points<P>;
  }

  /** The points that have a part in a range of a table, by address. @param quantity of bits or registers. */
  pointsAt(table: TableName, address: number, quantity: number): readonly Point[] {
    return pointsAt(this[device], table, address, quantity);
  }

  /**
   * Checks values for a range as if a client wrote them, by the types and limits of the points that it touches; nothing
   * is written. That they are read-only, or to be written as a whole, does not matter.
   * @throws DataError `INVALID_VALUE` with the name of the point that cannot have them.
   */
  checkValues(table: TableName, address: number, values: readonly number[] | readonly boolean[]): void {
    checkValues(this[device], () => this.holdingRegisters, { table, address, values });
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
    this.#identity?.[watchers].delete(this.#identityChanged);
    next?.[watchers].add(this.#identityChanged);
    this.#identity = next;
    this.#identityChanged();
  }

  /** The reply to function 11. Assign options to replace it. */
  get serverId(): ServerIdOptions {
    return this.#serverId;
  }

  set serverId(options: ServerIdOptions) {
    this[device].serverId = { bytes: serverIdBytes(options, ['serverId']) };
    this.#serverId = options;
    this.#copiesChanged('serverId');
  }

  /** Diagnostic register, 0..65535, that 08/02 returns and 08/0A clears. */
  get diagnosticRegister(): number {
    return this[device].words[UnitWord.diagnosticRegister];
  }

  set diagnosticRegister(value: number) {
    this[device].words[UnitWord.diagnosticRegister] = checkInteger(value, 0, 0xffff, ['diagnosticRegister']);
    this.#tell('diagnosticRegister');
  }

  /** The reply to function 07: a byte, or the first of the eight coils that it mirrors. */
  get exceptionStatus(): number | { readonly coils: number } {
    const word = this[device].words[UnitWord.exceptionStatus];
    return word < MIRRORS_COILS ? word : { coils: word - MIRRORS_COILS };
  }

  set exceptionStatus(status: number | { readonly coils: number }) {
    const word = exceptionStatusWord(status, this[device].tables.coils, ['exceptionStatus']);
    this[device].words[UnitWord.exceptionStatus] = word;
    this.#tell('exceptionStatus');
  }

  /** Diagnostic counters, added up over the servers that currently serve this unit. */
  get counters(): UnitCounters {
    const sum = noCounters();
    for (const { counters } of this[device].diagnostics) {
      for (const key of Object.keys(sum) as (keyof UnitCounters)[]) sum[key] += counters[key];
    }
    return sum;
  }

  /**
   * Makes changes in the name of a source other than the program, such as another machine or a simulator: the `by` of
   * their events is that source. The events come after all the changes, and no other thread comes between.
   * @param source a name, or the peer on whose behalf it is done, from a request's context.
   * @param change a synchronous function.
   * @returns what `change` returns.
   */
  as<T>(source: ChangeSource, change: () => T): T {
    checkFunction(change, ['change']);
    checkSynchronous(change, ['change']);
    return this[device].changes.by(checkSource(source), change);
  }

  /** Other threads have copies of it. */
  #copiesChanged(part: StatusPart): void {
    for (const watcher of this[device].watchers) watcher();
    this.#tell(part);
  }

  #tell(part: StatusPart): void {
    this[device].changes.tell({ part });
  }

  #inMemory<T extends BitTable | RegisterTable>(name: TableName, kind: abstract new (...args: never[]) => T): T {
    const table = this[device].tables[name];
    if (table instanceof kind) return table;
    if (table instanceof MixedTable && table.memory instanceof kind) return table.memory;
    throw this.#notInMemory(name);
  }

  #notInMemory(name: string): DataError {
    return new DataError('NOT_IN_MEMORY', `unit ${this.id}: ${name} have handlers, so nothing is in memory`);
  }
}

function checkSource(source: unknown): ChangeSource {
  if (typeof source === 'string' && source !== '') return source;
  if (typeof source === 'object' && source !== null && 'peer' in source && isPeer(source.peer)) {
    return { peer: source.peer };
  }
  throw new OptionsError(['source'], `expected a name, or an object with a peer, found ${show(source)}`);
}

function isPeer(value: unknown): value is Peer {
  return typeof value === 'object' && value !== null && 'transport' in value && typeof value.transport === 'string';
}
