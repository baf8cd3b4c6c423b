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
  readonly place: TablePlace | RecordPlace;
}

type TablePlace = Extract<Place, { address: number }>;
type RecordPlace = Extract<Place, { record: number }>;

/** Collects changes, so that frequent changes of a range are reported once. */
export class DirtyRanges {
  readonly #whole = new Map<string, ChangedRange>();
  readonly #tables = new Map<string, Dirt>();

  add(place: Place, by: ChangeSource): void {
    if ('address' in place) this.#addRun(place.part, place, place.address, by);
    else if (place.part !== 'files')
      this.#whole.set('pointer' in place ? `fifo ${place.pointer}` : place.part, { by, ...place });
    else if (place.record !== undefined) this.#addRun(`file ${place.file}`, place, place.record, by);
    else {
      this.#tables.delete(`file ${place.file}`);
      this.#whole.set(`file ${place.file}`, { by, ...place });
    }
  }

  #addRun(key: string, place: TablePlace | RecordPlace, start: number, by: ChangeSource): void {
    const dirt = this.#tables.get(key) ?? { runs: [], place };
    this.#tables.set(key, dirt);
    insert(dirt.runs, { start, end: start + place.quantity, by });
  }

  /** Returns all changes collected, and starts again. */
  take(): ChangedRange[] {
    const runs = [...this.#tables.values()].flatMap(({ runs, place }) =>
      runs.map(({ start, end, by }) => ({ by, ...moved(place, start, end - start) })),
    );
    const taken = [...this.#whole.values(), ...runs];
    this.#whole.clear();
    this.#tables.clear();
    return taken;
  }
}

function moved(place: TablePlace | RecordPlace, start: number, quantity: number): Place {
  if ('address' in place) return { part: place.part, address: start, quantity };
  return { part: place.part, file: place.file, record: start, quantity };
}

/** What the added run covers is its source's from now on; it joins runs of the same source that it touches. */
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
