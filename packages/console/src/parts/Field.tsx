interface Props {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly onValue: (value: string) => void;
}

/** A text of a form, with its label above. */
export function Field({ label, value, placeholder = '', required = false, onValue }: Props) {
  return (
    <label class="labelled">
      <span>{label}</span>
      <input
        class="field"
        value={value}
        placeholder={placeholder}
        required={required}
        autocomplete="off"
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </label>
  );
}
