import { effect, type Signal } from '@preact/signals';
import type { Pick } from '../../state/trends.js';
import { dataOf } from './data.js';
import { followFingers } from './fingers.js';
import { HEIGHT, optionsFor } from './options.js';
import { dragged, latest, limited, type TimeWindow } from './time-window.js';

/** Milliseconds from one drawing to the next: of up to so many seconds, or of more. */
const PACES = [
  { seconds: 600, pace: 100 },
  { seconds: Number.POSITIVE_INFINITY, pace: 1_000 },
];

/** What is drawn. */
export interface Drawing {
  readonly picks: readonly Pick[];
  /** How many seconds are shown while the plot follows. */
  readonly span: number;
  /** The part that is zoomed in; undefined: the plot follows what comes. */
  readonly held: Signal<TimeWindow | undefined>;
}

/** Draws into an element, again and again. uPlot is loaded when it is first needed. @returns what ends it. */
export function draw(home: HTMLElement, drawing: Drawing): () => void {
  const ended = new AbortController();
  import('uplot').then(
    ({ default: UPlot }) => {
      if (!ended.signal.aborted) start(UPlot, home, drawing, ended.signal);
    },
    () => home.replaceChildren('The plot could not be loaded: load the page again.'),
  );
  return () => ended.abort();
}

function start(UPlot: typeof import('uplot'), home: HTMLElement, drawing: Drawing, ended: AbortSignal): void {
  const { picks, span, held } = drawing;
  const hold = (wanted: TimeWindow) => {
    held.value = limited(wanted, picks, span);
  };
  const plot = new UPlot(optionsFor(UPlot, home, picks, hold), dataOf(UPlot, picks, latest(picks, span)), home);
  const show = (shown: TimeWindow) => {
    plot.setData(dataOf(UPlot, picks, shown), false);
    plot.setScale('x', { ...shown });
  };
  const follow = () => held.peek() ?? show(latest(picks, span));
  plot.over.addEventListener('dblclick', () => {
    held.value = undefined;
    // Also if it was: uPlot itself has shown all that it has.
    follow();
  });
  followFingers(plot.over, (before, after) => hold(dragged(held.peek() ?? latest(picks, span), before, after)));
  const timer = setInterval(follow, PACES.find(({ seconds }) => span <= seconds)?.pace);
  const sizes = new ResizeObserver(() => plot.setSize({ width: home.clientWidth, height: HEIGHT }));
  sizes.observe(home);
  const unwatch = effect(() => show(held.value ?? latest(picks, span)));
  ended.addEventListener('abort', () => {
    clearInterval(timer);
    sizes.disconnect();
    unwatch();
    plot.destroy();
  });
}
