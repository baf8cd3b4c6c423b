interface Props {
  readonly label: string;
  readonly checked: boolean;
  /** Those with the same name exclude each other; without it, it is a box to tick. */
  readonly name?: string;
  readonly onChange: (checked: boolean) => void;
}

/** One of several choices. */
export function Chip({ label, checked, name, onChange }: Props) {
  return (
    <label class="chip">
      <input
        type={name === undefined ? 'checkbox' : 'radio'}
        name={name}
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}
