import type { Signal } from '@preact/signals';
import type { Point } from '../../api/contract.js';
import { Flash } from '../../parts/Flash.js';
import { Icon } from '../../parts/Icon.js';
import { root } from '../../state/root.js';

interface Props {
  readonly point: Signal<Point>;
  readonly editing: boolean;
  readonly edit: () => void;
}

/** The value of a point; a button where it can be changed. */
export function PointValue({ point, editing, edit }: Props) {
  const { name, text, changed } = point.value;
  const said = text === '' ? '(empty)' : text;
  const shown = <Flash of={changed?.time}>{said}</Flash>;
  if (root.value?.writable === false) {
    return (
      <span class="reading" title={text}>
        {shown}
      </span>
    );
  }
  return (
    <button
      type="button"
      class="reading"
      aria-label={`${name}: ${said}, edit`}
      aria-expanded={editing}
      title={text}
      onClick={edit}
    >
      {shown}
      <Icon name="edit" />
    </button>
  );
}
