import { useId } from 'preact/hooks';

interface Option {
  readonly value: string;
  readonly name: string;
}

interface Props {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  /** What the choice means, below it. */
  readonly help?: string | undefined;
  readonly disabled?: boolean;
  readonly onValue: (value: string) => void;
}

/** One of several in a form, with its label above. */
export function Choice({ label, value, options, help, disabled = false, onValue }: Props) {
  const id = useId();
  return (
    <div class="labelled">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="field"
        value={value}
        disabled={disabled}
        aria-describedby={help && `${id}-help`}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
      {help && (
        <small id={`${id}-help`} class="muted">
          {help}
        </small>
      )}
    </div>
  );
}
