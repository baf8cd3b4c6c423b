/** How many points a note names before it only counts them. */
const NAMED = 4;

/** Gathers what the config has otherwise than the file, and where. */
export class Notes {
  readonly #places = new Map<string, string[]>();

  /** @param place a point, a key: what the note is about. */
  add(text: string, place: string): void {
    const places = this.#places.get(text);
    if (places === undefined) this.#places.set(text, [place]);
    else places.push(place);
  }

  /** A sentence each, with the places at its end. */
  get lines(): string[] {
    return [...this.#places].map(([text, places]) => `${text}: ${listed(places)}`);
  }
}

function listed(places: readonly string[]): string {
  const more = places.length - NAMED;
  const named = places.slice(0, NAMED).join(', ');
  return more > 0 ? `${named} and ${more} more` : named;
}
