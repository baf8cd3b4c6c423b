import type { FunctionSet } from '../access/function-set.js';
import type { LineCounters } from '../counters.js';
import { type Device, device } from '../data/device.js';
import { Diagnostics } from '../data/diagnostics.js';
import type { Identity } from '../data/identity.js';
import type { Unit } from '../data/unit.js';
import { readSubFunction } from '../protocol/sub-functions.js';

/** A unit as one server serves it. */
export class ServedUnit {
  readonly unit: Unit;
  readonly device: Device;
  readonly diagnostics: Diagnostics;
  /** The server's, for a unit without an identity of its own. */
  readonly defaultIdentity: Identity | undefined;
  /** Of the unit and of the server: each must allow a function. */
  readonly #allowed: readonly FunctionSet[];
  /** No rule forbids any function. */
  readonly allowsAll: boolean;

  constructor(
    unit: Unit,
    line: LineCounters,
    defaultIdentity: Identity | undefined,
    functions: FunctionSet | undefined,
  ) {
    this.unit = unit;
    this.device = unit[device];
    this.diagnostics = new Diagnostics(line);
    this.defaultIdentity = defaultIdentity;
    this.#allowed = [functions, this.device.access.functions].filter((each) => each !== undefined);
    this.allowsAll = this.#allowed.length === 0;
  }

  /** Whether rules allow the function of the request PDU `request[start..end)`. */
  allows(request: Uint8Array, start: number, end: number): boolean {
    for (const allowed of this.#allowed) {
      if (!allowed.has(request[start], readSubFunction(request, start, end))) return false;
    }
    return true;
  }

  /** From now on the unit's counters include those of this server. */
  attach(): void {
    this.device.diagnostics.add(this.diagnostics);
  }

  detach(): void {
    this.device.diagnostics.delete(this.diagnostics);
  }
}
