import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Point, Value } from '../../api/contract.js';
import { pointPath } from '../../api/paths.js';
import { messageOf, request } from '../../api/request.js';
import { limitsOf } from './edit.js';
import { PointField } from './PointField.js';

interface Props {
  readonly point: Point;
  readonly close: () => void;
}

/** Takes a new value of a point, below its row. */
export function PointEditor({ point, close }: Props) {
  const [value, setValue] = useState<Value>(point.value ?? '');
  const [error, setError] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select')?.focus(), []);
  const save = async () => {
    try {
      await request('PUT', pointPath(point.unit, point.name), { value });
      close();
    } catch (problem) {
      setError(messageOf(problem));
    }
  };
  const change = (next: Value) => {
    setValue(next);
    setError(undefined);
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
        <PointField point={point} value={value} onValue={change} describedBy={id} invalid={error !== undefined} />
        {point.measure !== undefined && <span class="muted">{point.measure}</span>}
        <button type="submit" class="button primary">
          Set
        </button>
        <button type="button" class="button quiet" onClick={close}>
          Cancel
        </button>
      </div>
      <div id={id} class="help">
        {error !== undefined && (
          <p class="danger" role="alert">
            Not written: {error}
          </p>
        )}
        <p>
          Takes <strong>{limitsOf(point)}</strong>
          {point.readOnly && '. Clients can only read it; you can write it'}
        </p>
        {point.simulated && <p>The simulation moves it ({point.simulated}), and will go on</p>}
        <p class="narrow">
          {point.name}
          {point.description && `: ${point.description}`}
        </p>
      </div>
    </form>
  );
}
