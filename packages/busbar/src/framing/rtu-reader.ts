import { crc16 } from '../pdu/crc.js';
import { EXCEPTION_BIT } from '../pdu/function-codes.js';
import type { FrameReader, Outcome, ReaderContext } from './framing.js';
import { longestAdu, MIN_ADU_LENGTH, RtuCandidates, type Verdict } from './rtu-candidates.js';
import { RtuWindow } from './rtu-window.js';

const HEADER_LENGTH = 1;
const CRC_LENGTH = 2;
/** Silences in a row that are one of the line: a single one may be the machine's, which was too busy to read. */
export const SURE = 2;
const NOWHERE = -1;
/** Longest frames that the window holds: rubbish, a frame that waits to be confirmed with those behind it, and a beginning. */
const WINDOW = 4;
/** No station has such an address, but drivers that are switched on or off make such bytes. */
const FIRST_RESERVED_ADDRESS = 248;

/**
 * Finds the requests for this server on a line that it may share with other stations. A frame ends where its predicted length
 * and its CRC say so. Frames of others are passed over whole, so that nothing inside them is taken for a request. After
 * rubbish every position is tried; what is found then is a request only if the line falls silent behind it, since otherwise
 * it may be the payload of a frame that was hurt. Silence ends the wait for bytes that don't come; it never ends a frame (SL,
 * clause 2.5.1.1, can't be kept through USB adapters and schedulers).
 */
export class RtuReader implements FrameReader {
  bytes: Uint8Array = new Uint8Array(0);
  position = 0;
  readonly transactionId = 0;
  unitId = 0;
  pduStart = 0;
  pduEnd = 0;
  readonly problem = '';
  readonly #context: ReaderContext;
  readonly #window: RtuWindow;
  readonly #candidates: RtuCandidates;
  readonly #longest: number;
  /** Where in the window to look; all ahead of it is done with. */
  #start = 0;
  /** Bytes of rubbish that lie directly ahead of `#start`; with none, a frame begins there. */
  #skipped = 0;
  /** So many of them are not reported yet, since they may still turn out to be a frame. */
  #unreported = 0;
  /** Where the last silence was: a frame may begin there, although an earlier one waits for bytes. */
  #boundary = NOWHERE;
  /** Where the last gap was. */
  #gap = NOWHERE;
  #gapSeen = false;
  /** Where the frames of the last chain begin, and its end: what is found doubtful is asked for again with every byte. */
  readonly #chain = new Set<number>();
  #chainEnd = 0;
  /** Silences since the last byte. */
  #silences = 0;
  /** Silence has nothing more to tell about what waits. */
  #settled = true;
  /** Bytes of the chunk that are not in the window yet. */
  #unread = 0;

  constructor(context: ReaderContext) {
    this.#context = context;
    this.#longest = longestAdu(context);
    this.#window = new RtuWindow(WINDOW * this.#longest);
    this.#candidates = new RtuCandidates(this.#window, context);
  }

  get incomplete(): boolean {
    return !this.#settled && (this.#start < this.#window.end || !this.#inSync);
  }

