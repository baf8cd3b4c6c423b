import { useState } from 'preact/hooks';
import { download, saveText } from '../../api/download.js';
import { connection } from '../../api/live.js';
import { count, counted } from '../../format/numbers.js';
import { ActionError } from '../../parts/ActionError.js';
import { Empty } from '../../parts/Empty.js';
import { Loaded } from '../../parts/Loaded.js';
import { Panel } from '../../parts/Panel.js';
import { Title } from '../../parts/Title.js';
import { useAction } from '../../state/action.js';
import { useTraffic } from '../../state/traffic.js';
import { csvOf } from './export.js';
import { FilterBar } from './FilterBar.js';
import { type Filter, filtered, NO_FILTER } from './filter.js';
import { TrafficTable } from './TrafficTable.js';

/** What clients ask, and what they get. */
export function TrafficPage() {
  const [paused, setPaused] = useState(false);
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const [opened, setOpened] = useState<string>();
  // A request that is read must not move away.
  const traffic = useTraffic(paused || opened !== undefined);
  const { exchanges = [], leftOut, waiting } = traffic;
  const action = useAction();
  const change = (next: Filter) => {
    setFilter(next);
    setOpened(undefined);
  };
  const found = filtered(exchanges, filter).reverse();
  return (
    <div class="page">
      <Title title="Traffic" about="What clients ask, and what they get. Open a request to see its bytes.">
        <div class="row">
          <button type="button" class="button primary" onClick={() => setPaused(!paused)}>
            {paused ? 'Resume' : 'Pause'}
          </button>
          <button
            type="button"
            class="button"
            onClick={() => saveText(csvOf(found.toReversed()), 'text/csv', 'traffic.csv')}
          >
            CSV
          </button>
          <button
            type="button"
            class="button"
            onClick={() => void action.run(() => download('/traffic.pcapng', 'traffic.pcapng'))}
          >
            pcapng
          </button>
        </div>
      </Title>
      <ActionError error={action.error} />
      <Panel title="Requests" tools={<small class="muted">{stateOf(holdOf(paused, opened), waiting, leftOut)}</small>}>
        <FilterBar filter={filter} onFilter={change} exchanges={exchanges} />
        <Loaded of={{ ...traffic, value: traffic.exchanges }}>
          {() =>
            found.length > 0 ? (
              <TrafficTable exchanges={found} opened={opened} onOpen={setOpened} />
            ) : (
              <NothingFound isFiltered={exchanges.length > 0} />
            )
          }
        </Loaded>
      </Panel>
    </div>
  );
}

function NothingFound({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) return <Empty title="No request matches">Change the filter, or wait for the next requests.</Empty>;
  return <Empty title="No requests yet">A request appears here when a client has sent it.</Empty>;
}

/** Why the list stands still; undefined: it goes on. */
function holdOf(paused: boolean, opened: string | undefined): string | undefined {
  if (paused) return 'paused';
  return opened === undefined ? undefined : 'held while a request is open';
}

function stateOf(hold: string | undefined, waiting: number, leftOut: number): string {
  if (connection.value === 'lost') return 'no connection';
  if (hold !== undefined) return waiting === 0 ? hold : `${hold}, ${count(waiting)} new`;
  return leftOut === 0 ? 'live' : `live, a sample: ${counted(leftOut, 'request')} left out`;
}
