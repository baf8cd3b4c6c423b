import type { Candidate } from './candidate.js';
import { expectedAfter, extended, readInStep } from './readings.js';
import type { Expected, RtuState } from './state.js';

/**
 * Frames that cover a stretch of the line from its beginning to its end, without a byte between them. Where nothing
 * tells the length of a frame, its first good CRC may be an accident, or a part of its data. It is not if all the rest
 * of the stretch makes sense behind it.
 */
class Cover {
  readonly #line: RtuState;
  readonly #end: number;
  readonly #beyond: boolean;
  /** From here, no frames reach the end of the stretch. */
  readonly #failed = new Set<number>();

  constructor(line: RtuState, end: number, beyond: boolean) {
    this.#line = line;
    this.#end = end;
    this.#beyond = beyond;
  }

  /** The first of the frames that cover all from `at`; undefined if there are none. */
  first(at: number, expected: Expected | undefined): Candidate | undefined {
    if (this.#failed.has(at)) return undefined;
    const found = this.#lengths(at, expected).find((frame) => this.#reaches(frame));
    if (found === undefined) this.#failed.add(at);
    return found;
  }

  /**
   * The frame at `at` with all lengths that it can have, the longest first. A shorter one may be a part of it that its
   * data imitate. A longer one is none but by accident: with other frames behind it, no frame keeps a good CRC.
   */
  #lengths(at: number, expected: Expected | undefined): Candidate[] {
    const frames: Candidate[] = [];
    const read = readInStep(this.#line, at, expected);
    let frame = read.verdict === 'intact' ? read : undefined;
    while (frame !== undefined) {
      frames.unshift(frame);
      frame = frame.certain ? undefined : extended(this.#line, frame);
    }
    return frames.length < 2 ? frames : this.#withoutChains(frames, read);
  }

  /**
   * Leaves out the longer forms that are the shortest one with whole frames behind it. With frames of 112 bytes, of 8
   * and of any number behind it, a CRC is always good: x^120 + x^8 + 1 is a multiple of its polynomial.
   */
  #withoutChains(frames: readonly Candidate[], shortest: Candidate): Candidate[] {
    const ends = new Set<number>();
    const last = shortest.at + this.#line.longest;
    let frame = shortest;
    for (let end = frame.at + frame.length; end < last; end += frame.length) {
      frame = readInStep(this.#line, end, expectedAfter(this.#line, frame));
      if (frame.verdict !== 'intact') break;
      ends.add(end + frame.length);
    }
    return frames.filter(({ at, length }) => !ends.has(at + length));
  }

  /** Whether the frame and those that follow it reach the end. */
  #reaches(frame: Candidate): boolean {
    const end = frame.at + frame.length;
    if (end >= this.#end) return end === this.#end || this.#beyond;
    return this.first(end, expectedAfter(this.#line, frame)) !== undefined;
  }
}

/** The first of the frames that cover `begin..end`; undefined if there are none. */
export function cover(line: RtuState, begin: number, end: number): Candidate | undefined {
  return new Cover(line, end, false).first(begin, line.expected);
}

/** The same for frames whose last one may end behind `end`. */
export function coverBeyond(line: RtuState, begin: number, end: number): Candidate | undefined {
  return new Cover(line, end, true).first(begin, line.expected);
}
