import type { Simulation, SimulationChange } from '../../api/contract.js';
import { request } from '../../api/request.js';
import { ActionError } from '../../parts/ActionError.js';
import { Empty } from '../../parts/Empty.js';
import { Panel } from '../../parts/Panel.js';
import { useAction } from '../../state/action.js';
import { root } from '../../state/root.js';
import { Scenarios } from './Scenarios.js';
import { SimulationControls } from './SimulationControls.js';

/** The simulation, and what steers it. */
export function SimulationPanel() {
  const { error, run } = useAction();
  const simulation = root.value?.simulation;
  const ask = (method: 'PATCH' | 'POST', path: string, body?: SimulationChange) =>
    void run(async () => show(await request<Simulation>(method, path, body)));
  return (
    <Panel title="Simulation" padded>
      {simulation ? (
        <div class="form">
          <SimulationControls simulation={simulation} change={(change) => ask('PATCH', '/simulation', change)} />
          <Scenarios
            scenarios={simulation.scenarios}
            run={(name) => ask('POST', `/scenarios/${encodeURIComponent(name)}`)}
          />
          <ActionError error={error} />
        </div>
      ) : (
        <Empty title="Nothing is simulated">Points move when the config says so: simulate, when, script.</Empty>
      )}
    </Panel>
  );
}

function show(simulation: Simulation): void {
  if (root.value !== undefined) root.value = { ...root.value, simulation };
}
