import type { Exchange } from '../../api/contract.js';
import { PageRows } from '../../parts/PageRows.js';
import { TableHead } from '../../parts/TableHead.js';
import { COLUMNS } from './columns.js';
import { ExchangeRow } from './ExchangeRow.js';

interface Props {
  /** Newest first. */
  readonly exchanges: readonly Exchange[];
  /** The id of the one whose bytes are shown. */
  readonly opened: number | undefined;
  readonly onOpen: (id: number | undefined) => void;
}

/** Requests, the newest first. */
export function TrafficTable({ exchanges, opened, onOpen }: Props) {
  return (
    <table class="table traffic" aria-rowcount={exchanges.length + 1}>
      <TableHead columns={COLUMNS} rowIndex={1} />
      <PageRows
        items={exchanges}
        kept={exchanges.find(({ id }) => id === opened)}
        row={(exchange, index) => (
          <ExchangeRow
            key={exchange.id}
            exchange={exchange}
            rowIndex={index + 2}
            open={exchange.id === opened}
            onOpen={(open) => onOpen(open ? exchange.id : undefined)}
          />
        )}
      />
    </table>
  );
}
