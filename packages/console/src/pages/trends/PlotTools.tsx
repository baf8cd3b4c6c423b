import type { Signal } from '@preact/signals';
import { timeOfDay } from '../../format/times.js';
import { Icon } from '../../parts/Icon.js';
import type { TimeWindow } from './time-window.js';

/** What the buttons do, as keys do it. */
const BUTTONS = [
  { name: 'Zoom in', key: '+', icon: 'plus' },
  { name: 'Zoom out', key: '-', icon: 'minus' },
  { name: 'Earlier', key: 'ArrowLeft', icon: 'left' },
  { name: 'Later', key: 'ArrowRight', icon: 'right' },
] as const;

interface Props {
  readonly held: Signal<TimeWindow | undefined>;
  readonly press: (key: string) => void;
}

/** Zooms and moves a plot, and says what it shows. */
export function PlotTools({ held: { value: held }, press }: Props) {
  return (
    <div class="row tools">
      {BUTTONS.map(({ name, key, icon }) => (
        <button key={key} type="button" class="icon-button" aria-label={name} title={name} onClick={() => press(key)}>
          <Icon name={icon} />
        </button>
      ))}
      <button type="button" class="button" disabled={held === undefined} onClick={() => press('0')}>
        Follow
      </button>
      <small class="muted" role="status">
        {held === undefined ? 'Follows what comes' : `Held at ${timesOf(held)}`}
      </small>
    </div>
  );
}

function timesOf({ min, max }: TimeWindow): string {
  // Of a few seconds, with tenths.
  const digits = max - min < 10 ? 10 : 8;
  const [from, to] = [min, max].map((seconds) => timeOfDay(seconds * 1_000).slice(0, digits));
  return `${from} to ${to}`;
}
