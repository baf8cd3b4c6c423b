import type { Signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { Point } from '../../api/contract.js';
import { hex } from '../../format/numbers.js';
import { Age } from '../../parts/Age.js';
import { PointEditor } from './PointEditor.js';
import { PointValue } from './PointValue.js';

/** One point: what it is, what it holds, and who has changed it. */
export function PointRow({ point: { value: point } }: { readonly point: Signal<Point> }) {
  const [editing, setEditing] = useState(false);
  return (
    <tr>
      <td class="what">
        <span class="name">{point.name}</span> {point.simulated && <span class="tag accent">{point.simulated}</span>}
        {point.description && <small class="muted about">{point.description}</small>}
        <small class="muted narrow">{point.place}</small>
        {point.changed !== null && (
          <small class="muted narrow">
            <Changed point={point} />
          </small>
        )}
      </td>
      <td class="value">
        {editing ? (
          <PointEditor point={point} close={() => setEditing(false)} />
        ) : (
          <PointValue point={point} edit={() => setEditing(true)} />
        )}
      </td>
      <td class="wider mono raw">{rawOf(point)}</td>
      <td class="wide place">
        {point.place}
        <small class="muted about">
          {point.type}
          {point.quantity > 1 && point.type !== 'string' && ` ${point.order}`}
        </small>
      </td>
      <td class="wide">
        <Changed point={point} />
      </td>
    </tr>
  );
}

const SHOWN = 4;

function rawOf({ raw, table, bit }: Point): string {
  if (bit !== undefined || table === 'coils' || table === 'discreteInputs') return raw.join(' ');
  const shown = raw.slice(0, SHOWN).map((register) => hex(register));
  return raw.length > SHOWN ? `${shown.join(' ')} … ${raw.length} registers` : shown.join(' ');
}

function Changed({ point: { changed } }: { readonly point: Point }) {
  if (changed === null) return <span class="muted">none yet</span>;
  return (
    <>
      <Age of={changed.time} /> <small class="muted by">by {changed.by}</small>
    </>
  );
}
