import type { Signal } from '@preact/signals';
import type { Point } from '../../api/contract.js';
import { Age } from '../../parts/Age.js';

/** When a point has last changed, and by whom. */
export function PointChanged({ point }: { readonly point: Signal<Point> }) {
  const { changed } = point.value;
  if (changed === null) return <span class="muted">none yet</span>;
  return (
    <>
      <Age of={changed.time} />{' '}
      <small class="muted by line" title={changed.by}>
        by {changed.by}
      </small>
    </>
  );
}
