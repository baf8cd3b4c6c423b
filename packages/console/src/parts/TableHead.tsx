/** A column of a table. */
export interface Column {
  readonly name: string;
  readonly class?: string;
  /** Its name is only for those who cannot see the table. */
  readonly hidden?: boolean;
}

interface Props {
  readonly columns: readonly Column[];
  /** Of a table that renders only some of its rows. */
  readonly rowIndex?: number;
}

/** The names of the columns. */
export function TableHead({ columns, rowIndex }: Props) {
  return (
    <thead>
      <tr aria-rowindex={rowIndex}>
        {columns.map(({ name, class: look, hidden = false }) => (
          <th key={name} scope="col" class={look}>
            {hidden ? <span class="hidden">{name}</span> : name}
          </th>
        ))}
      </tr>
    </thead>
  );
}
