interface Props {
  /** What stands for all of them. */
  readonly label: string;
  readonly value: string;
  /** Values with their names. */
  readonly options: readonly (readonly [string, string])[];
  readonly onValue: (value: string) => void;
}

/** A choice of what is there, or of all. */
export function FilterChoice({ label, value, options, onValue }: Props) {
  const isGone = value !== '' && !options.some(([each]) => each === value);
  return (
    <select class="field" aria-label={label} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
      <option value="">{label}</option>
      {isGone && <option value={value}>{value}</option>}
      {options.map(([each, name]) => (
        <option key={each} value={each}>
          {name}
        </option>
      ))}
    </select>
  );
}
