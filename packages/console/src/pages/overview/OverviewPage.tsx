import type { Root } from '../../api/contract.js';
import { duration } from '../../format/times.js';
import { Loaded } from '../../parts/Loaded.js';
import { Title } from '../../parts/Title.js';
import { now } from '../../state/clock.js';
import { readRoot, root, rootError } from '../../state/root.js';
import { FaultsOn } from './FaultsOn.js';
import { LastingNote } from './LastingNote.js';
import { ListenersPanel } from './ListenersPanel.js';
import { SimulationFacts } from './SimulationFacts.js';
import { Totals } from './Totals.js';
import { UnitsPanel } from './UnitsPanel.js';

/** What runs, at a glance. */
export function OverviewPage() {
  const resource = { value: root.value, error: rootError.value, reload: () => void readRoot() };
  return (
    <div class="page">
      <Loaded of={resource}>{(value) => <OverviewContent root={value} />}</Loaded>
    </div>
  );
}

function OverviewContent({ root: value }: { readonly root: Root }) {
  return (
    <>
      <Title title="Overview" about={<About root={value} />} />
      {value.faults.active > 0 && <FaultsOn active={value.faults.active} />}
      <LastingNote root={value} />
      <Totals />
      <ListenersPanel listeners={value.listeners} />
      <UnitsPanel units={value.units} />
      {value.simulation !== null && <SimulationFacts simulation={value.simulation} />}
    </>
  );
}

/** It reads the clock itself, so that the rest of the page is not rendered each second. */
function About({ root: { config, started } }: { readonly root: Root }) {
  return (
    <>
      {config ?? 'The test device, without a config'} · up for {duration(now.value - started)}
    </>
  );
}
