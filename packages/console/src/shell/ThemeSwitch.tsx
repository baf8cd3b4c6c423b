import { Chip } from '../parts/Chip.js';
import { THEMES, theme } from '../state/theme.js';

const NAMES = { auto: 'System', light: 'Light', dark: 'Dark' };

export function ThemeSwitch() {
  return (
    <fieldset class="themes">
      <legend class="hidden">Colours</legend>
      {THEMES.map((each) => (
        <Chip
          key={each}
          name="theme"
          label={NAMES[each]}
          checked={theme.value === each}
          onChange={() => {
            theme.value = each;
          }}
        />
      ))}
    </fieldset>
  );
}
