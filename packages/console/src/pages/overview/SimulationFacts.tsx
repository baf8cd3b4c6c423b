import type { Simulation } from '../../api/contract.js';
import { counted } from '../../format/numbers.js';
import { duration, moment } from '../../format/times.js';
import { Panel } from '../../parts/Panel.js';

/** That values move by themselves. */
export function SimulationFacts({ simulation }: { readonly simulation: Simulation }) {
  const { running, speed, moving, time, date, seed } = simulation;
  return (
    <Panel title="Simulation" padded tools={<a href="#/faults">Control it</a>}>
      <dl class="facts">
        <Fact name="State" text={running ? 'running' : 'paused'} />
        <Fact name="Speed" text={speed === 1 ? 'real time' : `${speed} times as fast`} />
        <Fact name="Moves" text={counted(moving, 'point')} />
        <Fact name="Elapsed" text={duration(time)} />
        <Fact name="Date" text={moment(date)} />
        <Fact name="Seed" text={String(seed)} />
      </dl>
    </Panel>
  );
}

function Fact({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <div>
      <dt class="muted">{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}
