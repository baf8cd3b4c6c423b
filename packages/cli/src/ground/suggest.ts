/** The name in `known` that a person who typed `name` most likely meant, or undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const typed = name.toLowerCase();
  // `--vers` is one name cut short rather than another one mistyped.
  const [begun, other] = typed.length > 3 ? known.filter((each) => each.toLowerCase().startsWith(typed)) : [];
  if (begun !== undefined && other === undefined) return begun;
  const limit = Math.max(1, Math.floor(typed.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(typed, candidate.toLowerCase());
    // A text of which nothing is left after the edits is like nothing.
    if (distance <= limit && distance < typed.length && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) {
      best = { name: candidate, distance };
    }
  }
  return (
    best?.name ?? (typed.length > 2 ? known.find((candidate) => candidate.toLowerCase().startsWith(typed)) : undefined)
  );
}

/** `; did you mean X?`, or nothing. */
export function didYouMean(name: string, known: readonly string[], quote = ''): string {
  const guess = nearest(name, known);
  return guess === undefined ? '' : `; did you mean ${quote}${guess}${quote}?`;
}

/** Number of single letters to insert, drop, change or swap with the next one, to get from `a` to `b`. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3) return Number.POSITIVE_INFINITY;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let value = Math.min(at(previous, column) + 1, at(current, column - 1) + 1, at(previous, column - 1) + cost);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        value = Math.min(value, at(beforePrevious, column - 2) + 1);
      }
      current.push(value);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
