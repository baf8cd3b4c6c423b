import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** In pixels; the style has the same. */
export const ROW_HEIGHT = 32;

/** The window moves by so many rows at once, so that a small movement asks the server for nothing. */
const STEP = 32;

interface Rows {
  /** The first row that is rendered. */
  readonly from: number;
  /** The one behind the last. */
  readonly to: number;
  /** Scrolls so that a row can be seen. */
  reveal(row: number): void;
  onScroll(): void;
}

/** Which of many rows are rendered. */
export function useRows(home: RefObject<HTMLElement | null>, length: number): Rows {
  const [first, setFirst] = useState(0);
  const [height, setHeight] = useState(600);
  useLayoutEffect(() => {
    if (home.current !== null) setHeight(home.current.clientHeight);
  }, [home]);
  const from = Math.max(0, first - STEP);
  const to = Math.min(length, first + Math.ceil(height / ROW_HEIGHT) + 2 * STEP);
  return {
    from,
    to,
    reveal(row) {
      const element = home.current;
      if (element === null) return;
      const room = element.clientHeight - ROW_HEIGHT;
      const [least, most] = [(row + 1) * ROW_HEIGHT - room, row * ROW_HEIGHT];
      if (element.scrollTop > most) element.scrollTop = most;
      else if (element.scrollTop < least) element.scrollTop = least;
    },
    onScroll() {
      const row = Math.floor((home.current?.scrollTop ?? 0) / ROW_HEIGHT);
      setFirst(row - (row % STEP));
    },
  };
}
