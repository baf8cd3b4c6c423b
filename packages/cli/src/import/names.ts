/** Names of points begin with a letter, and have letters, digits, `_` and `-`. */
const VALID = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Letters that Unicode does not take apart into one of ASCII and an accent. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ł', 'l'],
]);

export function isPointName(text: string): boolean {
  return VALID.test(text);
}

/** A name of a point for any text: `Phase 1 voltage (V)` is Phase_1_voltage_V. Empty if nothing of it can stay. */
export function pointName(text: string): string {
  const ascii = text
    .replace(/[ßæøđł]/gi, (letter) => LETTERS.get(letter.toLowerCase()) ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '');
  const words = ascii.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^[_-]+|[_-]+$/g, '');
  return /^\d/.test(words) ? `p${words}` : words;
}

/** Gives names that are not taken yet: the second `reserved` is reserved_2. */
export class FreeNames {
  readonly #taken = new Set<string>();

  take(wanted: string): string {
    let name = wanted;
    for (let i = 2; this.#taken.has(name); i++) name = `${wanted}_${i}`;
    this.#taken.add(name);
    return name;
  }
}
