import { useEffect } from 'preact/hooks';
import type { Fault } from '../../api/contract.js';
import { subscribe } from '../../api/live.js';
import { faultPath } from '../../api/paths.js';
import { request } from '../../api/request.js';
import { ActionError } from '../../parts/ActionError.js';
import { Empty } from '../../parts/Empty.js';
import { Loaded } from '../../parts/Loaded.js';
import { Panel } from '../../parts/Panel.js';
import { useAction } from '../../state/action.js';
import { useResource } from '../../state/resource.js';
import { root } from '../../state/root.js';
import { FaultRow } from './FaultRow.js';

/** Milliseconds between two looks at what faults have hit. */
const EVERY = 1_000;

export function FaultsPanel() {
  const faults = useResource<Fault[]>('/faults', EVERY);
  const { error, run } = useAction();
  const { reload } = faults;
  useEffect(() => subscribe('fault', reload), [reload]);
  const act = (method: 'PATCH' | 'DELETE', { name }: Fault, body?: object) =>
    void run(() => request(method, faultPath(name), body)).then(reload);
  return (
    <Panel title="Faults">
      <ActionError error={error} />
      <Loaded of={faults}>
        {(all) =>
          all.length === 0 ? (
            <Empty title="There are no faults">
              {root.value?.writable === false ? 'The config can have some' : 'Add one below, or in the config'} under
              faults.
            </Empty>
          ) : (
            <ul class="faults">
              {all.map((fault) => (
                <FaultRow
                  key={fault.name}
                  fault={fault}
                  onSwitch={(active) => act('PATCH', fault, { active })}
                  onRemove={() => act('DELETE', fault)}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}
