import { EXCEPTION_BIT } from '../../protocol/function-codes.js';
import { MIN_ADU_LENGTH } from './candidates.js';
import type { RtuCover } from './cover.js';
import type { RtuScan } from './scan.js';

/** What silence of the line tells about the bytes ahead of it. */
export class RtuPauses {
  readonly #scan: RtuScan;
  readonly #cover: RtuCover;
  #lastRequest = 0;

  constructor(scan: RtuScan, cover: RtuCover) {
    this.#scan = scan;
    this.#cover = cover;
  }

  /**
   * The line was silent for 3.5 characters. In step, what stands between two gaps may be a part of a frame, since adapters make gaps
   * that the line does not have. It is a request in two cases: amid rubbish, or if what began ahead of it is no whole frame and its
   * pauses add up to more than the silence after which it is given up.
   * @returns whether such a request is the next to be taken.
   */
  revealBetweenGaps(): boolean {
    const scan = this.#scan;
    if (scan.inSync && scan.gaps.idle <= scan.context.silence) return false;
    const begin = scan.gaps.find((at) => this.isBetweenGaps(at));
    if (begin === undefined) return false;
    if (scan.inSync && this.#isWhole(scan.start, begin + scan.candidates.length)) return false;
    scan.resume(begin);
    scan.synchronise();
    return this.isBetweenGaps(begin);
  }

  /**
   * Whether a whole frame stands at `at`. Where nothing tells its length, it ends at a gap, or frames that follow it go on up to `end`: a
   * good CRC elsewhere is an accident.
   */
  #isWhole(at: number, end: number): boolean {
    const { candidates, gaps } = this.#scan;
    if (this.#scan.judge(at, false) !== 'intact') return false;
    if (candidates.predicted) return true;
    do if (gaps.has(at + candidates.length)) return true;
    while (candidates.extend(at, candidates.length));
    return this.#cover.findBeyond(at, end);
  }

  /** Whether a request to this server begins at `at`, at a gap, and ends at another one. */
  isBetweenGaps(at: number): boolean {
    const { candidates, gaps } = this.#scan;
    if (!gaps.has(at) || candidates.judge(at, false, false) !== 'intact' || !this.#scan.isOwn(at)) return false;
    return gaps.has(at + candidates.length);
  }

  /** The line is silent. Finds an intact frame in what waits, the likeliest first, and makes it the next to be taken. */
  reveal(): boolean {
    const { end } = this.#scan.window;
    if (this.#revealFirst()) return true;
    this.#lastRequest = this.#findLastRequest();
    if (this.#revealCover() || (this.#lastRequest === end && this.#revealWhole())) return true;
    return this.#revealPredicted() || this.#revealLast() || this.#revealHarmless();
  }

  /** Whether what waits is a request to this server whose length is known, so that its rest is worth waiting for. */
  mayGoOn(): boolean {
    const { window, start, context, candidates } = this.#scan;
    const own = context.serves(window.bytes[start]) && window.bytes[start + 1] < EXCEPTION_BIT;
    return own && this.#waits() && candidates.waitsUntil > 0;
  }

  /**
   * Nothing more is to be found.
   * @param goesOn what waits is still waited for; else it is enough to know that its rest may come.
   */
  giveUp(goesOn: boolean): void {
    const scan = this.#scan;
    scan.brokenOff = !goesOn && this.#waits() ? scan.candidates.waitsUntil : 0;
    if (!goesOn) scan.resume(scan.window.end);
    if (scan.done) scan.synchronise();
    else scan.candidates.forget();
    scan.boundary = scan.window.end;
  }

  /** Whether the beginning of a frame stands at `start`. */
  #waits(): boolean {
    const { inSync, window, start, candidates } = this.#scan;
    return inSync && window.end - start >= 2 && candidates.judge(start, true, false) === 'waiting';
  }

  /** All that waits may be one frame, with a glitch behind it. */
  #revealWhole(): boolean {
    return this.#ends.some((end) => this.#scan.takeBack(end));
  }

  /** What waits may be intact, and have waited only to be confirmed. */
  #revealFirst(): boolean {
    const scan = this.#scan;
    const { candidates, start } = scan;
    if (!scan.inSync || scan.judge(start, true) !== 'intact' || !candidates.predicted) return false;
    if (!scan.mayTrust && !scan.isEnd(scan.endOfFrames(start))) return false;
    return scan.judge(start, true) === 'intact';
  }

  /** What waits may be nothing but frames, or nothing but frames ahead of the last request. */
  #revealCover(): boolean {
    const scan = this.#scan;
    const { begin } = scan;
    const ends = this.#lastRequest < scan.window.end ? [this.#lastRequest] : this.#ends;
    if (!ends.some((end) => end > begin && this.#cover.find(begin, end))) return false;
    scan.returnTo(begin);
    return true;
  }

  /**
   * It may be another station's, which does no harm even if it is no frame. But where nothing tells its length, what is behind it may
   * belong to it.
   */
  #revealHarmless(): boolean {
    const scan = this.#scan;
    if (!scan.inSync || scan.judge(scan.start, true) !== 'intact' || scan.isOwn(scan.start)) return false;
    if (!scan.candidates.predicted) scan.brokenOff = scan.window.end;
    return true;
  }

  /**
   * Where a request to this server begins that ends what waits; else where that ends. It is hardly there by accident: what overlaps it,
   * or ends with it and has no length to tell, is.
   */
  #findLastRequest(): number {
    const scan = this.#scan;
    const { candidates, window } = scan;
    for (let at = this.#first; at <= this.#last; at++) {
      if (candidates.judge(at, true, false) !== 'intact' || !scan.isOwn(at)) continue;
      if (scan.isEnd(at + candidates.length) && !candidates.isPayload(at)) return at;
    }
    return window.end;
  }

