import { EventEmitter } from 'node:events';
import { OptionsError, type Point, type PointDeclarations, type Points, type Unit } from 'busbar';
import { parseDuration } from '../duration.js';
import type { Faults } from '../faults/faults.js';
import { Guard } from '../guard.js';
import type { Now } from '../motion/cell.js';
import { unitName } from '../motion/references.js';
import { checkSettings, someOf } from '../problems.js';
import { Agenda } from '../reactions/agenda.js';
import type { Script } from '../script/script.js';
import { Clock } from './clock.js';
import type { Workshop } from './device.js';
import { type ScenarioStatus, type SimulatorEvents, tellerOf } from './events.js';
import { Plant } from './plant.js';
import {
  checkSimulationSettings,
  checkUnits,
  type PlacedUnit,
  type SimulatedUnit,
  type Simulation,
} from './simulation.js';
import { checkTime, type SimulatorOptions, speedSchema } from './time-options.js';

/** What makes devices live: it moves their points, reacts to clients, and runs scenarios and scripts, in virtual time. */
export class Simulator extends EventEmitter<SimulatorEvents> {
  /** The faults that reactions and scripts switch. Set it before the simulation starts. */
  faults: Faults | undefined;
  readonly seed: number;
  readonly #clock: Clock;
  /** The date at the beginning, in milliseconds since 1970. */
  readonly #date: number;
  readonly #workshop: Workshop;
  readonly #startedScripts = new WeakSet<Script>();
  #units: readonly PlacedUnit[] = [];
  /** Undefined before the start, and after the end. */
  #plant: Plant | undefined;

  /** @throws OptionsError */
  constructor(options: SimulatorOptions = {}) {
    super();
    const { seed, speed, tick, date } = checkTime(options);
    this.seed = seed;
    this.#date = date;
    this.#clock = new Clock(tick, speed, {
      step: () => this.#plant?.step(),
      settle: () => this.#plant?.settle(),
    });
    this.#workshop = this.#createWorkshop();
  }

  #createWorkshop(): Workshop {
    const tell = tellerOf(this);
    return {
      seed: this.seed,
      now: () => this.#now(),
      agenda: new Agenda(),
      guard: new Guard((error) => tell('error', error)),
      faults: () => this.faults,
      tell,
    };
  }

  #now(): Now {
    const { time } = this.#clock;
    return { time, date: this.#date + time };
  }

  /** The units that live. */
  get units(): readonly Unit[] {
    return this.#units.map(({ unit }) => unit);
  }

  /** Milliseconds of virtual time since the beginning. */
  get time(): number {
    return this.#clock.time;
  }

  /** The virtual date. */
  get date(): Date {
    return new Date(this.#now().date);
  }

  /** How fast time goes: 60 is an hour in a minute. It may be changed at any time. */
  get speed(): number {
    return this.#clock.speed;
  }

  set speed(speed: number) {
    this.#clock.speed = checkSettings(speedSchema, speed, ['speed']);
  }

  /** Milliseconds of virtual time in a step. */
  get tick(): number {
    return this.#clock.tick;
  }

  /** The points that move, in the order in which they do; none before the start. */
  get moving(): readonly Point[] {
    return this.#plant?.cells.map(({ point }) => point) ?? [];
  }

  /** All scenarios, unit by unit. */
  get scenarios(): readonly ScenarioStatus[] {
    return this.#units.flatMap(({ unit, scenarios = {} }) =>
      Object.keys(scenarios).map((name) => ({ unit, name, running: this.#plant?.runs(unit, name) === true })),
    );
  }

  /** Whether time goes by itself. */
  get running(): boolean {
    return this.#clock.running;
  }

  /**
   * Makes a unit live. Names of other units' points are looked up when the simulation starts, or at once if it has.
   *
   * @throws OptionsError with all problems, and if the unit already lives.
   */
  add<P extends PointDeclarations>(unit: Unit<P>, simulation: Simulation<Points<P>>): this {
    const path = [unitName(unit)];
    if (this.units.includes(unit)) throw new OptionsError(path, 'the unit is simulated already: remove it first');
    checkSimulationSettings(simulation, path);
    this.#use([...this.#units, { ...simulation, unit, path }]);
    return this;
  }

  /** Ends the life of a unit; its points keep their values. @throws OptionsError if others read its points. */
  remove(unit: Unit): void {
    this.#use(this.#units.filter((placed) => placed.unit !== unit));
  }

  /**
   * Replaces all units at once. Points that move as before go on; scenarios and waits end.
   *
   * @throws OptionsError with all problems; then nothing has changed.
   */
  replace(units: readonly SimulatedUnit[]): void {
    checkUnits(units);
    this.#use(units.map((each, i) => ({ ...each, path: [i] })));
  }

  #use(units: readonly PlacedUnit[]): void {
    if (this.#plant !== undefined) this.#begin(units);
    this.#units = units;
  }

  #begin(units: readonly PlacedUnit[]): Plant {
    const plant = new Plant(units, this.#workshop, this.#plant?.cells);
    this.#end();
    this.#plant = plant;
    plant.begin();
    plant.startScripts(this.#startedScripts);
    return plant;
  }

  #end(): void {
    this.#plant?.end();
    this.#plant = undefined;
    this.#workshop.agenda.clear();
  }

  #started(): Plant {
    return this.#plant ?? this.#begin(this.#units);
  }

  /** Lets the time go on. Does not keep the program alive. @throws OptionsError with all problems of the units. */
  start(): void {
    this.#started();
    this.#clock.start();
  }

  /** Ends the simulation: time stands still, and clients' writes are not heeded. It can be started again. */
  stop(): void {
    this.#clock.stop();
    this.#end();
  }

  /** Lets time stand still. What clients write is heeded when it goes on. */
  pause(): void {
    this.#clock.stop();
  }

  /** Lets time go on after a pause. @throws OptionsError with all problems of the units, if it has not started. */
  resume(): void {
    this.start();
  }

  /**
   * Lets time pass at once, in steps of a tick, whether it goes by itself or not.
   *
   * @param time a duration such as `1m`, or milliseconds; what is less than a tick is left for the next time.
   * @throws OptionsError with all problems of the units.
   */
  advance(time: string | number): void {
    this.#started();
    this.#clock.advance(typeof time === 'number' ? checkMilliseconds(time) : parseDuration(time, ['time']));
  }

  /**
   * Runs a scenario from its beginning.
   *
   * @param name of the scenario, or with its unit: `boiler.dry run`.
   * @throws OptionsError if there is none, or several.
   */
  run(name: string): void {
    const { devices } = this.#started();
    const found = devices.flatMap(({ unit, scenarios }) =>
      [...scenarios.values()].filter((each) => each.name === name || `${unitName(unit)}.${each.name}` === name),
    );
    const [scenario, other] = found;
    if (scenario !== undefined && other === undefined) {
      scenario.run();
      return;
    }
    const known = devices.flatMap(({ unit, scenarios }) =>
      [...scenarios.keys()].map((each) => `${unitName(unit)}.${each}`),
    );
    const problem = scenario === undefined ? 'there is no scenario' : 'several units have a scenario';
    throw new OptionsError(['name'], `${problem} "${name}"; known are ${someOf(known)}`);
  }
}

function checkMilliseconds(time: number): number {
  if (Number.isFinite(time) && time >= 0) return time;
  throw new OptionsError(['time'], `expected milliseconds from 0 on, found ${time}`);
}
