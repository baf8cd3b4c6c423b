/** How long a PDU is: `base` bytes, plus as many as the byte at `countAt` says, if it has one. */
export interface LengthRule {
  base: number;
  countAt?: number;
}

/** Length of the PDU at `start`; 0 while bytes that tell it are missing, undefined if they don't tell it. */
export type LengthOf = (bytes: Uint8Array, start: number, end: number) => number | undefined;

/** Length that the PDU at `start` must have by its rule; 0 while the byte that tells it is missing. */
export function lengthByRule(rule: LengthRule, bytes: Uint8Array, start: number, end: number): number {
  if (rule.countAt === undefined) return rule.base;
  return start + rule.countAt < end ? rule.base + bytes[start + rule.countAt] : 0;
}

/** The same for either kind of rule; undefined also without one. */
export function lengthBy(
  rule: LengthRule | LengthOf | undefined,
  bytes: Uint8Array,
  start: number,
  end: number,
): number | undefined {
  if (rule === undefined) return undefined;
  return typeof rule === 'function' ? rule(bytes, start, end) : lengthByRule(rule, bytes, start, end);
}

/** Whether the PDU `bytes[start..end)` is as long as its rule demands, if there is one. */
export function hasLength(rule: LengthRule | undefined, bytes: Uint8Array, start: number, end: number): boolean {
  return rule === undefined || lengthByRule(rule, bytes, start, end) === end - start;
}
