import { useEffect } from 'preact/hooks';
import type { Client } from '../../api/contract.js';
import { subscribe } from '../../api/live.js';
import { clientPath } from '../../api/paths.js';
import { request } from '../../api/request.js';
import { ActionError } from '../../parts/ActionError.js';
import { Empty } from '../../parts/Empty.js';
import { Loaded } from '../../parts/Loaded.js';
import { Panel } from '../../parts/Panel.js';
import { type Column, TableHead } from '../../parts/TableHead.js';
import { Title } from '../../parts/Title.js';
import { useAction } from '../../state/action.js';
import { useResource } from '../../state/resource.js';
import { ClientRow } from './ClientRow.js';

/** Milliseconds between two looks at what clients have done. */
const EVERY = 2_000;

/** Who is connected. */
export function ClientsPage() {
  const clients = useResource<Client[]>('/clients', EVERY);
  const { error, run } = useAction();
  const { reload } = clients;
  useEffect(() => subscribe('connect', reload), [reload]);
  useEffect(() => subscribe('disconnect', reload), [reload]);
  const cut = ({ id }: Client) => void run(() => request('DELETE', clientPath(id))).then(reload);
  return (
    <div class="page">
      <Title title="Clients" about="Who is connected now. A client that you disconnect may connect again." />
      <ActionError error={error} />
      <Panel title="Connected">
        <Loaded of={clients}>{(all) => <ClientsTable clients={all} cut={cut} />}</Loaded>
      </Panel>
    </div>
  );
}

const COLUMNS: readonly Column[] = [
  { name: 'Client' },
  { name: 'Listener', class: 'wider' },
  { name: 'Since', class: 'wider' },
  { name: 'Requests', class: 'number wide' },
  { name: 'Exceptions', class: 'number wide' },
  { name: 'Last request', class: 'wide' },
  { name: 'Disconnect', hidden: true },
];

interface TableProps {
  readonly clients: readonly Client[];
  readonly cut: (client: Client) => void;
}

function ClientsTable({ clients, cut }: TableProps) {
  if (clients.length === 0) return <Empty title="Nobody is connected">A client appears here when it connects.</Empty>;
  return (
    <table class="table">
      <TableHead columns={COLUMNS} />
      <tbody>
        {clients.map((client) => (
          <ClientRow key={client.id} client={client} cut={cut} />
        ))}
      </tbody>
    </table>
  );
}
