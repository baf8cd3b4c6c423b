import type { Access, AccessOptions } from '../access/access.js';
import type { TableName } from '../protocol/tables.js';
import type { Backing } from './backing.js';
import type { Changes } from './changes.js';
import type { UnitCounters } from './diagnostics.js';
import { type FifoSource, Fifos } from './fifos.js';
import { type FileSource, Files } from './files.js';
import { RequestLock } from './lock.js';
import { createPoints, type UnitPoints } from './points/unit-points.js';
import { serverIdBytes } from './server-id.js';
import { createUnitWords } from './shared-memory.js';
import type { Table } from './table.js';
import type { CheckedUnitOptions } from './unit-options.js';

/** The key of a unit's data for the functions; not for programs. @internal */
export const device: unique symbol = Symbol('device');

/** A unit's data, as the functions use it. */
export interface Device {
  readonly tables: Readonly<Record<TableName, Table>>;
  /** The tables are one memory. */
  readonly overlaid: boolean;
  readonly files: FileSource;
  readonly fifos: FifoSource;
  points: UnitPoints;
  readonly access: Access;
  readonly lock: RequestLock;
  /** A user's handler serves a part, so a request may outlive the call that carries it out. */
  readonly handled: boolean;
  serverId: { readonly bytes: Uint8Array };
  /** Each server's view of the unit's traffic. */
  readonly diagnostics: Set<{ readonly counters: UnitCounters }>;
  /** The parts that are single words: see `UnitWord`. */
  words: Int32Array;
  /** Makes and reports all changes of the unit. */
  readonly changes: Changes;
  /** Called when the identity or server id changes, because other threads have copies. */
  readonly watchers: Set<() => void>;
  readonly accessOptions: AccessOptions | undefined;
  /** What stands behind the memory: see `putBehind`. */
  backing: Backing | undefined;
}

export function createDevice(
  checked: CheckedUnitOptions,
  changes: Changes,
  accessOptions: AccessOptions | undefined,
): Device {
  const { coils, discreteInputs, holdingRegisters, inputRegisters, files, fifos, access } = checked;
  const tables = { coils, discreteInputs, holdingRegisters, inputRegisters };
  for (const table of Object.values(tables)) table.belongTo?.(changes);
  if (files instanceof Files) files.belongTo(changes);
  if (fifos instanceof Fifos) fifos.belongTo(changes);
  const points = createPoints(checked.points, { tables, overlaid: checked.shared, access });
  changes.reports.points = points.index;
  return {
    tables,
    overlaid: checked.shared,
    files,
    fifos,
    points,
    access,
    lock: new RequestLock(),
    handled: [...Object.values(tables), files, fifos].some((source) => !source.inMemory),
    serverId: { bytes: checked.serverId ?? serverIdBytes({ id: checked.id }, []) },
    diagnostics: new Set(),
    words: createUnitWords(),
    changes,
    watchers: new Set(),
    backing: undefined,
    accessOptions: structuredClone(accessOptions),
  };
}
