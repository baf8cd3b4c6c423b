import type { Point, PointChangeEvent, PointWriteEvent, Unit } from 'busbar';
import type { Reaction } from '../reactions/reaction.js';
import type { ScriptRun } from '../script/script-run.js';
import { plainValue } from '../value.js';

/** Writes that wait for the script; later ones are dropped. */
const MAX_WAITING = 1000;

/** Takes note of the writes of a unit's clients, for the next step. Nothing else is done while a client waits. */
export class Writes {
  readonly unit: Unit;
  readonly #reactions: ReadonlyMap<Point, readonly Reaction[]>;
  readonly #script: ScriptRun | undefined;
  #waiting: PointWriteEvent[] = [];
  #sources: readonly string[] = [];

  constructor(unit: Unit, reactions: readonly Reaction[], script: ScriptRun | undefined) {
    this.unit = unit;
    this.#reactions = byPoint(reactions);
    this.#script = script;
  }

  /** @param sources of changes that are writes of clients, too. */
  listen(sources: readonly string[]): void {
    this.#sources = sources;
    this.unit.on('pointWrite', this.#note);
    if (sources.length > 0) this.unit.on('pointChange', this.#noteChange);
  }

  end(): void {
    this.unit.off('pointWrite', this.#note);
    this.unit.off('pointChange', this.#noteChange);
  }

  readonly #noteChange = ({ by, ...change }: PointChangeEvent): void => {
    if (typeof by === 'string' && this.#sources.includes(by)) this.#note({ ...change, peer: { transport: by } });
  };

  readonly #note = (write: PointWriteEvent): void => {
    const { point, value } = write;
    const plain = value === undefined ? undefined : plainValue(value);
    for (const reaction of this.#reactions.get(point) ?? []) reaction.written(plain);
    if (this.#script !== undefined && this.#waiting.length < MAX_WAITING) this.#waiting.push(write);
  };

  /** The script is not to know of them. */
  drop(): void {
    this.#waiting = [];
  }

  /** Gives the script what it has to know. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const writes = this.#waiting;
    this.#waiting = [];
    for (const write of writes) this.#script?.written(write);
  }
}

function byPoint(reactions: readonly Reaction[]): ReadonlyMap<Point, readonly Reaction[]> {
  const map = new Map<Point, Reaction[]>();
  for (const reaction of reactions) map.set(reaction.point, [...(map.get(reaction.point) ?? []), reaction]);
  return map;
}
