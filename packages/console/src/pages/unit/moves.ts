/** A cell, by its row and its column. */
export interface Spot {
  readonly row: number;
  readonly column: number;
}

/** Rows of a page. */
const PAGE = 12;

const STEPS: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-PAGE, 0],
  PageDown: [PAGE, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

const FAR_STEPS: typeof STEPS = {
  Home: [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  End: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
};

/** Where a key leads to; undefined: it does not move. */
export function moved(spot: Spot, event: KeyboardEvent, rows: number, columns: number): Spot | undefined {
  const step = (event.ctrlKey ? FAR_STEPS : STEPS)[event.key];
  if (step === undefined) return undefined;
  return { row: within(spot.row + step[0], rows), column: within(spot.column + step[1], columns) };
}

function within(value: number, size: number): number {
  return Math.max(0, Math.min(size - 1, value));
}
