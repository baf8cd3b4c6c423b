import { useState } from 'preact/hooks';
import type { Exchange } from '../../api/contract.js';
import { ExchangeRow } from './ExchangeRow.js';

/** Requests, the newest first. */
export function TrafficTable({ exchanges }: { readonly exchanges: readonly Exchange[] }) {
  const [opened, setOpened] = useState<number>();
  return (
    <table class="table traffic">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col" class="wider">
            Client
          </th>
          <th scope="col" class="wide">
            Unit
          </th>
          <th scope="col" class="said">
            Request and reply
          </th>
          <th scope="col" class="number wide">
            Took
          </th>
        </tr>
      </thead>
      <tbody>
        {exchanges.map((exchange) => (
          <ExchangeRow
            key={exchange.id}
            exchange={exchange}
            open={exchange.id === opened}
            onOpen={(open) => setOpened(open ? exchange.id : undefined)}
          />
        ))}
      </tbody>
    </table>
  );
}
