import { Chip } from '../../parts/Chip.js';
import { FORMATS } from './formats.js';

interface Props {
  readonly shown: readonly string[];
  readonly onShown: (shown: readonly string[]) => void;
}

/** Chooses the columns of a table of registers; one always stays. */
export function FormatChips({ shown, onShown }: Props) {
  const toggle = (name: string, on: boolean) => {
    const next = on ? [...shown, name] : shown.filter((each) => each !== name);
    if (next.length > 0) onShown(next);
  };
  return (
    <fieldset class="row formats">
      <legend class="hidden">Formats to show</legend>
      {FORMATS.map(({ name }) => (
        <Chip key={name} label={name} checked={shown.includes(name)} onChange={(on) => toggle(name, on)} />
      ))}
    </fieldset>
  );
}
