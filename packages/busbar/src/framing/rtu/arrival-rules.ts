import { type Candidate, isDataOf } from './candidate.js';
import { coverBeyond } from './cover.js';
import { requestBetweenGaps } from './gap-rules.js';
import { readArriving, readInStep, readSilent, readWhole } from './readings.js';
import type { Decision, Rule } from './rules.js';
import type { RtuState } from './state.js';

/** What decides while bytes come. They are asked what to do with the frame that begins at `start`. */
export const ARRIVAL_RULES: readonly Rule<Candidate>[] = [
  { name: 'frame behind a silence', decide: frameBehindSilence },
  { name: 'incomplete frame', decide: incompleteFrame },
  { name: 'rubbish that is one frame', decide: (line, seen) => rubbishAsFrame(line, seen.at) },
  { name: 'data of a damaged frame', decide: dataOfDamagedFrame },
  { name: 'foreign frame', decide: foreignFrame },
  { name: 'own request in step', decide: requestInStep },
  { name: 'frame of unknown length', decide: frameOfUnknownLength },
  { name: 'own request between gaps', decide: betweenGaps },
  { name: 'more frames than one could hold', decide: longChain },
  { name: 'own request with nothing behind it', decide: requestAtEnd },
  { name: 'own request inside something longer', decide: () => 'skip' },
];

/** What has waited since before a silence gives way to an intact frame that began behind it. */
function frameBehindSilence(line: RtuState, seen: Candidate): Decision {
  if (seen.verdict !== 'waiting' || line.silenceAt <= line.start) return undefined;
  return readArriving(line, line.silenceAt).verdict === 'intact' ? 'skip' : undefined;
}

function incompleteFrame(_: RtuState, seen: Candidate): Decision {
  return seen.verdict === 'waiting' ? 'wait' : undefined;
}

/**
 * All rubbish ahead of `end`, where an intact frame begins, may be a frame: of a length that its function should not
 * have, as it was not found before. But if nothing tells its length, what follows may be its data.
 */
export function rubbishAsFrame(line: RtuState, end: number): Candidate | undefined {
  const begin = line.rubbishStart;
  if (begin === undefined || begin < line.doubtfulUntil || end <= begin) return undefined;
  const frame = readWhole(line, begin, end);
  if (frame === undefined) return undefined;
  const usual = readInStep(line, begin, line.expected);
  return usual.verdict === 'intact' && !usual.certain ? undefined : frame;
}

function dataOfDamagedFrame({ damage }: RtuState, seen: Candidate): Decision {
  return isDataOf(damage, seen) ? 'skip' : undefined;
}

/** Taking it for a frame does no harm, even if it is not one. */
function foreignFrame(_: RtuState, seen: Candidate): Decision {
  return seen.certain && seen.kind !== 'own request' ? seen : undefined;
}

function requestInStep(line: RtuState, seen: Candidate): Decision {
  return seen.certain && line.isTrusted ? seen : undefined;
}

/** It may go on behind its first good CRC. It ends where frames follow it that are more than it could hold. */
function frameOfUnknownLength(line: RtuState, seen: Candidate): Decision {
  if (seen.certain) return undefined;
  if (line.window.end - seen.at < 2 * line.longest) return 'wait';
  return coverBeyond(line, seen.at, seen.at + line.longest) ?? 'skip';
}

/** Once the line is silent, gaps count no longer: what is read then has waited behind something that may hold it. */
function betweenGaps(line: RtuState, seen: Candidate): Decision {
  return line.isSilent ? undefined : requestBetweenGaps(line, seen.at);
}

/** Frames without a byte between them, more than one frame could hold: they are not the data of one. */
function longChain(line: RtuState, seen: Candidate): Decision {
  if (line.window.end - seen.at <= line.longest) return undefined;
  return line.endOfFrames(seen.at, readSilent) - seen.at > line.longest ? seen : undefined;
}

/** Inside another frame, at least that one's CRC would follow: silence will tell. */
function requestAtEnd(line: RtuState, seen: Candidate): Decision {
  const end = line.endOfFrames(seen.at, readSilent);
  return line.isEnd(end) || readArriving(line, end).verdict === 'waiting' ? 'wait' : undefined;
}
