import type { Candidate } from './candidate.js';
import { coverBeyond } from './cover.js';
import { extended, readAmidRubbish, readArriving } from './readings.js';
import type { Decision, Rule } from './rules.js';
import type { RtuState } from './state.js';

/** What decides when the line was silent for 3.5 characters. */
export const GAP_RULES: readonly Rule<undefined>[] = [
  { name: 'gaps inside a frame', decide: gapsInsideFrame },
  { name: 'own request between gaps', decide: firstRequestBetweenGaps },
];

/**
 * In step, what stands between two gaps may be a part of a frame, since adapters make gaps that the line does not have.
 */
function gapsInsideFrame(line: RtuState): Decision {
  return line.inStep && line.gaps.idle <= line.context.silence ? 'wait' : undefined;
}

/**
 * Amid rubbish it is a request. In step it is one if the pauses of what began ahead of it add up to more than the
 * silence that ends every wait, and if that is no whole frame.
 */
function firstRequestBetweenGaps(line: RtuState): Decision {
  for (const at of line.gaps.positions) {
    if (at < line.start) continue;
    const request = requestBetweenGaps(line, at);
    if (request !== undefined) return line.inStep && isInFrames(line, request) ? 'wait' : request;
  }
  return 'wait';
}

/** The request to this server that begins at `at`, at a gap, and ends at another one. */
export function requestBetweenGaps(line: RtuState, at: number): Candidate | undefined {
  if (!line.gaps.has(at)) return undefined;
  const found = readAmidRubbish(line, at);
  return found.verdict === 'intact' && found.kind === 'own request' && line.gaps.has(at + found.length)
    ? found
    : undefined;
}

/**
 * Whether a whole frame begins at `start`, ahead of the request. If its length is unknown, it ends at a gap, or frames
 * follow it to the end of the request: a good CRC elsewhere is an accident.
 */
function isInFrames(line: RtuState, request: Candidate): boolean {
  const first = readArriving(line, line.start);
  if (first.verdict !== 'intact') return false;
  if (first.certain) return true;
  for (let frame: Candidate | undefined = first; frame !== undefined; frame = extended(line, frame)) {
    if (line.gaps.has(frame.at + frame.length)) return true;
  }
  return coverBeyond(line, line.start, request.at + request.length) !== undefined;
}
