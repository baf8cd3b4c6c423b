import type { Point } from '../../api/contract.js';
import { Flash } from '../../parts/Flash.js';
import { root } from '../../state/root.js';

interface Props {
  readonly point: Point;
  readonly edit: () => void;
}

/** The value of a point; a button where it can be changed. */
export function PointValue({ point, edit }: Props) {
  const text = <Flash of={point.changed?.time}>{point.text === '' ? '(empty)' : point.text}</Flash>;
  if (root.value?.writable === false) return <span class="reading">{text}</span>;
  return (
    <button type="button" class="reading" aria-label={`${point.name}: ${point.text}, edit`} title="Edit" onClick={edit}>
      {text}
    </button>
  );
}
