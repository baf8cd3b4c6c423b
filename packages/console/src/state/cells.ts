import { useEffect, useState } from 'preact/hooks';
import type { Range, Table, TableWord, UnitKey } from '../api/contract.js';
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

/** Milliseconds between two requests for what has changed. */
const PACE = 150;

/** What is at some addresses of a table, kept up to date. */
export function useCells(asked: Asked): Cells {
  const [values, setValues] = useState<ReadonlyMap<number, number>>(new Map());
  const [error, setError] = useState<string>();
  const [turn, setTurn] = useState(0);
  const key = JSON.stringify(asked);
  const reload = () => setTurn((count) => count + 1);
  useEffect(() => {
    let isCurrent = true;
    read(asked).then(
      (cells) => {
        if (!isCurrent) return;
        setValues(cells);
        setError(undefined);
      },
      (problem) => isCurrent && setError(messageOf(problem)),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, turn, epoch.value]);
  useEffect(() => whenChanged(asked, reload), [key]);
  return { values, error, reload };
}

async function read({ unit, word, runs }: Asked): Promise<Map<number, number>> {
  const ranges = await Promise.all(runs.map((run) => request<Range>('GET', rangePath(unit, word, { ...run }))));
  return new Map(
    ranges.flatMap(({ start, values }) => values.map((value, i): [number, number] => [start + i, Number(value)])),
  );
}

/** Calls back after changes of what is asked for, at most so often. @returns what ends that. */
function whenChanged({ unit, table, runs }: Asked, reload: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = subscribe('change', ({ ranges }) => {
    const isHere = ranges.some(
      (range) => isOf(unit, range.unit) && range.table === table && runs.some((run) => overlap(run, range)),
    );
    if (!isHere || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      reload();
    }, PACE);
  });
  return () => {
    end();
    clearTimeout(timer);
  };
}

function overlap(a: { start: number; count: number }, b: { start: number; count: number }): boolean {
  return a.start < b.start + b.count && b.start < a.start + a.count;
}
