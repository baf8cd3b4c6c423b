import { isAnswerable } from '../../protocol/lengths.js';
import type { ReaderContext } from '../framing.js';
import { longestAdu, MAX_STATION, RtuCandidates, type Verdict } from './candidates.js';
import { RtuGaps } from './gaps.js';
import { RtuWindow } from './window.js';

export const HEADER_LENGTH = 1;
export const CRC_LENGTH = 2;
const NOWHERE = -1;
/** Longest frames that the window holds: rubbish, a frame that waits to be confirmed with those behind it, and a beginning. */
const WINDOW = 4;

/** How far a reader has come in the bytes of its line, what it has skipped, and what it may believe where it is. */
export class RtuScan {
  readonly context: ReaderContext;
  readonly window: RtuWindow;
  readonly candidates: RtuCandidates;
  readonly gaps = new RtuGaps();
  /** Bytes of the longest frame on the line. */
  readonly longest: number;
  /** Where in the window to look; all ahead of it is done with. */
  start = 0;
  /** Where the last silence was: a frame may begin there, although an earlier one waits for bytes. */
  boundary = NOWHERE;
  /**
   * A frame that a silence has broken off would have ended here: a machine that stalled may yet hand over its rest. Or all up to here
   * may belong to a frame whose length nothing tells.
   */
  brokenOff = NOWHERE;
  /** Bytes of the chunk that are not in the window yet. */
  unread = 0;
  /** Bytes of rubbish that lie directly ahead of `start`; with none, a frame begins there. */
  #skipped = 0;
  /** So many of them are not reported yet, since they may still turn out to be a frame. */
  #unreported = 0;
  /** Where the frames of the last chain begin, and its end: what is found doubtful is asked for again with every byte. */
  readonly #chain = new Set<number>();
  #chainEnd = 0;

  constructor(context: ReaderContext) {
    this.context = context;
    this.longest = longestAdu(context);
    this.window = new RtuWindow(WINDOW * this.longest);
    this.candidates = new RtuCandidates(this.window, context);
  }

  /** What is at `start` follows an intact frame or silence, not rubbish. */
  get inSync(): boolean {
    return this.#skipped === 0;
  }

  /** Nothing is left to look at. */
  get done(): boolean {
    return this.start === this.window.end;
  }

