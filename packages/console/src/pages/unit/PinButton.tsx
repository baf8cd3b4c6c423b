import type { Point } from '../../api/contract.js';
import { Icon } from '../../parts/Icon.js';
import { addPick, isDrawable, keyOf, MAX_PICKS, picks, removePick } from '../../state/trends.js';

/** Keeps the values of a point from now on, for the page of trends. */
export function PinButton({ point }: { readonly point: Point }) {
  if (!isDrawable(point)) return null;
  const pick = picks.value.find((each) => keyOf(each) === keyOf(point));
  const isFull = pick === undefined && picks.value.length >= MAX_PICKS;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={`Trend of ${point.name}`}
      aria-pressed={pick !== undefined}
      disabled={isFull}
      title={isFull ? `Trends draw up to ${MAX_PICKS} points` : 'Keep its values for Trends'}
      onClick={() => (pick === undefined ? addPick(point) : removePick(pick))}
    >
      <Icon name="trend" />
    </button>
  );
}
