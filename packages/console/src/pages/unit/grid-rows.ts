/** Addresses that are in memory, beside each other. */
export interface Run {
  readonly start: number;
  readonly count: number;
}

/** A row of a table: an address, or the addresses that are not there. */
export type GridRow = { readonly address: number } | { readonly gap: Run };

/** The rows of a table: one for each address, one for each gap between them. */
export class GridRows {
  readonly length: number;
  readonly #runs: readonly (Run & { readonly row: number; readonly isGap: boolean })[];

  constructor(ranges: readonly Run[]) {
    let row = 0;
    let next = ranges[0]?.start ?? 0;
    this.#runs = ranges.flatMap(({ start, count }) => {
      const gap = start === next ? [] : [{ start: next, count: start - next, row: row++, isGap: true }];
      const run = { start, count, row, isGap: false };
      row += count;
      next = start + count;
      return [...gap, run];
    });
    this.length = row;
  }

  at(row: number): GridRow | undefined {
    const run = this.#runs.findLast((each) => each.row <= row);
    if (run === undefined || row >= this.length) return undefined;
    return run.isGap ? { gap: run } : { address: run.start + row - run.row };
  }

  /** The row of an address, or of the gap that it is in; undefined outside of all. */
  rowOf(address: number): number | undefined {
    const run = this.#runs.find(({ start, count }) => address >= start && address < start + count);
    if (run === undefined) return undefined;
    return run.isGap ? run.row : run.row + address - run.start;
  }

  /** The addresses in some rows. @param more addresses of each run that follow the last row. */
  runsIn(from: number, to: number, more: number): Run[] {
    return this.#runs.flatMap(({ start, count, row, isGap }) => {
      const first = Math.max(from, row);
      const end = Math.min(to + more, row + count);
      return isGap || first >= end ? [] : [{ start: start + first - row, count: end - first }];
    });
  }
}
