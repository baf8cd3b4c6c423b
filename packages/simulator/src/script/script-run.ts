import type { PointWriteEvent, Unit } from 'busbar';
import type { Guard } from '../guard.js';
import type { Now } from '../motion/cell.js';
import { unitName } from '../motion/references.js';
import type { Random } from '../random.js';
import type { Script, ScriptDevice } from './script.js';

/** What a script may do besides reading and writing points. */
export interface ScriptNeeds {
  readonly now: () => Now;
  readonly random: Random;
  readonly guard: Guard;
  readonly run: (scenario: string) => void;
  readonly switchFault: (fault: string, on: boolean) => void;
}

/** A script at work in a unit. */
export class ScriptRun {
  readonly unit: Unit;
  readonly script: Script;
  readonly #guard: Guard;
  readonly #device: ScriptDevice;
  /** Each function fails for itself. */
  readonly #owners = { start: {}, tick: {}, written: {} };

  constructor(unit: Unit, script: Script, needs: ScriptNeeds) {
    this.unit = unit;
    this.script = script;
    this.#guard = needs.guard;
    this.#device = deviceOf(unit, needs);
  }

  start(): void {
    this.#call('start', () => this.script.start?.(this.#device));
  }

  tick(): void {
    this.#call('tick', () => this.script.tick?.(this.#device));
  }

  written(write: PointWriteEvent): void {
    this.#call('written', () => this.script.written?.(this.#device, write));
  }

  #call(name: 'start' | 'tick' | 'written', call: () => unknown): void {
    const place = () => `${unitName(this.unit)}: script, ${name}`;
    this.#guard.run(this.#owners[name], place, call);
  }
}

function deviceOf(unit: Unit, { now, random, run, switchFault }: ScriptNeeds): ScriptDevice {
  return {
    unit,
    points: unit.points,
    get time() {
      return now().time;
    },
    get date() {
      return new Date(now().date);
    },
    random: () => random.next(),
    run,
    raise: (fault) => switchFault(fault, true),
    clear: (fault) => switchFault(fault, false),
  };
}
