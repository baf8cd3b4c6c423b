import { EventEmitter } from 'node:events';
import { OptionsError, type Point, type PointDeclarations, type Points, type Unit } from 'busbar';
import { parseDuration } from '../duration.js';
import type { Faults } from '../faults/faults.js';
import { Guard } from '../guard.js';
import type { Now } from '../motion/cell.js';
import { unitName } from '../motion/references.js';
import { checkSettings } from '../problems.js';
import { Agenda } from '../reactions/agenda.js';
import type { Script } from '../script/script.js';
import { Clock } from './clock.js';
import type { Workshop } from './device.js';
import { type ScenarioStatus, type SimulatorEvents, tellerOf } from './events.js';
import { Leading, type Leads } from './leading.js';
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
  readonly #leading = new Leading();
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
      leading: this.#leading,
      startedScripts: new WeakMap<Unit, Script>(),
    };
  }

  #now(): Now {
    const { time } = this.#clock;
    return { time, date: this.#date + time };
  }

  /**
   * Says whether a unit may be moved now, where several programs have the same units and one of them moves each. It is
   * asked in each step. As long as it says no, the unit stands still: its points, its reactions, its scenarios and its
   * script. After that it goes on from what its points hold by then. Set it before the simulation starts; undefined: all
   * units may be moved.
   */
  get leads(): Leads | undefined {
    return this.#leading.leads;
  }

  set leads(leads: Leads | undefined) {
    this.#leading.leads = leads;
  }

  /**
   * Sources of changes (`by` of the event `change`) that count as writes of clients: of those of other programs that have
   * the same units, such as `sharing`. Set it before the simulation starts.
   */
  get clientSources(): readonly string[] {
    return this.#leading.clientSources;
  }

  set clientSources(sources: readonly string[]) {
    this.#leading.clientSources = sources;
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

  /**
   * Says that the points of a unit hold values to go on from, such as those of the program's last run: a counter goes on
   * from its value, and not from its `from`. If the simulation has not started, or the unit is not there yet, this holds
   * for the moment when it begins.
   */
  takeUp(unit: Unit): void {
    if (this.#plant !== undefined && this.units.includes(unit)) this.#plant.takeUp(unit);
    else this.#leading.note(unit);
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
    plant.startScripts();
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
   * @throws OptionsError if there is none, or several, or another program moves its unit.
   */
  run(name: string): void {
    this.#started().run(name);
  }
}

function checkMilliseconds(time: number): number {
  if (Number.isFinite(time) && time >= 0) return time;
  throw new OptionsError(['time'], `expected milliseconds from 0 on, found ${time}`);
}
