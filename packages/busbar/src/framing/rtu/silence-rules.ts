import { EXCEPTION_BIT } from '../../protocol/function-codes.js';
import { rubbishAsFrame } from './arrival-rules.js';
import { type Candidate, isDataOf } from './candidate.js';
import { cover } from './cover.js';
import { readAmidRubbish, readSilent, readWhole, tellsLength } from './readings.js';
import type { Decision, Rule } from './rules.js';
import { type RtuState, SURE } from './state.js';
import type { Survey } from './survey.js';

/**
 * A request to this server may stop for ten times as long, since a busy machine can make 20 ms look like 200; then it
 * is given up.
 */
const PATIENCE = 10 * SURE - 1;

/** What decides when the line is silent, the likeliest first. */
export const SILENCE_RULES: readonly Rule<Survey>[] = [
  { name: 'frame in step', decide: frameInStep },
  { name: 'frames up to the last own request', decide: framesToLastRequest },
  { name: 'nothing but frames', decide: nothingButFrames },
  { name: 'one frame of a wrong length', decide: frameOfWrongLength },
  { name: 'frame before silence', decide: frameBeforeSilence },
  { name: 'request of unknown length before silence', decide: requestOfUnknownLength },
  { name: 'foreign frame of unknown length', decide: foreignFrameOfUnknownLength },
  { name: 'own request that goes on', decide: requestThatGoesOn },
  { name: 'nothing to wait for', decide: () => 'skip' },
];

/** It has waited only to be confirmed. */
function frameInStep(line: RtuState): Decision {
  if (!line.inStep) return undefined;
  const first = readSilent(line, line.start);
  if (first.verdict !== 'intact' || !first.certain) return undefined;
  return line.isTrusted || line.isEnd(line.endOfFrames(line.start, readSilent)) ? first : undefined;
}

function framesToLastRequest(line: RtuState, { lastRequest }: Survey): Decision {
  const begin = line.rubbishStart ?? line.start;
  return lastRequest !== undefined && lastRequest.at > begin ? cover(line, begin, lastRequest.at) : undefined;
}

/**
 * The last of them may have a glitch behind it. So may the last request: then it may as well be the data of a frame
 * with that end.
 */
function nothingButFrames(line: RtuState, { lastRequest }: Survey): Decision {
  if (lastRequest !== undefined && lastRequest.at + lastRequest.length === line.window.end) return undefined;
  const begin = line.rubbishStart ?? line.start;
  return firstOf(line.ends, (end) => (end > begin ? cover(line, begin, end) : undefined));
}

function frameOfWrongLength(line: RtuState, { lastRequest }: Survey): Decision {
  const begin = line.rubbishStart;
  if (lastRequest !== undefined || begin === undefined || begin < line.doubtfulUntil) return undefined;
  return firstOf(line.ends, (end) => readWhole(line, begin, end));
}

/** A frame, mostly a request to us, stands behind the beginning of one whose rest has not come. */
function frameBeforeSilence(line: RtuState, survey: Survey): Decision {
  const frame = survey.frames.find((each) => endsTheWait(line, each, survey.lastRequest));
  return frame && (rubbishAsFrame(line, frame.at) ?? frame);
}

/** Whether the frame ends the wait for an earlier one, rather than being a part of its data. */
function endsTheWait(line: RtuState, frame: Candidate, lastRequest: Candidate | undefined): boolean {
  const end = frame.at + frame.length;
  if (lastRequest !== undefined && frame.at < lastRequest.at && end > lastRequest.at) return false;
  if (line.inStep) return line.isEnd(end);
  return frame.kind !== 'own request' || line.isEnd(line.endOfFrames(frame.at, readSilent));
}

/**
 * Any bytes may look like one by chance. The likeliest is a request to us with a function that tells no length, and of
 * several the shortest.
 */
function requestOfUnknownLength(line: RtuState, survey: Survey): Decision {
  const requests = wholeRequests(line, survey);
  const own = requests.find(({ kind, at }) => kind === 'own request' && !tellsLength(line, at));
  const likeliest = own ?? requests[0];
  return likeliest && (rubbishAsFrame(line, likeliest.at) ?? likeliest);
}

/** The requests that end with the silence, the shortest first. A refusal has but one length. */
function wholeRequests(line: RtuState, { damage, last }: Survey): Candidate[] {
  const requests: Candidate[] = [];
  for (let at = last; at >= Math.max(line.keptStart, line.silenceAt); at--) {
    if (line.window.bytes[at + 1] >= EXCEPTION_BIT) continue;
    const request = firstOf(line.ends, (end) => readWhole(line, at, end));
    if (request !== undefined && !isDataOf(damage, request)) requests.push(request);
  }
  return requests;
}

/** Taking it for a frame does no harm, even if it is not one. */
function foreignFrameOfUnknownLength(line: RtuState): Decision {
  if (!line.inStep) return undefined;
  const first = readSilent(line, line.start);
  if (first.verdict !== 'intact' || first.kind === 'own request') return undefined;
  return first.certain ? first : { ...first, openEnded: true };
}

/** Its length is known, so that its rest is worth waiting for. */
function requestThatGoesOn(line: RtuState): Decision {
  return line.stalls < PATIENCE && beginning(line)?.kind === 'own request' ? 'wait' : undefined;
}

/** Where the frame will end whose beginning waits at `start`; 0 if none does, or if its length is not known. */
export function endOfBeginning(line: RtuState): number {
  const { at = 0, length = 0 } = beginning(line) ?? {};
  return at + length;
}

/** The frame that waits at `start` for its rest, if its length is known. */
function beginning(line: RtuState): Candidate | undefined {
  const found = line.inStep ? readAmidRubbish(line, line.start) : undefined;
  return found?.verdict === 'waiting' && found.length > 0 ? found : undefined;
}

function firstOf<T>(values: readonly number[], find: (value: number) => T | undefined): T | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
