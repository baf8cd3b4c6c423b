import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** What is rendered moves by so many rows at once, and has so many more on each side than can be seen. */
const STEP = 4;

/** Pixels, until a row has been measured. */
const GUESS = 57;

interface View {
  /** The first row that is rendered. */
  readonly from: number;
  /** The one behind the last. */
  readonly to: number;
  /** Pixels of each row. */
  readonly height: number;
}

/**
 * Which rows of a long table are rendered, while the page scrolls.
 * @param body has rows of one height, of which those with the class `fixed` are measured.
 */
export function usePageRows(body: RefObject<HTMLElement | null>, length: number): View {
  const [view, setView] = useState<View>({ from: 0, to: 8 * STEP, height: GUESS });
  useLayoutEffect(() => {
    const look = () => {
      const seen = body.current === null ? undefined : viewOf(body.current, length);
      if (seen !== undefined) setView((before) => (isSame(before, seen) ? before : seen));
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [length]);
  return view;
}

function viewOf(body: HTMLElement, length: number): View {
  const height = body.querySelector('.fixed')?.getBoundingClientRect().height || GUESS;
  const first = Math.floor(-body.getBoundingClientRect().top / height / STEP) * STEP;
  const from = Math.max(0, Math.min(first, length) - STEP);
  return { from, to: Math.max(from, first + Math.ceil(innerHeight / height) + 2 * STEP), height };
}

function isSame(one: View, other: View): boolean {
  return one.from === other.from && one.to === other.to && one.height === other.height;
}
