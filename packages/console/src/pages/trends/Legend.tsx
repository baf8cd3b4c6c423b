import { useComputed } from '@preact/signals';
import { Icon } from '../../parts/Icon.js';
import { keyOf, type Pick, removePick, samplesOf, trendsChanged } from '../../state/trends.js';

/** What is drawn, with its last value. */
export function Legend({ picks }: { readonly picks: readonly Pick[] }) {
  return (
    <ul class="legend">
      {picks.map((pick, i) => (
        <LegendItem key={keyOf(pick)} pick={pick} index={i} />
      ))}
    </ul>
  );
}

function LegendItem({ pick, index }: { readonly pick: Pick; readonly index: number }) {
  const last = useComputed(() => (trendsChanged.value < 0 ? undefined : samplesOf(pick)?.values.at(-1)));
  return (
    <li>
      <span class={`swatch series-${index + 1}`} />
      <span class="name">{pick.name}</span>
      <small class="muted">unit {pick.unit}</small>
      <span class="last">
        {last.value === undefined || Number.isNaN(last.value) ? '–' : Number(last.value.toPrecision(7))} {pick.measure}
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={`Remove ${pick.name}`}
        title="Remove"
        onClick={() => removePick(pick)}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}
