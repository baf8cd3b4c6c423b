import { isAnswerable } from '../../protocol/lengths.js';
import { MAX_REFUSABLE_LENGTH } from '../../protocol/limits.js';
import type { ReaderContext } from '../framing.js';
import {
  AROUND_PDU,
  type Candidate,
  CRC_LENGTH,
  type Damage,
  furtherDamage,
  HEADER_LENGTH,
  type Kind,
  NO_DAMAGE,
} from './candidate.js';
import { RtuGaps } from './gaps.js';
import { RtuWindow } from './window.js';

/** Addresses above are reserved (SL, clause 2.2). */
const MAX_STATION = 247;
/**
 * So many of the longest frames fit the window: rubbish, a frame that waits to be confirmed with those behind it, and a
 * beginning.
 */
const WINDOW = 4;

/** Silences in a row that are one of the line: a single one may be the machine's, which was too busy to read. */
export const SURE = 2;

/** A request to another station, whose reply may follow. */
export interface Expected {
  readonly unitId: number;
  readonly functionCode: number;
  /** Bytes of the reply PDU, as far as the request tells. */
  readonly length: number | undefined;
  /** The sub-function of function 08; the reply repeats it. */
  readonly subFunction: number | undefined;
}

/**
 * All that a reader keeps: the last bytes of its line, how far it has come in them, and what it knows of the line
 * there. Positions are those of the window.
 *
 *     0            rubbishStart   start          window.end
 *     |  finished  |   rubbish    |   to be read |   free
 */
export class RtuState {
  readonly context: ReaderContext;
  readonly window: RtuWindow;
  readonly gaps: RtuGaps = new RtuGaps();
  /** Bytes of the longest frame on the line. */
  readonly longest: number;
  /** Bytes of the chunk that are not in the window yet. */
  unread = 0;
  /** The position to read next. */
  start = 0;
  /** Where the line was last silent: a frame may begin there although an earlier one waits for bytes. */
  silenceAt = 0;
  /**
   * Up to here, bytes may be the rest of a frame that silence has broken off: a machine that stalled may yet deliver
   * it.
   */
  doubtfulUntil = 0;
  /** The last frame was a request to another station: this reply should be next. */
  expected: Expected | undefined;
  damage: Damage = NO_DAMAGE;
  /** Silences since the last byte. */
  silences = 0;
  /** How often the line was certainly silent since the request that waits began. */
  stalls = 0;
  /** Bytes of rubbish directly ahead of `start`. */
  #rubbish = 0;
  /** How many of them are still kept and not reported: they may turn out to be a frame. */
  #kept = 0;
  /** Beginnings of the frames that `endOfFrames` followed last, and where the last of them ends. */
  readonly #chain = new Set<number>();
  #chainEnd = 0;

  constructor(context: ReaderContext) {
    this.context = context;
    // Other stations do not know this server's limit, and clients write more than fits a frame.
    this.longest = Math.max(context.maxPduLength, MAX_REFUSABLE_LENGTH) + AROUND_PDU;
    this.window = new RtuWindow(WINDOW * this.longest);
  }

  /** The line is silent. */
  get isSilent(): boolean {
    return this.silences >= SURE;
  }

  /** An intact frame or silence is directly ahead of `start`, not rubbish: a frame begins here. */
  get inStep(): boolean {
    return this.#rubbish === 0;
  }

  /** Nothing is left to read. */
  get done(): boolean {
    return this.start === this.window.end;
  }

