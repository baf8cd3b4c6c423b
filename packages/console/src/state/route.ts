import { signal } from '@preact/signals';

/** Where the user is: the parts of the address behind `#/`. `#/units/1/holding` is `['units', '1', 'holding']`. */
export const route = signal<readonly string[]>(partsOf(location.hash));

export function startRoute(): void {
  addEventListener('hashchange', () => {
    route.value = partsOf(location.hash);
  });
}

export function hrefOf(...parts: (string | number)[]): string {
  return `#/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
}

function partsOf(hash: string): string[] {
  const parts = hash.replace(/^#\/?/, '').split('/');
  return parts.filter((part) => part !== '').map(decoded);
}

/** An address that someone has typed may be anything. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
