/**
 * Shares out `total` lines: everyone gets as many as wanted, if there is room, else the same as others, but never less
 * than `least` of what is wanted.
 * @param wanted by each.
 * @returns what each gets, in the same order.
 */
export function shares(wanted: readonly number[], total: number, least: number): number[] {
  const given = wanted.map(() => 0);
  const bySize = [...wanted.entries()].sort(([, a], [, b]) => a - b);
  let left = total;
  for (const [i, [owner, want]] of bySize.entries()) {
    const share = Math.max(Math.floor(left / (bySize.length - i)), least);
    given[owner] = Math.min(want, share);
    left -= given[owner];
  }
  return given;
}
