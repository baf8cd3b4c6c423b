import { Title } from '../../parts/Title.js';
import { AddFault } from './AddFault.js';
import { FaultsPanel } from './FaultsPanel.js';
import { SimulationPanel } from './SimulationPanel.js';

/** What goes wrong on purpose, and what moves by itself. */
export function FaultsPage() {
  return (
    <div class="page">
      <Title title="Faults and simulation" about="What goes wrong on purpose, and what moves by itself." />
      <FaultsPanel />
      <AddFault />
      <SimulationPanel />
    </div>
  );
}
