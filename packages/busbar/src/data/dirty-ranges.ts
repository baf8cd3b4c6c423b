import { type ChangedRange, type ChangeSource, isSameSource, type Place } from './change-event.js';

/** Neighbouring items that the same source has changed. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly by: ChangeSource;
}

/** Runs of one table or file, in order and without overlap. */
interface Dirt {
  readonly runs: Run[];
  readonly at: (start: number, quantity: number) => Place;
}

/** Collects changes, so that frequent changes of a range are reported once. */
export class DirtyRanges {
  readonly #whole = new Map<string, ChangedRange>();
  readonly #tables = new Map<string, Dirt>();

  /** @param at the place of a part of these items. */
  addRun(key: string, start: number, quantity: number, at: Dirt['at'], by: ChangeSource): void {
    const dirt = this.#tables.get(key) ?? { runs: [], at };
    this.#tables.set(key, dirt);
    insert(dirt.runs, { start, end: start + quantity, by });
  }

  /** A part without ranges, or a whole file. */
  addWhole(key: string, place: Place, by: ChangeSource): void {
    this.#tables.delete(key);
    this.#whole.set(key, { by, ...place });
  }

  /** Returns all changes collected, and starts again. */
  take(): ChangedRange[] {
    const runs = [...this.#tables.values()].flatMap(({ runs, at }) =>
      runs.map(({ start, end, by }) => ({ by, ...at(start, end - start) })),
    );
    const taken = [...this.#whole.values(), ...runs];
    this.#whole.clear();
    this.#tables.clear();
    return taken;
  }
}

/** The added run takes over the range that it covers, and joins adjacent runs of the same source. */
function insert(runs: Run[], added: Run): void {
  const first = firstToReach(runs, added.start);
  let behind = first;
  while (behind < runs.length && runs[behind].start <= added.end) behind++;
  const touched = runs.slice(first, behind);
  const same = touched.filter(({ by }) => isSameSource(by, added.by));
  const others = touched.filter(({ by }) => !isSameSource(by, added.by));
  const before = others.filter(({ start }) => start < added.start).map((run) => ({ ...run, end: added.start }));
  const after = others.filter(({ end }) => end > added.end).map((run) => ({ ...run, start: added.end }));
  const start = Math.min(added.start, same[0]?.start ?? added.start);
  const end = Math.max(added.end, same.at(-1)?.end ?? added.end);
  runs.splice(first, touched.length, ...before, { start, end, by: added.by }, ...after);
}

/** Index of the first run that ends at or after `address`. */
function firstToReach(runs: readonly Run[], address: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (runs[middle].end < address) low = middle + 1;
    else high = middle;
  }
  return low;
}
