import type { Exchange } from '../../api/contract.js';
import { PageRows } from '../../parts/PageRows.js';
import { TableHead } from '../../parts/TableHead.js';
import { keyOf } from '../../state/traffic.js';
import { COLUMNS } from './columns.js';
import { ExchangeRow } from './ExchangeRow.js';

interface Props {
  /** Newest first. */
  readonly exchanges: readonly Exchange[];
  /** The key of the one whose bytes are shown. */
  readonly opened: string | undefined;
  readonly onOpen: (key: string | undefined) => void;
}

/** Requests, the newest first. */
export function TrafficTable({ exchanges, opened, onOpen }: Props) {
  return (
    <table class="table traffic" aria-rowcount={exchanges.length + 1}>
      <TableHead columns={COLUMNS} rowIndex={1} />
      <PageRows
        items={exchanges}
        kept={exchanges.find((exchange) => keyOf(exchange) === opened)}
        row={(exchange, index) => (
          <ExchangeRow
            key={keyOf(exchange)}
            exchange={exchange}
            rowIndex={index + 2}
            open={keyOf(exchange) === opened}
            onOpen={(open) => onOpen(open ? keyOf(exchange) : undefined)}
          />
        )}
      />
    </table>
  );
}
