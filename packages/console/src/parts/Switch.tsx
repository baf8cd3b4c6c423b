interface Props {
  readonly on: boolean;
  readonly label: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSwitch: (on: boolean) => void;
}

/** On or off. */
export function Switch({ on, label, danger = false, disabled = false, onSwitch }: Props) {
  return (
    <button
      type="button"
      role="switch"
      class={danger ? 'switch danger' : 'switch'}
      aria-checked={on}
      aria-label={label}
      disabled={disabled}
      onClick={() => onSwitch(!on)}
    />
  );
}
