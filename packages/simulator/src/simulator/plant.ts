import { OptionsError, type Point, type Unit } from 'busbar';
import type { Cell } from '../motion/cell.js';
import { createCells } from '../motion/cells.js';
import { upstream } from '../motion/order.js';
import { References, unitName } from '../motion/references.js';
import { inRuns, move, type Run, SOURCE } from '../motion/runs.js';
import { checkTogether, someOf } from '../problems.js';
import type { Reaction } from '../reactions/reaction.js';
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
  /** Those whose units nobody else has. */
  #active: readonly Device[];
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
    this.cells = cells;
    this.devices = devices;
    this.#active = devices;
    this.#workshop = workshop;
    const ofWrites = devices.flatMap((device) => device.reactions).filter(({ isOfWrites }) => isOfWrites);
    this.#writes = devices.flatMap((device) => writesOf(device, ofWrites, references) ?? []);
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
    this.#heedLeads();
    for (const { unit } of this.devices) if (this.#workshop.leading.isNoted(unit)) this.takeUp(unit);
    for (const writes of this.#writes) writes.listen(this.#workshop.leading.clientSources);
    this.#move(this.#eager);
    this.#move(this.#lazy);
    this.#look();
  }

  /** Starts the scripts that have not started before. */
  startScripts(): void {
    const { startedScripts } = this.#workshop;
    this.#inScripts((run) => {
      if (startedScripts.get(run.unit) !== run.script) run.start();
      startedScripts.set(run.unit, run.script);
    });
  }

  /** Whether a scenario of a unit runs at the moment. */
  runs(unit: Unit, name: string): boolean {
    return this.devices.some((device) => device.unit === unit && device.scenarios.get(name)?.running === true);
  }

  /** Runs a scenario, named alone or with its unit. @throws OptionsError if there is none, or it must not run here. */
  run(name: string): void {
    const all = this.devices.flatMap(({ unit, scenarios }) =>
      [...scenarios.values()].map((scenario) => ({ unit, scenario, full: `${unitName(unit)}.${scenario.name}` })),
    );
    const [found, other] = all.filter(({ scenario, full }) => scenario.name === name || full === name);
    if (found === undefined || other !== undefined) {
      const problem = found === undefined ? 'there is no scenario' : 'several units have a scenario';
      throw new OptionsError(['name'], `${problem} "${name}"; known are ${someOf(all.map(({ full }) => full))}`);
    }
    if (this.#workshop.leading.rests(found.unit)) {
      throw new OptionsError(['name'], `another program moves ${unitName(found.unit)}: run "${name}" there`);
    }
    found.scenario.run();
  }

  /** The points of a unit go on from what they hold now. */
  takeUp(unit: Unit): void {
    const runs = [...this.#eager, ...this.#lazy].filter((run) => run.unit === unit);
    for (const { cells } of runs) for (const cell of cells) cell.takeUp();
    this.#move(runs);
  }

  /** Heeds which units somebody else has by now. @returns whether there are some to be taken up. */
  #heedLeads(): boolean {
    const { leading } = this.#workshop;
    if (leading.leads === undefined) return false;
    const changes = this.devices.map(({ unit }) => leading.heed(unit));
    this.#active = this.devices.filter(({ unit }) => !leading.rests(unit));
    for (const [i, device] of this.devices.entries()) {
      if (changes[i] !== undefined) device.forget();
      if (changes[i] === 'takenUp') this.takeUp(device.unit);
    }
    return changes.includes('takenUp');
  }

  /** Ends to live. */
  end(): void {
    for (const writes of this.#writes) writes.end();
  }

  /** A step of time. */
  step(): void {
    const { agenda, now, leading } = this.#workshop;
    if (this.#heedLeads()) this.startScripts();
    for (const writes of this.#writes) leading.rests(writes.unit) ? writes.drop() : writes.flush();
    for (const reaction of this.#reactions(true)) reaction.heed();
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
    const { now, guard, leading } = this.#workshop;
    for (const run of runs) if (!leading.rests(run.unit)) move(run, now(), guard);
  }

  *#reactions(areOfWrites: boolean): Iterable<Reaction> {
    for (const { reactions } of this.#active) {
      for (const reaction of reactions) if (reaction.isOfWrites === areOfWrites) yield reaction;
    }
  }

  #look(): void {
    for (const reaction of this.#reactions(false)) {
      this.#workshop.guard.run(
        reaction,
        () => reaction.place,
        () => reaction.look(),
      );
    }
  }

  #inScripts(call: (script: ScriptRun) => void): void {
    for (const { unit, script } of this.#active) if (script !== undefined) unit.as(SOURCE, () => call(script));
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
