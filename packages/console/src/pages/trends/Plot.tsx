import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { shade } from '../../state/theme.js';
import { keyOf, type Pick } from '../../state/trends.js';
import { draw } from './draw.js';
import { PlotTools } from './PlotTools.js';
import { latest, limited, middleOf, moved, type TimeWindow, zoomed } from './time-window.js';

interface Props {
  readonly picks: readonly Pick[];
  readonly span: number;
}

/** @param middle the time around which to zoom. */
type Change = (shown: TimeWindow, middle: number) => TimeWindow | undefined;

/** What is shown next, by key. */
const KEYS: Readonly<Record<string, Change>> = {
  '+': (shown, middle) => zoomed(shown, 0.5, middle),
  '=': (shown, middle) => zoomed(shown, 0.5, middle),
  '-': (shown, middle) => zoomed(shown, 2, middle),
  ArrowLeft: (shown) => moved(shown, -0.25),
  ArrowRight: (shown) => moved(shown, 0.25),
  '0': () => undefined,
  Escape: () => undefined,
};

/** Values over time. A part of it can be held and seen larger, with mouse, keys, fingers and buttons. */
export function Plot({ picks, span }: Props) {
  const home = useRef<HTMLDivElement>(null);
  const held = useSignal<TimeWindow | undefined>(undefined);
  const help = useId();
  const key = picks.map(keyOf).join(' ');
  useEffect(
    () => (home.current === null ? undefined : draw(home.current, { picks, span, held })),
    [key, span, shade.value],
  );
  const press = (pressed: string) => {
    const shown = held.peek() ?? latest(picks, span);
    const next = KEYS[pressed]?.(shown, middleOf(shown, picks));
    held.value = next && limited(next, picks, span);
  };
  return (
    <div class="plot">
      <div
        ref={home}
        role="application"
        aria-label={`Values over time of ${picks.map(({ name }) => name).join(', ')}`}
        aria-describedby={help}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys.
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
          event.preventDefault();
          press(event.key);
        }}
      />
      <PlotTools held={held} press={press} />
      <small id={help} class="muted">
        Drag or pinch to zoom in, double-click to follow again. Keys: + and − zoom, ← and → move, 0 follows again.
      </small>
    </div>
  );
}
