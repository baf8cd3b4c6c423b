import type { FunctionSet } from '../access/function-set.js';
import { createPermission } from '../access/permission.js';
import type { Permission } from '../access/roles.js';
import type { LineCounters } from '../counters.js';
import { type Device, device } from '../data/device.js';
import { Diagnostics } from '../data/diagnostics.js';
import type { Identity } from '../data/identity.js';
import type { Unit } from '../data/unit.js';

/** A unit as one server serves it. */
export class ServedUnit {
  readonly unit: Unit;
  readonly device: Device;
  readonly diagnostics: Diagnostics;
  /** The server's, for a unit without an identity of its own. */
  readonly defaultIdentity: Identity | undefined;
  /** Whether a request may be carried out; undefined: every one may. */
  readonly permits: Permission<Unit> | undefined;

  constructor(
    unit: Unit,
    line: LineCounters,
    defaultIdentity: Identity | undefined,
    functions: FunctionSet | undefined,
    authorize: Permission<Unit> | undefined,
  ) {
    this.unit = unit;
    this.device = unit[device];
    this.diagnostics = new Diagnostics(line);
    this.defaultIdentity = defaultIdentity;
    this.permits = createPermission([functions, this.device.access.functions], authorize);
  }

  /** From now on the unit's counters include those of this server. */
  attach(): void {
    this.device.diagnostics.add(this.diagnostics);
  }

  detach(): void {
    this.device.diagnostics.delete(this.diagnostics);
  }
}
