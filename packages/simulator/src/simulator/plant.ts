import type { Point, Unit } from 'busbar';
import type { Cell } from '../motion/cell.js';
import { createCells } from '../motion/cells.js';
import { upstream } from '../motion/order.js';
import { References } from '../motion/references.js';
import { inRuns, move, type Run, SOURCE } from '../motion/runs.js';
import { checkTogether } from '../problems.js';
import type { Reaction } from '../reactions/reaction.js';
import type { Script } from '../script/script.js';
import type { ScriptRun } from '../script/script-run.js';
import { Device, type Workshop } from './device.js';
import type { PlacedUnit } from './simulation.js';
import { Writes } from './writes.js';

/** Everything that lives in the units of a simulator. */
export class Plant {
  /** All points that move, in the order in which they do. */
  readonly cells: readonly Cell[];
  readonly devices: readonly Device[];
  readonly #workshop: Workshop;
  readonly #writes: readonly Writes[];
  readonly #ofWrites: readonly Reaction[];
  readonly #ofValues: readonly Reaction[];
  readonly #scripts: readonly ScriptRun[];
  /** What moves in each step, and what moves only after the last of some steps. */
  readonly #eager: readonly Run[];
  readonly #lazy: readonly Run[];

  /**
   * @param before the cells of the plant before, which go on where nothing has changed.
   * @throws OptionsError with all problems.
   */
  constructor(units: readonly PlacedUnit[], workshop: Workshop, before: readonly Cell[] = []) {
    const references = new References(units.map(({ unit }) => unit));
    const { cells, devices } = assemble(units, workshop, references, before);
    const reactions = devices.flatMap((device) => device.reactions);
    this.cells = cells;
    this.devices = devices;
    this.#workshop = workshop;
    this.#ofWrites = reactions.filter(({ isOfWrites }) => isOfWrites);
    this.#ofValues = reactions.filter(({ isOfWrites }) => !isOfWrites);
    this.#scripts = devices.flatMap(({ script }) => script ?? []);
    this.#writes = devices.flatMap((device) => writesOf(device, this.#ofWrites, references) ?? []);
    const eager = upstream(needed(cells, devices, references), cells);
    this.#eager = inRuns(
      [...cells].filter((cell) => eager.has(cell)),
      references,
    );
    this.#lazy = inRuns(
      [...cells].filter((cell) => !eager.has(cell)),
      references,
    );
  }

  /** Begins to live. All points get their first values, and reactions take note of them. */
  begin(): void {
    for (const writes of this.#writes) writes.listen();
    this.#move(this.#eager);
    this.#move(this.#lazy);
    this.#look();
  }

  /** Whether a scenario of a unit runs at the moment. */
  runs(unit: Unit, name: string): boolean {
    return this.devices.some((device) => device.unit === unit && device.scenarios.get(name)?.running === true);
  }

  /** Starts the scripts that have not started before. */
  startScripts(started: WeakSet<Script>): void {
    this.#inScripts((run) => {
      if (!started.has(run.script)) run.start();
      started.add(run.script);
    });
  }

  /** Ends to live. */
  end(): void {
    for (const writes of this.#writes) writes.end();
  }

  /** A step of time. */
  step(): void {
    const { agenda, now } = this.#workshop;
    for (const writes of this.#writes) writes.flush();
    for (const reaction of this.#ofWrites) reaction.heed();
    agenda.run(now().time);
    this.#move(this.#eager);
    this.#look();
    this.#inScripts((script) => script.tick());
  }

  /** After the last of some steps. */
  settle(): void {
    this.#move(this.#lazy);
  }

  #move(runs: readonly Run[]): void {
    const { now, guard } = this.#workshop;
    for (const run of runs) move(run, now(), guard);
  }

  #look(): void {
    for (const reaction of this.#ofValues) {
      this.#workshop.guard.run(
        reaction,
        () => reaction.place,
        () => reaction.look(),
      );
    }
  }

  #inScripts(call: (script: ScriptRun) => void): void {
    for (const script of this.#scripts) script.unit.as(SOURCE, () => call(script));
  }
}

function assemble(
  units: readonly PlacedUnit[],
  workshop: Workshop,
  references: References,
  before: readonly Cell[],
): { readonly cells: readonly Cell[]; readonly devices: readonly Device[] } {
  const cells = new Map<Point, Cell>();
  const movement = { references, cells, moving: new Set(units.flatMap(movingPoints)) };
  const devices: Device[] = [];
  checkTogether([
    () => {
      for (const cell of createCells(units, references, workshop.seed, before)) cells.set(cell.point, cell);
    },
    ...units.map((placed) => () => void devices.push(new Device(placed, workshop, movement))),
  ]);
  return { cells: [...cells.values()], devices };
}

function movingPoints({ unit, simulate = {} }: PlacedUnit): Point[] {
  return Object.keys(simulate).flatMap((name) => unit.points[name] ?? []);
}

/** The cells whose values between ticks matter. */
function needed(cells: readonly Cell[], devices: readonly Device[], references: References): Cell[] {
  const touched = new Set(devices.flatMap((device) => [...device.touched]));
  const scripted = new Set<Unit | undefined>(devices.filter(({ script }) => script).map(({ unit }) => unit));
  return cells.filter(
    ({ point, settings }) =>
      settings.follow !== undefined ||
      settings.total !== undefined ||
      touched.has(point) ||
      scripted.has(references.homeOf(point)),
  );
}

/** @returns undefined if nobody asks for the writes of the unit's clients. */
function writesOf({ unit, script }: Device, ofWrites: readonly Reaction[], references: References): Writes | undefined {
  const reactions = ofWrites.filter(({ point }) => references.homeOf(point) === unit);
  return reactions.length === 0 && script === undefined ? undefined : new Writes(unit, reactions, script);
}
