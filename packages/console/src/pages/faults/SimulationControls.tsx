import { useState } from 'preact/hooks';
import type { Simulation, SimulationChange } from '../../api/contract.js';
import { counted } from '../../format/numbers.js';
import { duration, moment } from '../../format/times.js';
import { root } from '../../state/root.js';

interface Props {
  readonly simulation: Simulation;
  readonly change: (change: SimulationChange) => void;
}

const SPEEDS = [0.1, 1, 10, 60, 600];
const STEPS = [
  { step: '1s', name: '1 s' },
  { step: '10s', name: '10 s' },
  { step: '1m', name: '1 min' },
  { step: '10m', name: '10 min' },
  { step: '1h', name: '1 h' },
];

/** Pause, speed and step. */
export function SimulationControls({ simulation, change }: Props) {
  const { running, speed, moving, time, date, seed } = simulation;
  const [step, setStep] = useState('1m');
  const isFixed = root.value?.writable === false;
  const speeds = [...new Set([...SPEEDS, speed])].sort((a, b) => a - b);
  return (
    <>
      <p>
        <span class={running ? 'dot good' : 'dot warn'} />
        {running ? 'Running' : 'Paused'}, moves {counted(moving, 'point')}. In the simulation it is {moment(date)},{' '}
        {duration(time)} after the start. Seed {seed}.
      </p>
      <div class="row">
        <button type="button" class="button primary" disabled={isFixed} onClick={() => change({ running: !running })}>
          {running ? 'Pause' : 'Resume'}
        </button>
        <label class="row">
          <span class="muted">Speed</span>
          <select
            class="field"
            value={speed}
            disabled={isFixed}
            onChange={({ currentTarget }) => change({ speed: Number(currentTarget.value) })}
          >
            {speeds.map((each) => (
              <option key={each} value={each}>
                {each} ×
              </option>
            ))}
          </select>
        </label>
        <label class="row">
          <span class="muted">Step</span>
          <select
            class="field"
            value={step}
            disabled={isFixed}
            onChange={(event) => setStep(event.currentTarget.value)}
          >
            {STEPS.map((each) => (
              <option key={each.step} value={each.step}>
                {each.name}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="button" disabled={isFixed} onClick={() => change({ step })}>
          Step forward
        </button>
      </div>
    </>
  );
}
