import { type Pick, trendsChanged } from '../../state/trends.js';
import { dataOf, firstOf } from './data.js';
import { HEIGHT, optionsFor } from './options.js';

/** Milliseconds from one drawing to the next: of up to so many seconds, or of more. */
const PACES = [
  { seconds: 600, pace: 100 },
  { seconds: Number.POSITIVE_INFINITY, pace: 1_000 },
];

/**
 * Draws picks into an element, again and again, until a part is zoomed in. uPlot is loaded when it is first needed.
 * @param span how many seconds are shown.
 * @returns what ends it.
 */
export function draw(home: HTMLElement, picks: readonly Pick[], span: number): () => void {
  const ended = new AbortController();
  import('uplot').then(
    ({ default: UPlot }) => {
      if (!ended.signal.aborted) start(UPlot, home, picks, span, ended.signal);
    },
    () => home.replaceChildren('The plot could not be loaded: load the page again.'),
  );
  return () => ended.abort();
}

function start(
  UPlot: typeof import('uplot'),
  home: HTMLElement,
  picks: readonly Pick[],
  span: number,
  ended: AbortSignal,
): void {
  let isZoomed = false;
  const plot = new UPlot(optionsFor(UPlot, home, picks), dataOf(UPlot, picks, span), home);
  const follow = () => {
    if (isZoomed) return;
    const now = Date.now() / 1_000;
    // A reading of the signal, so that a value which has just come is drawn.
    if (trendsChanged.peek() > 0) plot.setData(dataOf(UPlot, picks, span), false);
    plot.setScale('x', { min: Number.isFinite(span) ? now - span : firstOf(picks), max: now });
  };
  plot.over.addEventListener('mouseup', () => {
    isZoomed ||= plot.select.width > 0;
  });
  plot.over.addEventListener('dblclick', () => {
    isZoomed = false;
    follow();
  });
  const timer = setInterval(follow, PACES.find(({ seconds }) => span <= seconds)?.pace);
  const sizes = new ResizeObserver(() => plot.setSize({ width: home.clientWidth, height: HEIGHT }));
  sizes.observe(home);
  follow();
  ended.addEventListener('abort', () => {
    clearInterval(timer);
    sizes.disconnect();
    plot.destroy();
  });
}
