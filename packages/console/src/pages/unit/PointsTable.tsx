import type { Signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import type { Point } from '../../api/contract.js';
import { Empty } from '../../parts/Empty.js';
import { PageRows } from '../../parts/PageRows.js';
import { TableHead } from '../../parts/TableHead.js';
import { PointRow } from './PointRow.js';
import { COLUMNS } from './point-columns.js';

interface Props {
  readonly all: readonly Signal<Point>[];
  readonly search: string;
}

/** Points, of which one at a time is edited. */
export function PointsTable({ all, search }: Props) {
  const [edited, setEdited] = useState('');
  if (all.length === 0) return <Empty title="This unit has no points">Its tables have all that it holds.</Empty>;
  // What is searched does not change with the value: a value that changes must not render all rows.
  const found = all.filter((point) => matches(point.peek(), search));
  if (found.length === 0) return <Empty title="No point matches">Search for a name, a place or a description.</Empty>;
  return (
    <table class="table points" aria-rowcount={found.length + 1}>
      <TableHead columns={COLUMNS} rowIndex={1} />
      <PageRows
        items={found}
        kept={found.find((point) => point.peek().name === edited)}
        row={(point, index) => {
          const { name } = point.peek();
          return (
            <PointRow
              key={name}
              point={point}
              rowIndex={index + 2}
              editing={name === edited}
              onEdit={(editing) => setEdited(editing ? name : '')}
            />
          );
        }}
      />
    </table>
  );
}

function matches({ name, place, description = '' }: Point, search: string): boolean {
  return [name, place, description].some((text) => text.toLowerCase().includes(search));
}
