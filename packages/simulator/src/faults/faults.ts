import { EventEmitter } from 'node:events';
import { isDeepStrictEqual } from 'node:util';
import { OptionsError, type RequestHandler } from 'busbar';
import { z } from 'zod';
import { checkSettings, checkTogether, type Path } from '../problems.js';
import { type FaultClock, processClock } from './clock.js';
import type { FaultEvents } from './events.js';
import { Fault, type FaultOwner, type SwitchReason } from './fault.js';
import { FaultHandler, type FaultLists } from './handler.js';
import type { Place } from './match.js';
import { type FaultOptions, faultSchema } from './schema.js';

/** What a list of faults goes by. */
export interface FaultsOptions {
  /** With the same seed, the same faults hit the same requests. 1 by default. */
  readonly seed?: number | undefined;
  /** For `for`; that of the process by default. Delays are always in real time. */
  readonly clock?: FaultClock | undefined;
}

/** Checks faults without making them. @param path for messages. @throws OptionsError with all problems. */
export function checkFaults(faults: readonly FaultOptions[], path: Path = []): void {
  checkTogether([
    () => void checkSettings(z.array(faultSchema), faults, path),
    ...(Array.isArray(faults) ? faults : []).map((_, i) => () => checkName(faults, i, path)),
  ]);
}

function checkName(faults: readonly Partial<FaultOptions>[], place: number, path: Path): void {
  const name = faults[place]?.name;
  const first = faults.findIndex((fault) => fault?.name === name);
  if (name === undefined || first === place) return;
  throw new OptionsError(
    [...path, place, 'name'],
    `expected a name of its own, found that of fault ${first + 1}: "${name}"`,
  );
}

/**
 * Faults on demand, for any number of servers: `new ModbusTcpServer({ units, handler: faults.handler() })`. Of those that
 * are on, all that a request is for hit it, kind by kind, and those of one kind in the order of the list.
 */
export class Faults extends EventEmitter<FaultEvents> {
  readonly #owner: FaultOwner;
  readonly #lists: FaultLists = { all: [], active: [] };

  /** @throws OptionsError with all problems. */
  constructor(faults: readonly FaultOptions[] = [], { seed = 1, clock = processClock }: FaultsOptions = {}) {
    super();
    this.#owner = { seed, clock, switched: (fault, why) => this.#switched(fault, why) };
    this.replace(faults);
  }

  get list(): readonly Fault[] {
    return this.#lists.all;
  }

  get(name: string): Fault | undefined {
    return this.#lists.all.find((fault) => fault.name === name);
  }

  /** Adds a fault behind the others. @throws OptionsError */
  add(options: FaultOptions): Fault {
    checkFaults([...this.#lists.all.map((fault) => fault.options), options]);
    const fault = new Fault(structuredClone(options), this.#owner);
    this.#lists.all = [...this.#lists.all, fault];
    begin(fault);
    return fault;
  }

  /** @returns whether there was such a fault. */
  remove(name: string): boolean {
    const fault = this.get(name);
    if (fault === undefined) return false;
    this.#lists.all = this.#lists.all.filter((each) => each !== fault);
    fault.switch(false, 'removed');
    return true;
  }

  /** Takes these faults in place of the others. One that is the same as before goes on as it is. @throws OptionsError */
  replace(faults: readonly FaultOptions[]): void {
    checkFaults(faults);
    const before = this.#lists.all;
    this.#lists.all = faults.map((options) => {
      const same = before.find((fault) => isDeepStrictEqual(fault.options, options));
      return same ?? new Fault(structuredClone(options), this.#owner);
    });
    for (const fault of before) if (!this.#lists.all.includes(fault)) fault.switch(false, 'removed');
    for (const fault of this.#lists.all) if (!before.includes(fault)) begin(fault);
    this.#sortActive();
  }

  /**
   * Switches a fault on or off. One that is on begins anew: with its time, and its counts.
   * @throws OptionsError if there is none of this name.
   */
  switch(name: string, on: boolean): void {
    const fault = this.get(name);
    if (fault === undefined) {
      const known = this.#lists.all.map((each) => `"${each.name}"`).join(', ') || 'none';
      throw new OptionsError(['name'], `there is no fault "${name}"; known are ${known}`);
    }
    fault.switch(on);
  }

  /** For the option `handler` of a server. While no fault is on, it costs next to nothing. @param place for `listener`. */
  handler(place: Place = {}): RequestHandler {
    return new FaultHandler(this.#lists, (event) => this.#tell('injected', event), place);
  }

  #switched(fault: Fault, why: SwitchReason): void {
    this.#sortActive();
    this.#tell('switched', { fault, active: fault.active, why });
  }

  #sortActive(): void {
    this.#lists.active = this.#lists.all.filter(({ active }) => active);
  }

  /** A listener that fails must not be a fault of its own. */
  #tell<E extends keyof FaultEvents>(event: E, ...details: FaultEvents[E]): void {
    try {
      EventEmitter.prototype.emit.call(this, event, ...details);
    } catch (thrown) {
      process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
    }
  }
}

function begin(fault: Fault): void {
  if (fault.options.active !== false) fault.switch(true);
}
