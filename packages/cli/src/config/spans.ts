/** Neighbouring addresses or records. */
export interface Span {
  start: number;
  count: number;
}

/** The addresses that both have; undefined if there are none. */
export function overlap(one: Span, other: Span): Span | undefined {
  const start = Math.max(one.start, other.start);
  const end = Math.min(one.start + one.count, other.start + other.count);
  return start < end ? { start, count: end - start } : undefined;
}

/** `5`, or `5 to 9`. */
export function spanText({ start, count }: Span): string {
  return count === 1 ? `${start}` : `${start} to ${start + count - 1}`;
}
