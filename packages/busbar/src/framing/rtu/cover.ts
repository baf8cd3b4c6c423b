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
    return frames;
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
