import { useLayoutEffect, useState } from 'preact/hooks';
import type { EventData, Range, Table, TableWord, UnitKey } from '../api/contract.js';
import { epoch, subscribe } from '../api/live.js';
import { rangePath } from '../api/paths.js';
import { messageOf, request } from '../api/request.js';
import { isOf } from './points.js';

export interface Asked {
  readonly unit: UnitKey;
  readonly word: TableWord;
  readonly table: Table;
  readonly runs: readonly { readonly start: number; readonly count: number }[];
}

export interface Cells {
  /** Registers, or bits as 0 and 1, by their address. */
  readonly values: ReadonlyMap<number, number>;
  readonly error: string | undefined;
  reload(): void;
}

/** Milliseconds from an answer to the next request for what has changed; longer if that takes several requests. */
const PACE = 150;
const PACE_PER_RUN = 40;

/** What is at some addresses of a table, kept up to date. */
export function useCells(asked: Asked): Cells {
  const [values, setValues] = useState<ReadonlyMap<number, number>>(new Map());
  const [error, setError] = useState<string>();
  const [turn, setTurn] = useState(0);
  const key = JSON.stringify(asked);
  useLayoutEffect(() => {
    const reader = new CellsReader(asked, setValues, setError);
    return () => reader.end();
  }, [key, turn, epoch.value]);
  return { values, error, reload: () => setTurn((count) => count + 1) };
}

type Tell = (values: ReadonlyMap<number, number>) => void;
type Fail = (error: string | undefined) => void;

/** Reads now, and again after changes; the next time only when the last answer is there, however long that takes. */
class CellsReader {
  readonly #asked: Asked;
  readonly #tell: Tell;
  readonly #fail: Fail;
  readonly #unsubscribe: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isBusy = false;
  #isStale = false;
  #hasEnded = false;

  constructor(asked: Asked, tell: Tell, fail: Fail) {
    this.#asked = asked;
    this.#tell = tell;
    this.#fail = fail;
    this.#unsubscribe = subscribe('change', ({ ranges }) => this.#changed(ranges));
    void this.#read();
  }

  end(): void {
    this.#hasEnded = true;
    this.#unsubscribe();
    clearTimeout(this.#timer);
  }

  #changed(ranges: EventData<'change'>['ranges']): void {
    if (!ranges.some((range) => isAbout(this.#asked, range))) return;
    this.#isStale = true;
    this.#schedule();
  }

  #schedule(): void {
    if (!this.#isStale || this.#isBusy || this.#hasEnded || this.#timer !== undefined) return;
    const pause = Math.max(PACE, PACE_PER_RUN * this.#asked.runs.length);
    this.#timer = setTimeout(() => void this.#read(), pause);
  }

  async #read(): Promise<void> {
    [this.#timer, this.#isBusy, this.#isStale] = [undefined, true, false];
    const answer = await read(this.#asked).catch(messageOf);
    this.#isBusy = false;
    if (this.#hasEnded) return;
    if (typeof answer !== 'string') this.#tell(answer);
    this.#fail(typeof answer === 'string' ? answer : undefined);
    this.#schedule();
  }
}

async function read({ unit, word, runs }: Asked): Promise<Map<number, number>> {
  const ranges = await Promise.all(runs.map((run) => request<Range>('GET', rangePath(unit, word, { ...run }))));
  return new Map(
    ranges.flatMap(({ start, values }) => values.map((value, i): [number, number] => [start + i, Number(value)])),
  );
}

function isAbout({ unit, table, runs }: Asked, range: EventData<'change'>['ranges'][number]): boolean {
  return isOf(unit, range.unit) && range.table === table && runs.some((run) => overlap(run, range));
}

function overlap(a: { start: number; count: number }, b: { start: number; count: number }): boolean {
  return a.start < b.start + b.count && b.start < a.start + a.count;
}
