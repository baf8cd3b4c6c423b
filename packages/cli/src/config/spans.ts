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
