import type { Exchange } from '../../api/contract.js';
import { count, counted } from '../../format/numbers.js';
import { useResource } from '../../state/resource.js';
import { root } from '../../state/root.js';
import { type Draft, faultOf, refuses } from './draft.js';
import { fits } from './matching.js';
import { conditionOf, effectOf, matchOf } from './words.js';

/** Milliseconds between two looks at what clients ask. */
const EVERY = 5_000;

/** What the fault of a draft would do, and which of the last requests it would be for. */
export function FaultPreview({ draft }: { readonly draft: Draft }) {
  const fault = faultOf(draft);
  const condition = conditionOf(fault);
  return (
    <div class="note preview" role="status">
      <p>
        <strong>{effectOf(fault)}</strong> for {matchOf(fault)}
        {condition && `, ${condition}`}.
      </p>
      {!refuses(draft) && <LastRequests draft={draft} />}
    </div>
  );
}

function LastRequests({ draft }: { readonly draft: Draft }) {
  const { value: exchanges = [] } = useResource<Exchange[]>('/traffic?limit=100', EVERY);
  if (exchanges.length === 0) return <p class="muted">No client has asked for anything yet.</p>;
  const listeners = root.value?.listeners.map(({ name }) => name) ?? [];
  const found = exchanges.filter((exchange) => fits(draft, exchange, listeners));
  const last = found.at(-1);
  return (
    <p class="muted">
      It matches {count(found.length)} of the last {counted(exchanges.length, 'request')}
      {last !== undefined && `, such as: unit ${last.unit}, ${last.summary}`}
    </p>
  );
}
