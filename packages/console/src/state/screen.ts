import { signal } from '@preact/signals';

/** Classes of columns, and the screens that have no room for them: the style hides them there. */
const NO_ROOM = { wide: '(max-width: 860px)', wider: '(max-width: 1240px)' };

/** The classes of columns that are hidden now. */
const hidden = signal<readonly string[]>([]);

export function startScreen(): void {
  for (const query of Object.values(NO_ROOM)) matchMedia(query).addEventListener('change', look);
  look();
}

function look(): void {
  hidden.value = Object.entries(NO_ROOM).flatMap(([name, query]) => (matchMedia(query).matches ? [name] : []));
}

/** How many columns of a table are shown. */
export function shownOf(columns: readonly { readonly class?: string }[]): number {
  return columns.filter(({ class: look = '' }) => !look.split(' ').some((each) => hidden.value.includes(each))).length;
}