  next(chunk: Uint8Array, at: number): Outcome {
    this.position = at;
    this.#unread = chunk.length - at;
    if (this.#unread === 0) return this.#look() || this.#interpretPause() ? 'frame' : 'more';
    this.#silences = 0;
    this.#settled = false;
    if (this.#start === this.#window.end && this.#takeInPlace(chunk, at)) return 'frame';
    do {
      const taken = this.#append(chunk);
      if (!this.#look()) continue;
      this.#giveBack(taken);
      return 'frame';
    } while (this.#unread > 0);
    return 'more';
  }

  silent(): void {
    this.#silences++;
  }

  gap(): void {
    this.#gapSeen = true;
  }

  whole(datagram: Uint8Array): Outcome {
    const { length } = datagram;
    if (length < MIN_ADU_LENGTH || length > this.#longest || crc16(datagram, 0, length) !== 0) return 'more';
    if (this.#context.serves(datagram[0]) && datagram[1] < EXCEPTION_BIT) {
      this.#describe(datagram, 0, length);
      return 'frame';
    }
    this.#passBy(datagram, 0, length, 0);
    return 'more';
  }

  /** What is at `#start` follows an intact frame or silence, not rubbish. */
  get #inSync(): boolean {
    return this.#skipped === 0;
  }

  /** The common case: nothing waits, and a request to this server lies whole in the chunk. */
  #takeInPlace(chunk: Uint8Array, at: number): boolean {
    const { length } = chunk;
    if (length - at < MIN_ADU_LENGTH || !this.#mayTrust) return false;
    if (!this.#context.serves(chunk[at]) || chunk[at + 1] >= EXCEPTION_BIT) return false;
    const pduLength = this.#context.requestLength(chunk, at + 1, length);
    if (pduLength === undefined || pduLength === 0 || pduLength > this.#context.maxPduLength) return false;
    const end = at + HEADER_LENGTH + pduLength + CRC_LENGTH;
    if (end > length || crc16(chunk, at, end) !== 0) return false;
    this.#synchronise();
    this.#candidates.forget();
    this.#describe(chunk, at, end);
    this.position = end;
    return true;
  }

  #append(chunk: Uint8Array): number {
    if (this.#window.free < this.#unread) this.#discard();
    const length = Math.min(this.#unread, this.#window.free);
    this.#window.append(chunk, this.position, length);
    this.position += length;
    this.#unread -= length;
    return length;
  }

  /** Makes room. Rubbish is kept as long as it may turn out to be one frame. */
  #discard(): void {
    if (this.#unreported >= this.#longest) this.#reportNoise();
    const done = this.#start - this.#unreported;
    this.#chain.clear();
    this.#window.discard(done);
    this.#candidates.discard(done);
    this.#boundary -= done;
    this.#gap -= done;
    this.#start -= done;
  }

  /** If what follows the frame came with this chunk, it is left in it: the next frame may lie there in one piece. */
  #giveBack(taken: number): void {
    const length = this.#window.end - this.#start;
    if (length > taken) return;
    this.#chain.clear();
    this.#window.truncate(this.#start);
    this.position -= length;
  }

  /** Goes through the window to the next frame for this server, or to where bytes are missing. */
  #look(): boolean {
    while (this.#start < this.#window.end) {
      const verdict = this.#judge();
      if (verdict === 'waiting') {
        if (!this.#passOver()) return false;
      } else if (verdict === 'nothing') {
        this.#resume(Math.max(this.#start + 1, this.#boundary));
      } else if (this.#take()) return true;
    }
    return false;
  }

  #judge(): Verdict {
    const found = this.#candidates.judge(this.#start, false);
    if (found !== 'intact' || this.#goBack()) return found;
    return this.#confirm(this.#start);
  }

  /** Whether the intact frame at `at` is one, and not an accident or the payload of another; `waiting`: silence will tell. */
  #confirm(at: number): Verdict {
    const candidates = this.#candidates;
    if (candidates.isPayload(at)) return 'nothing';
    if (this.#isHarmless(at) || (candidates.predicted && this.#mayTrust)) return 'intact';
    const enough = this.#inSync ? candidates.length : this.#longest;
    const end = this.#endOfFrames(at);
    const next = candidates.judge(end, false);
    candidates.judge(at, false);
    if (end - at > enough) return 'intact';
    return next === 'waiting' ? 'waiting' : 'nothing';
  }

  /** Certainly another station's: to take it for a frame does no harm. */
  #isHarmless(at: number): boolean {
    return this.#candidates.predicted && !this.#isOwn(at);
  }

  /** Where the intact frame at `at` ends, and the intact ones that follow it without anything between. */
  #endOfFrames(at: number): number {
    if (!this.#chain.has(at)) {
      this.#chain.clear();
      this.#chainEnd = at;
    }
    while (this.#candidates.judge(this.#chainEnd, true) === 'intact') {
      this.#chain.add(this.#chainEnd);
      this.#chainEnd += this.#candidates.length;
    }
    return this.#chainEnd;
  }

  /** What is at `#start` can't be the payload of a frame that was not intact. */
  get #mayTrust(): boolean {
    return this.#inSync || (this.#skipped === 1 && this.#isGlitch(this.#start - 1));
  }

  #isGlitch(at: number): boolean {
    const byte = this.#window.bytes[at];
    return byte === 0 || byte >= FIRST_RESERVED_ADDRESS;
  }

  /** What waits since before a silence gives way to an intact frame that began after it. */
  #passOver(): boolean {
    const boundary = this.#boundary;
    if (boundary <= this.#start || this.#candidates.judge(boundary, false) !== 'intact') return false;
    this.#resume(boundary);
    return true;
  }

  /** @returns whether a pause of the line reveals a frame for this server. */
  #interpretPause(): boolean {
    if (this.#silences >= SURE) return this.#settle();
    if (!this.#gapSeen) return false;
    this.#gapSeen = false;
    const from = this.#gap;
    this.#gap = this.#window.end;
    return !this.#inSync && this.#takeBetweenGaps(from);
  }

  /** Amid rubbish, a frame with a gap on either side is no payload. In step, it may be: adapters make gaps where there are none. */
  #takeBetweenGaps(from: number): boolean {
    const candidates = this.#candidates;
    if (from < this.#start || candidates.judge(from, false) !== 'intact') return false;
    if (!candidates.predicted || from + candidates.length !== this.#window.end) return false;
    this.#resume(from);
    this.#synchronise();
    return candidates.judge(from, false) === 'intact' && this.#take();
  }

  /** The line is silent. @returns whether that reveals a frame for this server. */
  #settle(): boolean {
    while (this.#reveal()) if (this.#take() || this.#look()) return true;
    this.#giveUp();
    this.#settled = true;
    this.#boundary = this.#window.end;
    return false;
  }

  /** A request to this server may still go on behind the silence, if it has shown its length; all else is rubbish. */
  #giveUp(): void {
    const { end } = this.#window;
    if (!this.#mayGoOn()) this.#resume(end);
    if (this.#start === end) this.#synchronise();
    else this.#candidates.forget();
  }

  #mayGoOn(): boolean {
    const { bytes, end } = this.#window;
    if (!this.#inSync || end - this.#start < 2 || !this.#context.serves(bytes[this.#start])) return false;
    return this.#candidates.judge(this.#start, true) === 'waiting' && !this.#candidates.searched;
  }

  /** Finds an intact frame in what waits, the likeliest first, and makes it the next to be taken. */
  #reveal(): boolean {
    if (this.#revealFirst(false) || this.#revealWhole()) return true;
    return this.#revealPredicted() || this.#revealLast() || this.#revealFirst(true);
  }

  /** What waits may be intact, and have waited only to be confirmed. Another station's does no harm even if it isn't. */
  #revealFirst(harmless: boolean): boolean {
    const at = this.#start;
    if (!this.#inSync || this.#candidates.judge(at, true) !== 'intact') return false;
    const sure = this.#candidates.predicted || (harmless && !this.#isOwn(at)) || this.#isEnd(this.#endOfFrames(at));
    return sure && this.#candidates.judge(at, true) === 'intact';
  }

  /** An intact frame may lie behind the beginning that waits in vain. */
  #revealPredicted(): boolean {
    const last = this.#window.end - MIN_ADU_LENGTH;
    for (let at = this.#firstToReveal; at <= last; at++) if (this.#revealAt(at, true)) return true;
    return false;
  }

  /** The same where nothing tells the length: of several, the shortest is the least likely to be an accident. */
  #revealLast(): boolean {
    const last = this.#window.end - MIN_ADU_LENGTH;
    for (let at = last; at >= this.#firstToReveal; at--) if (this.#revealAt(at, false)) return true;
    return false;
  }

  get #firstToReveal(): number {
    return Math.max(this.#start, this.#boundary);
  }

  #revealAt(at: number, predicted: boolean): boolean {
    const candidates = this.#candidates;
    if (candidates.judge(at, true) !== 'intact' || candidates.predicted !== predicted) return false;
    if (!this.#mayInterrupt(at)) return false;
    this.#resume(at);
    return this.#goBack() || candidates.judge(at, true) === 'intact';
  }

  /** All since the last intact frame may be one, of a length that its function should not have. */
  #revealWhole(): boolean {
    return this.#takeBack(this.#window.end);
  }

  /** So may all that was skipped, if an intact frame follows it directly. */
  #goBack(): boolean {
    return !this.#inSync && this.#takeBack(this.#start);
  }

  /** Makes what begins behind the last intact frame the next to be taken, if it is intact up to `end`. */
  #takeBack(end: number): boolean {
    const begin = this.#start - this.#skipped;
    if (this.#unreported < this.#skipped || begin < this.#boundary) return false;
    if (!this.#candidates.isIntact(begin, end)) return false;
    this.#start = begin;
    this.#skipped = 0;
    this.#unreported = 0;
    return true;
  }

  /** Whether the intact frame at `at` ends the wait for an earlier one, rather than being its payload. */
  #mayInterrupt(at: number): boolean {
    if (this.#candidates.isPayload(at)) return false;
    if (!this.#inSync && this.#isHarmless(at)) return true;
    return this.#isEnd(this.#inSync ? at + this.#candidates.length : this.#endOfFrames(at));
  }

  /** Nothing follows, a glitch aside. Inside another frame, at least that one's CRC would. */
  #isEnd(at: number): boolean {
    const { end } = this.#window;
    return at === end || (at === end - 1 && this.#isGlitch(at));
  }

  /** Leaves what is ahead of `at`: it was no frame. */
  #resume(at: number): void {
    if (at <= this.#start) return;
    this.#skipped += at - this.#start;
    this.#unreported += at - this.#start;
    this.#start = at;
    if (at === this.#boundary) this.#synchronise();
  }

  /** A frame may begin at `#start`, however the bytes ahead of it read. */
  #synchronise(): void {
    if (this.#inSync) return;
    this.#reportNoise();
    this.#skipped = 0;
    this.#candidates.clearShadow();
  }

  /** Rubbish is counted once, however long it is. */
  #reportNoise(): void {
    const { bytes, end } = this.#window;
    if (this.#unreported === this.#skipped) {
      this.#context.communicationError();
      this.#context.counters.resynchronisations++;
    }
    this.#context.noise?.(bytes, this.#start - this.#unreported, this.#start, end - this.#start + this.#unread);
    this.#unreported = 0;
  }

  /** Takes the intact frame at `#start`. @returns whether it is a request to this server. */
  #take(): boolean {
    const candidates = this.#candidates;
    const start = this.#start;
    const own = this.#isOwn(start);
    if (own) candidates.forget();
    else candidates.follow(start);
    this.#synchronise();
    this.#start += candidates.length;
    if (own) this.#describe(this.#window.bytes, start, this.#start);
    else this.#passBy(this.#window.bytes, start, this.#start, this.#window.end - this.#start + this.#unread);
    return own;
  }

  /** A frame was for another station, or from one. */
  #passBy(bytes: Uint8Array, start: number, end: number, behind: number): void {
    this.#context.counters.messages++;
    this.#context.counters.foreignFrames++;
    this.#context.passed?.(bytes[start], bytes, start + HEADER_LENGTH, end - CRC_LENGTH, behind);
  }

  #isOwn(start: number): boolean {
    const { isRequest, length } = this.#candidates;
    if (!isRequest || !this.#context.serves(this.#window.bytes[start])) return false;
    return length <= this.#context.maxPduLength + HEADER_LENGTH + CRC_LENGTH;
  }

  #describe(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.unitId = bytes[start];
    this.pduStart = start + HEADER_LENGTH;
    this.pduEnd = end - CRC_LENGTH;
  }
}
