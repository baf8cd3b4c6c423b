import { computed, effect, signal } from '@preact/signals';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'busbar-theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const isDark = signal(system.matches);

/** `auto`: as the system has it. */
export const theme = signal<Theme>(THEMES.find((each) => each === localStorage.getItem(KEY)) ?? 'auto');

/** The colours that are shown. */
export const shade = computed(() => {
  if (theme.value !== 'auto') return theme.value;
  return isDark.value ? 'dark' : 'light';
});

export function startTheme(): void {
  system.addEventListener('change', ({ matches }) => {
    isDark.value = matches;
  });
  effect(() => localStorage.setItem(KEY, theme.value));
  effect(() => {
    document.documentElement.dataset.theme = shade.value;
  });
}
