import type { Candidate } from './candidate.js';
import type { RtuState } from './state.js';

/**
 * What a rule says of the bytes from `line.start` on: this is the next frame; wait for more bytes, or for silence;
 * skip, no frame begins here; or nothing (undefined), so that the next rule is asked.
 */
export type Decision = Candidate | 'wait' | 'skip' | undefined;

/** One reason to take, wait or skip. A rule changes nothing. */
export interface Rule<Seen> {
  readonly name: string;
  /** @param seen what was found on the line before the rules are asked. */
  decide(line: RtuState, seen: Seen): Decision;
}

/** What the first rule says that applies. */
export function decide<Seen>(rules: readonly Rule<Seen>[], line: RtuState, seen: Seen): Exclude<Decision, undefined> {
  for (const rule of rules) {
    const decision = rule.decide(line, seen);
    if (decision !== undefined) return decision;
  }
  return 'wait';
}