  /** What is at `start` can't be the payload of a frame that was not intact. */
  get mayTrust(): boolean {
    if (this.start < this.brokenOff) return false;
    return this.inSync || (this.#skipped === 1 && this.#isGlitch(this.start - 1));
  }

  /** Judges what begins at `at`, where a frame begins if the reader is in step. */
  judge(at: number, settled: boolean): Verdict {
    return this.candidates.judge(at, settled, this.inSync);
  }

  /** Certainly another station's: to take it for a frame does no harm. */
  isHarmless(at: number): boolean {
    return this.candidates.predicted && !this.isOwn(at);
  }

  /** Whether the intact frame at `at` is a request to this server. */
  isOwn(at: number): boolean {
    const { isRequest, length } = this.candidates;
    const { bytes } = this.window;
    if (!isRequest || !this.context.serves(bytes[at])) return false;
    return isAnswerable(bytes, at + HEADER_LENGTH, at + length - CRC_LENGTH, this.context.maxPduLength);
  }

  /** What may follow the intact frame at `at`. */
  follow(at: number): void {
    if (this.isOwn(at)) this.candidates.forget();
    else this.candidates.follow(at);
  }

  /** Nothing follows, a glitch of a byte or two zeros aside. Inside another frame, at least that one's CRC would. */
  isEnd(at: number): boolean {
    const { bytes, end } = this.window;
    if (at === end - 2) return bytes[at] === 0 && bytes[at + 1] === 0;
    return at === end || (at === end - 1 && this.#isGlitch(at));
  }

  /** No station has such an address, but drivers that are switched on or off make such bytes. */
  #isGlitch(at: number): boolean {
    const byte = this.window.bytes[at];
    return byte === 0 || byte > MAX_STATION;
  }

  /** Where the intact frame at `at` ends, and the intact ones that follow it without anything between. */
  endOfFrames(at: number): number {
    if (!this.#chain.has(at)) {
      this.#chain.clear();
      this.#chainEnd = at;
    }
    while (this.judge(this.#chainEnd, true) === 'intact') {
      this.#chain.add(this.#chainEnd);
      this.#chainEnd += this.candidates.length;
    }
    return this.#chainEnd;
  }

  /** Takes so many bytes of the chunk as there is room for. @returns how many. */
  append(chunk: Uint8Array, at: number): number {
    if (this.window.free < this.unread) this.#discard();
    const length = Math.min(this.unread, this.window.free);
    this.window.append(chunk, at, length);
    this.unread -= length;
    return length;
  }

  /** Makes room. Rubbish is kept as long as it may turn out to be one frame. */
  #discard(): void {
    if (this.#unreported >= this.longest) this.#reportNoise();
    const done = this.start - this.#unreported;
    this.#chain.clear();
    this.window.discard(done);
    this.candidates.discard(done);
    this.boundary -= done;
    this.gaps.discard(done);
    this.brokenOff -= done;
    this.start -= done;
  }

  /** Forgets what has not been looked at. @returns how many bytes that were. */
  giveBack(): number {
    const length = this.window.end - this.start;
    this.#chain.clear();
    this.window.truncate(this.start);
    return length;
  }

  /** Leaves what is ahead of `at`: it was no frame. */
  resume(at: number): void {
    if (at <= this.start) return;
    this.#skipped += at - this.start;
    this.#unreported += at - this.start;
    this.start = at;
    if (at === this.boundary) this.synchronise();
  }

  /** Where the rubbish begins that is still kept; `start` if there is none. */
  get rubbish(): number {
    return this.start - this.#unreported;
  }

  /** Takes back that a part of the rubbish was skipped. */
  returnTo(at: number): void {
    this.#skipped -= this.start - at;
    this.#unreported -= this.start - at;
    this.start = at;
  }

  /** Where the rubbish ahead of `start` began, if a frame can begin there and all of it is still kept; else `start`. */
  get begin(): number {
    const begin = this.start - this.#skipped;
    return this.#unreported < this.#skipped || begin < this.boundary ? this.start : begin;
  }

  /**
   * What was skipped may be one frame, if an intact one follows it directly. But where nothing tells its length, what follows may be its
   * data.
   * @returns false if it is none: then what was found at `start` is still what was found last.
   */
  goBack(): boolean {
    if (this.inSync || !this.candidates.hasGoodCrc(this.begin, this.start)) return false;
    const undelimited = this.candidates.judge(this.begin, true, true) === 'intact' && !this.candidates.predicted;
    if (!undelimited && this.takeBack(this.start)) return true;
    this.judge(this.start, false);
    return false;
  }

  /**
   * Makes all from the last intact frame to `end` the next frame to be taken, if it is one: of a length that its function should not
   * have, since it was not predicted.
   */
  takeBack(end: number): boolean {
    const begin = this.start - this.#skipped;
    if (this.#unreported < this.#skipped || begin < this.boundary || begin < this.brokenOff) return false;
    if (!this.candidates.isIntact(begin, end)) return false;
    this.returnTo(begin);
    return true;
  }

  /** A frame may begin at `start`, however the bytes ahead of it read. */
  synchronise(): void {
    if (this.inSync) return;
    this.#reportNoise();
    this.#skipped = 0;
    this.candidates.clearShadow();
  }

  /** Rubbish is counted once, however long it is. */
  #reportNoise(): void {
    const { bytes, end } = this.window;
    if (this.#unreported === this.#skipped) {
      this.context.communicationError();
      this.context.counters.resynchronisations++;
    }
    this.context.noise?.(bytes, this.start - this.#unreported, this.start, end - this.start + this.unread);
    this.#unreported = 0;
  }
}
