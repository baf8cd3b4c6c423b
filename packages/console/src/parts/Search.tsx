interface Props {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** Narrows a list down. */
export function Search({ label, value, onValue }: Props) {
  return (
    <input
      class="field"
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      onInput={(event) => onValue(event.currentTarget.value)}
    />
  );
}