  /** An intact frame may lie behind the beginning that waits in vain. */
  #revealPredicted(): boolean {
    const scan = this.#scan;
    for (let at = this.#first; at <= this.#last; at++) {
      if (scan.candidates.judge(at, true, false) !== 'intact' || !this.#mayInterrupt(at)) continue;
      scan.resume(at);
      return scan.goBack() || scan.candidates.judge(at, true, false) === 'intact';
    }
    return false;
  }

  /** The same where nothing tells the length: of several that end with the line's silence, the shortest is the least an accident. */
  #revealLast(): boolean {
    const scan = this.#scan;
    for (let at = this.#last; at >= Math.max(scan.rubbish, scan.boundary); at--) {
      const { candidates } = scan;
      // A refusal has but one length: another is an accident.
      const isRequest = (end: number) => candidates.isIntact(at, end) && candidates.isRequest;
      const end = this.#ends.find((each) => isRequest(each) && !candidates.isPayload(at));
      if (end === undefined) continue;
      scan.resume(at);
      scan.returnTo(at);
      return scan.goBack() || candidates.isIntact(at, end);
    }
    return false;
  }

  /**
   * Where the last frame may end. A glitch may stand behind it; but a frame that ends with 00 has a good CRC without that byte, too, so
   * all of it comes first.
   */
  get #ends(): readonly number[] {
    const { end } = this.#scan.window;
    return this.#scan.isEnd(end - 1) ? [end, end - 1] : [end];
  }

  get #first(): number {
    return Math.max(this.#scan.start, this.#scan.boundary);
  }

  get #last(): number {
    return this.#scan.window.end - MIN_ADU_LENGTH;
  }

  /** Whether the intact frame at `at` ends the wait for an earlier one, rather than being its payload. */
  #mayInterrupt(at: number): boolean {
    const scan = this.#scan;
    if (scan.candidates.isPayload(at)) return false;
    if (at < this.#lastRequest && at + scan.candidates.length > this.#lastRequest) return false;
    if (!scan.inSync && scan.isHarmless(at)) return true;
    return scan.isEnd(scan.inSync ? at + scan.candidates.length : scan.endOfFrames(at));
  }
}
