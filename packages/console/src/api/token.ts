import { signal } from '@preact/signals';

const KEY = 'busbar-token';

/** The token that goes with each request; it is kept until the tab is closed. Empty: none. */
export const token = signal(sessionStorage.getItem(KEY) ?? '');

/** Why the user is asked for a token; undefined: nobody asks. */
export const tokenWanted = signal<string | undefined>(undefined);

export function setToken(text: string): void {
  sessionStorage.setItem(KEY, text);
  token.value = text;
  tokenWanted.value = undefined;
}
