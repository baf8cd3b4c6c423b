import type { TableWord } from '../../api/contract.js';
import { hex } from '../../format/numbers.js';
import { Flash } from '../../parts/Flash.js';
import { referenceOf } from '../../state/tables.js';
import { CellEditor } from './CellEditor.js';
import type { Format } from './formats.js';
import type { GridRow } from './grid-rows.js';

interface Props {
  readonly row: number;
  readonly at: GridRow | undefined;
  readonly word: TableWord;
  readonly formats: readonly Format[];
  readonly names: ReadonlyMap<number, string>;
  readonly values: ReadonlyMap<number, number>;
  /** The column that is picked, if this is the row. */
  readonly column: number | undefined;
  readonly editing: boolean;
  readonly onPick: (column: number) => void;
  readonly onWrite: (text: string, format: Format, address: number) => void;
  readonly onCancel: () => void;
}

/** One address in all chosen formats, or a gap. */
export function CellRow(props: Props) {
  const { row, at, word, formats, names, values } = props;
  if (at === undefined) return null;
  if ('gap' in at) return <GapRow {...props} gap={at.gap} />;
  const { address } = at;
  return (
    <tr aria-rowindex={row + 2}>
      <th scope="row">
        {address} <span class="muted">{referenceOf(word, address)}</span>
      </th>
      {formats.map((format, column) => (
        <Cell key={format.name} {...props} format={format} index={column} address={address} values={values} />
      ))}
      <td class="named" title={names.get(address)}>
        {names.get(address)}
      </td>
    </tr>
  );
}

function Cell(props: Props & { format: Format; index: number; address: number }) {
  const { row, format, index, address, values, column, editing, onPick, onWrite, onCancel } = props;
  const isPicked = column === index;
  const words = Array.from({ length: format.size }, (_, i) => values.get(address + i));
  const text = words.every((word) => word !== undefined) ? format.text(words) : '';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it has the keys.
    <td
      id={`cell-${row}-${index}`}
      class={isPicked ? 'number picked' : 'number'}
      onClick={() => editing || onPick(index)}
    >
      {isPicked && editing ? (
        <CellEditor text={text} onWrite={(next) => onWrite(next, format, address)} onCancel={onCancel} />
      ) : (
        text !== '' && <Flash of={text}>{text}</Flash>
      )}
    </td>
  );
}

function GapRow({ row, column, formats, gap }: Props & { gap: { start: number; count: number } }) {
  const last = gap.start + gap.count - 1;
  return (
    <tr aria-rowindex={row + 2}>
      <td
        id={`cell-${row}-${column ?? 0}`}
        class={column === undefined ? 'gap' : 'gap picked'}
        colSpan={formats.length + 2}
        title={`${hex(gap.start)} to ${hex(last)}`}
      >
        {gap.start} to {last}: not in memory
      </td>
    </tr>
  );
}
