import { useEffect, useRef, useState } from 'preact/hooks';
import type { Point, Value } from '../../api/contract.js';
import { pointPath } from '../../api/paths.js';
import { messageOf, request } from '../../api/request.js';
import { limitsOf } from './edit.js';
import { PointField } from './PointField.js';

interface Props {
  readonly point: Point;
  readonly close: () => void;
}

/** Edits a point in its place. */
export function PointEditor({ point, close }: Props) {
  const [value, setValue] = useState<Value>(point.value ?? '');
  const [error, setError] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select')?.focus(), []);
  const save = async () => {
    try {
      await request('PUT', pointPath(point.unit, point.name), { value });
      close();
    } catch (problem) {
      setError(messageOf(problem));
    }
  };
  return (
    <form
      class="editor"
      ref={form}
      aria-label={`Edit ${point.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <div class="row">
        <PointField point={point} value={value} onValue={setValue} />
        <button type="submit" class="button primary">
          Set
        </button>
        <button type="button" class="button quiet" onClick={close}>
          Cancel
        </button>
      </div>
      <small class="muted">{limitsOf(point)}</small>
      {point.simulated && <small class="muted">The simulation moves it ({point.simulated}), and will go on.</small>}
      {error !== undefined && (
        <small class="note error" role="alert">
          {error}
        </small>
      )}
    </form>
  );
}
