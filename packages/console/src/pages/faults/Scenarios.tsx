import type { Simulation } from '../../api/contract.js';
import { root } from '../../state/root.js';

interface Props {
  readonly scenarios: Simulation['scenarios'];
  readonly run: (name: string) => void;
}

/** The scenarios of the config, each with a button. */
export function Scenarios({ scenarios, run }: Props) {
  if (scenarios.length === 0) return null;
  return (
    <ul class="scenarios">
      {scenarios.map(({ unit, name, running }) => (
        <li key={`${unit} ${name}`} class="row">
          <button type="button" class="button" disabled={root.value?.writable === false} onClick={() => run(name)}>
            Run {name}
          </button>
          <small class="muted">
            unit {unit}
            {running && ', runs now'}
          </small>
        </li>
      ))}
    </ul>
  );
}
