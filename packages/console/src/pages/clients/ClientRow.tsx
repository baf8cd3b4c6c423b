import type { Client } from '../../api/contract.js';
import { nameOf } from '../../format/clients.js';
import { count, counted } from '../../format/numbers.js';
import { Age } from '../../parts/Age.js';
import { root } from '../../state/root.js';

interface Props {
  readonly client: Client;
  readonly cut: (client: Client) => void;
}

export function ClientRow({ client, cut }: Props) {
  const { listener, transport, role, since, requests, exceptions, lastRequest } = client;
  const name = nameOf(client);
  return (
    <tr>
      <td>
        <span class="name">{name}</span>
        <small class="muted about">
          {transport}
          {role && `, role ${role}`}
        </small>
        <small class="muted narrow">{counted(requests, 'request')}</small>
      </td>
      <td class="wider">{listener}</td>
      <td class="wider nowrap">
        <Age of={since} />
      </td>
      <td class="number wide">{count(requests)}</td>
      <td class={exceptions > 0 ? 'number wide danger' : 'number wide'}>{count(exceptions)}</td>
      <td class="wide">{lastRequest === null ? <span class="muted">none yet</span> : <Age of={lastRequest} />}</td>
      <td class="number">
        <button
          type="button"
          class="button"
          disabled={root.value?.writable === false}
          aria-label={`Disconnect ${name}`}
          onClick={() => cut(client)}
        >
          Disconnect
        </button>
      </td>
    </tr>
  );
}
