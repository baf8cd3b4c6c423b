import type { Signal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Point } from '../../api/contract.js';
import { shownOf } from '../../state/screen.js';
import { PinButton } from './PinButton.js';
import { PointChanged } from './PointChanged.js';
import { PointEditor } from './PointEditor.js';
import { PointRegisters } from './PointRegisters.js';
import { PointValue } from './PointValue.js';
import { COLUMNS } from './point-columns.js';

interface Props {
  readonly point: Signal<Point>;
  readonly rowIndex: number;
  readonly editing: boolean;
  readonly onEdit: (editing: boolean) => void;
}

/** One point: what it is, what it holds, and who has changed it. Cells that change read the signal themselves. */
export function PointRow({ point, rowIndex, editing, onEdit }: Props) {
  const row = useRef<HTMLTableRowElement>(null);
  const close = () => {
    onEdit(false);
    row.current?.querySelector<HTMLElement>('.reading')?.focus();
  };
  return (
    <>
      <tr ref={row} class={editing ? 'fixed open' : 'fixed'} aria-rowindex={rowIndex}>
        <td class="what">
          <PointName point={point} />
        </td>
        <td class="value">
          <div class="box">
            <PointValue point={point} editing={editing} edit={() => onEdit(!editing)} />
          </div>
        </td>
        <td class="wider mono raw">
          <div class="box">
            <PointRegisters point={point} />
          </div>
        </td>
        <td class="wide place">
          <PointPlace point={point.peek()} />
        </td>
        <td class="wide">
          <div class="box">
            <PointChanged point={point} />
          </div>
        </td>
        <td class="pin">
          <PinButton point={point.peek()} />
        </td>
      </tr>
      {editing && (
        <tr class="open">
          <td colSpan={shownOf(COLUMNS)}>
            <PointEditor point={point.peek()} close={close} />
          </td>
        </tr>
      )}
    </>
  );
}

function PointName({ point }: { readonly point: Signal<Point> }) {
  const { name, simulated, description, place } = point.peek();
  return (
    <>
      <span class="named line">
        <span class="name" title={name}>
          {name}
        </span>
        {simulated && (
          <span class="tag accent wide" title={simulated}>
            {simulated}
          </span>
        )}
      </span>
      <small class="muted line wide" title={description}>
        {description}
      </small>
      <small class="muted line narrow">{place}</small>
      <small class="muted line narrow">
        <PointChanged point={point} />
      </small>
    </>
  );
}

function PointPlace({ point: { place, type, quantity, order } }: { readonly point: Point }) {
  return (
    <>
      <span class="line" title={place}>
        {place}
      </span>
      <small class="muted line">
        {type}
        {quantity > 1 && type !== 'string' && ` ${order}`}
      </small>
    </>
  );
}
