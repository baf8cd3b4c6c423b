import { useId } from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly value: string;
  /** What may be written, below it. */
  readonly help?: string | undefined;
  /** An example. */
  readonly placeholder?: string | undefined;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly onValue: (value: string) => void;
}

/** A text of a form, with its label above. */
export function Field({ label, value, help, placeholder = '', required = false, disabled = false, onValue }: Props) {
  const id = useId();
  return (
    <div class="labelled">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="field"
        value={value}
        placeholder={placeholder && `such as ${placeholder}`}
        required={required}
        disabled={disabled}
        autocomplete="off"
        aria-describedby={help && `${id}-help`}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {help && (
        <small id={`${id}-help`} class="muted">
          {help}
        </small>
      )}
    </div>
  );
}
