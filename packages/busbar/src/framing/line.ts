import type { LineState } from '../line-state.js';
import type { FrameReader } from './framing.js';

/** How a server behaves on a line that it shares with other stations. Times are in milliseconds. */
export interface LineManners {
  /** Time of one character on the line, where it is known: pauses are told by it. */
  readonly characterTime: number | undefined;
  /** Least time from a request to its reply. */
  readonly turnaroundDelay: number;
  /** A reply is not sent if the line has carried something else since its request. */
  readonly discardStaleReplies: boolean;
}

/** A line that a server shares with other stations. It outlives each opening of the port that leads to it. */
export interface ServedLine {
  readonly manners: LineManners;
  readonly state: LineState;
}

/** Fewer bytes are no frame: drivers that are switched off make one or two behind a request. */
const LEAST_TRAFFIC = 4;
const GAP_CHARACTERS = 3.5;
/** A character of a frame, and the pause that may be behind it (SL, clause 2.5.1.1). */
const SLOW_CHARACTER = 2.5;
/** Milliseconds; above 19200 baud the gap between frames is fixed (SL, clause 2.5.1.1). */
const LEAST_GAP = 1.75;

/** No reader makes more of what it keeps by being told of silence more often. */
const MAX_SILENCES = 4;

/** A connection over a network: all its time is the peer's own. */
const OWN_LINE: LineManners = { characterTime: undefined, turnaroundDelay: 0, discardStaleReplies: false };

/**
 * What carries frames between which pauses mean something: a line that may be shared, or a connection that stands for
 * one.
 */
export class Line {
  /** The number of bytes received so far. */
  carried = 0;
  /**
   * Milliseconds in which it was silent rather than slow, from an arbitrary start: only differences mean something. It
   * stays 0 where the time of a character is not known.
   */
  #idle = 0;
  readonly turnaroundDelay: number;
  readonly #manners: LineManners;
  readonly #gap: number;
  #lastByte = 0;
  readonly #waiting = new Set<NodeJS.Timeout>();
  readonly #reader: FrameReader;
  readonly #lookAgain: () => void;
  #wakeAfter = 0;
  #alarm: NodeJS.Timeout | undefined;
  #silencesLeft = MAX_SILENCES;
  #lastUse = -1;

  /** @param lookAgain is called when the reader was told of a pause: what it keeps may read differently then. */
  constructor(reader: FrameReader, lookAgain: () => void, manners: LineManners = OWN_LINE) {
    this.#reader = reader;
    this.#lookAgain = lookAgain;
    this.#manners = manners;
    this.turnaroundDelay = manners.turnaroundDelay;
    this.#gap = Math.max(LEAST_GAP, GAP_CHARACTERS * (manners.characterTime ?? 0));
  }

  /**
   * Bytes have come. @returns whether the line was silent for 3.5 characters ahead of them, as far as the system shows
   * it: the time that the bytes themselves took is not part of the gap, however late they were handed over in one
   * piece.
   */
  receive(length: number): boolean {
    this.carried += length;
    const { characterTime } = this.#manners;
    if (characterTime === undefined) return false;
    const now = performance.now();
    const silent = now - length * characterTime - this.#lastByte;
    this.#idle = now - this.carried * SLOW_CHARACTER * characterTime;
    this.#lastByte = now;
    return silent >= this.#gap;
  }

  /** The line was silent behind all that the reader has read. */
  tellGap(): void {
    this.#reader.gap?.(this.#idle);
    if (this.#reader.incomplete) this.#lookAgain();
  }

  /** Whether the reply to a request that came when the line had carried `since` bytes is too old. */
  isStale(since: number): boolean {
    return this.#manners.discardStaleReplies && this.carried - since >= LEAST_TRAFFIC;
  }

  /** When the reply to a request that has just come may be sent; 0: at once. */
  due(): number {
    return this.turnaroundDelay === 0 ? 0 : performance.now() + this.turnaroundDelay;
  }

  waitUntil(due: number, callback: () => void): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      callback();
    }, due - performance.now());
    this.#waiting.add(timer);
  }

  /** Something was read: silence begins now, and the reader is woken when it wants to be. */
  wake(after: number = this.#reader.wakeAfter ?? 0): void {
    if (this.#alarm !== undefined && after === this.#wakeAfter) {
      this.#alarm.refresh();
      return;
    }
    clearTimeout(this.#alarm);
    this.#wakeAfter = after;
    this.#alarm = after === 0 ? undefined : setTimeout(() => this.#tellSilence(), after);
  }

  #tellSilence(): void {
    this.#reader.silent?.();
    this.#lookAgain();
  }

  /**
   * Nothing more comes, which is silence, too. @param use as told before, unless a request was found since. @returns
   * whether the reader was told, and may read differently what it keeps.
   */
  giveUp(use: number = this.#lastUse): boolean {
    if (use !== this.#lastUse) this.#silencesLeft = MAX_SILENCES;
    this.#lastUse = use;
    if (!this.#reader.incomplete || this.#silencesLeft === 0) return false;
    this.#silencesLeft--;
    this.#reader.silent?.();
    return true;
  }

  close(): void {
    this.wake(0);
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
  }
}