  /** What is at `start` cannot be the data of a frame that was damaged or broken off. */
  get isTrusted(): boolean {
    if (this.start < this.doubtfulUntil) return false;
    return this.inStep || (this.#rubbish === 1 && this.#isGlitch(this.start - 1));
  }

  /** Where the rubbish ahead of `start` began, if all of it is kept and a frame can begin there. */
  get rubbishStart(): number | undefined {
    const start = this.start - this.#rubbish;
    return this.#kept < this.#rubbish || start < this.silenceAt ? undefined : start;
  }

  /** Where the rubbish begins that is still kept. */
  get keptStart(): number {
    return this.start - this.#kept;
  }

  /**
   * Whether a frame can begin at `at`. No function has code 0, and addresses end at 247, unless this server has others:
   * glitches look like those.
   */
  mayBegin(at: number): boolean {
    const { bytes } = this.window;
    const unitId = bytes[at];
    if (bytes[at + 1] > 0 && unitId <= MAX_STATION) return true;
    return unitId > 0 && this.context.serves(unitId);
  }

  kindOf(at: number, length: number, isRequest: boolean): Kind {
    if (!isRequest) return 'reply';
    const { bytes } = this.window;
    const [start, end] = [at + HEADER_LENGTH, at + length - CRC_LENGTH];
    const isOwn = this.context.serves(bytes[at]) && isAnswerable(bytes, start, end, this.context.maxPduLength);
    return isOwn ? 'own request' : 'foreign request';
  }

  /**
   * Whether nothing follows `at` but a glitch: a byte or two zeros. If `at` is inside a frame, at least its CRC
   * follows.
   */
  isEnd(at: number): boolean {
    const { bytes, end } = this.window;
    if (at === end - 2) return bytes[at] === 0 && bytes[at + 1] === 0;
    return at === end || (at === end - 1 && this.#isGlitch(at));
  }

  /**
   * Where the last frame may end: at the end, or ahead of a glitch. The end is first, since a CRC may be good without
   * its last 00, too.
   */
  get ends(): readonly number[] {
    const { end } = this.window;
    return this.isEnd(end - 1) ? [end, end - 1] : [end];
  }

  /** No station has such an address, but drivers that are switched on or off make such bytes. */
  #isGlitch(at: number): boolean {
    const byte = this.window.bytes[at];
    return byte === 0 || byte > MAX_STATION;
  }

  /**
   * Where the frames end that follow each other from `at`. The answer is kept, as it is asked for again with every
   * byte.
   * @param read how a position reads.
   */
  endOfFrames(at: number, read: (line: RtuState, at: number) => Candidate): number {
    if (!this.#chain.has(at)) {
      this.#chain.clear();
      this.#chainEnd = at;
    }
    for (let next = read(this, this.#chainEnd); next.verdict === 'intact'; next = read(this, this.#chainEnd)) {
      this.#chain.add(this.#chainEnd);
      this.#chainEnd += next.length;
    }
    return this.#chainEnd;
  }

  /** Takes as many bytes of the chunk as there is room for. @returns how many. */
  append(chunk: Uint8Array, at: number): number {
    if (this.window.free < this.unread) this.#discard();
    const length = Math.min(this.unread, this.window.free);
    this.window.append(chunk, at, length);
    this.unread -= length;
    return length;
  }

  /** Makes room. Rubbish is kept as long as it may turn out to be one frame, or a request may begin in it. */
  #discard(): void {
    if (this.#kept > this.longest) this.#reportNoise(this.#kept - this.longest);
    const length = this.keptStart;
    this.#chain.clear();
    this.window.discard(length);
    this.gaps.discard(length);
    this.damage = { from: this.damage.from - length, until: this.damage.until - length };
    this.silenceAt -= length;
    this.doubtfulUntil -= length;
    this.start -= length;
  }

  /** Removes the bytes that have not been read. @returns how many those were. */
  removeUnread(): number {
    const length = this.window.end - this.start;
    this.#chain.clear();
    this.window.truncate(this.start);
    return length;
  }

  /** What reads at `start` may be a damaged frame. */
  note(candidate: Candidate): void {
    this.damage = furtherDamage(this.damage, candidate);
  }

  /** Nothing begins at `start`. What was ahead of a silence has been looked through when the line was silent. */
  skip(): void {
    this.moveTo(Math.max(this.start + 1, this.silenceAt));
  }

  /** Reads on at `at`: what is ahead of it is rubbish, or less of it is rubbish than was thought. */
  moveTo(at: number): void {
    this.#rubbish += at - this.start;
    this.#kept += at - this.start;
    this.start = at;
    if (at === this.silenceAt) this.synchronise();
  }

  /** The line is silent, and what waits at `start` is still waited for. */
  waitOn(): void {
    this.doubtfulUntil = 0;
    this.expected = undefined;
    this.silenceAt = this.window.end;
  }

  /**
   * The line is silent: nothing more is to be found in what waits. @param rest where the frame would have ended that
   * waits.
   */
  giveUp(rest: number): void {
    this.doubtfulUntil = rest;
    this.stalls = 0;
    this.moveTo(this.window.end);
    this.synchronise();
    this.silenceAt = this.window.end;
  }

  /** A frame begins at `start`, whatever is ahead of it. */
  synchronise(): void {
    if (this.inStep) return;
    this.#reportNoise(this.#kept);
    this.#rubbish = 0;
    this.damage = NO_DAMAGE;
  }

  /** Reports the first bytes that are kept. Rubbish is counted once, however long it is. */
  #reportNoise(length: number): void {
    const { bytes, end } = this.window;
    if (this.#kept === this.#rubbish) {
      this.context.communicationError();
      this.context.counters.resynchronisations++;
    }
    const from = this.keptStart;
    this.#kept -= length;
    this.context.noise?.(bytes, from, this.keptStart, end - this.keptStart + this.unread);
  }
}
