import { NO_BYTES } from '../../protocol/bytes.js';
import { crc16 } from '../../protocol/crc.js';
import { EXCEPTION_BIT } from '../../protocol/function-codes.js';
import { isAnswerable } from '../../protocol/lengths.js';
import type { FrameReader, Outcome, ReaderContext } from '../framing.js';
import { MIN_ADU_LENGTH, type Verdict } from './candidates.js';
import { RtuCover } from './cover.js';
import { RtuPauses } from './pauses.js';
import { CRC_LENGTH, HEADER_LENGTH, RtuScan } from './scan.js';

/** Silences in a row that are one of the line: a single one may be the machine's, which was too busy to read. */
const SURE = 2;
/** A request to this server may stop for ten times as long, since a busy machine can make 20 ms look like 200; then it is given up. */
const PATIENCE = 10 * SURE - 1;

/**
 * Finds the requests for this server on a line that it may share with other stations. A frame ends where its predicted length
 * and its CRC say so. Frames of others are passed over whole, so that nothing inside them is taken for a request. After
 * rubbish every position is tried; what is found then is a request only if the line falls silent behind it, since otherwise
 * it may be the payload of a frame that was hurt. Silence ends the wait for bytes that don't come; it never ends a frame (SL,
 * clause 2.5.1.1, can't be kept through USB adapters and schedulers).
 */
export class RtuReader implements FrameReader {
  bytes: Uint8Array = NO_BYTES;
  position = 0;
  readonly transactionId = 0;
  unitId = 0;
  pduStart = 0;
  pduEnd = 0;
  readonly problem = '';
  readonly #context: ReaderContext;
  readonly #scan: RtuScan;
  readonly #cover: RtuCover;
  readonly #pauses: RtuPauses;
  #gapSeen = false;
  /** Silences since the last byte. */
  #silences = 0;
  /** Silence has nothing more to tell about what waits. */
  #settled = true;
  /** How often the line was surely silent since the request that waits has begun. */
  #stalls = 0;

  constructor(context: ReaderContext) {
    this.#context = context;
    this.#scan = new RtuScan(context);
    this.#cover = new RtuCover(this.#scan);
    this.#pauses = new RtuPauses(this.#scan, this.#cover);
  }

  get incomplete(): boolean {
    return !this.#settled && !(this.#scan.done && this.#scan.inSync);
  }

  get wakeAfter(): number {
    return this.incomplete ? this.#context.silence / SURE : 0;
  }

  next(chunk: Uint8Array, at: number): Outcome {
    const scan = this.#scan;
    this.position = at;
    scan.unread = chunk.length - at;
    if (scan.unread === 0) return this.#look() || this.#interpretPause() ? 'frame' : 'more';
    this.#silences = 0;
    this.#gapSeen = false;
    this.#settled = false;
    if (scan.done && this.#takeInPlace(chunk, at)) return 'frame';
    do {
      const taken = scan.append(chunk, this.position);
      this.position += taken;
      if (!this.#look()) continue;
      // If what follows came with this chunk, it is left in it: the next frame may lie there in one piece.
      if (scan.window.end - scan.start <= taken) this.position -= scan.giveBack();
      return 'frame';
    } while (scan.unread > 0);
    return 'more';
  }

  silent(): void {
    this.#silences++;
    if (this.#silences >= SURE) this.#stalls++;
  }

  gap(idle: number): void {
    const { gaps, window, start } = this.#scan;
    gaps.add(window.end, idle, start);
    this.#gapSeen = true;
  }

  whole(datagram: Uint8Array): Outcome {
    const { length } = datagram;
    if (length < MIN_ADU_LENGTH || length > this.#scan.longest || crc16(datagram, 0, length) !== 0) return 'more';
    if (this.#context.serves(datagram[0]) && datagram[1] < EXCEPTION_BIT) {
      if (!isAnswerable(datagram, HEADER_LENGTH, length - CRC_LENGTH, this.#context.maxPduLength)) return 'more';
      this.#describe(datagram, 0, length);
      return 'frame';
    }
    this.#passBy(datagram, 0, length, 0);
    return 'more';
  }

  /** The common case: nothing waits, and a request to this server lies whole in the chunk. */
  #takeInPlace(chunk: Uint8Array, at: number): boolean {
    const { length } = chunk;
    if (length - at < MIN_ADU_LENGTH || !this.#scan.mayTrust) return false;
    if (!this.#context.serves(chunk[at]) || chunk[at + 1] >= EXCEPTION_BIT) return false;
    const pduLength = this.#context.requestLength(chunk, at + 1, length);
    if (pduLength === undefined || pduLength === 0 || pduLength > this.#context.maxPduLength) return false;
    const end = at + HEADER_LENGTH + pduLength + CRC_LENGTH;
    if (end > length || crc16(chunk, at, end) !== 0) return false;
    this.#scan.synchronise();
    this.#scan.candidates.forget();
    this.#describe(chunk, at, end);
    this.position = end;
    return true;
  }

  /** Goes through the window to the next frame for this server, or to where bytes are missing. */
  #look(): boolean {
    const scan = this.#scan;
    while (!scan.done) {
      const verdict = this.#judge();
      if (verdict === 'waiting') {
        if (!this.#passOver()) return false;
      } else if (verdict === 'nothing') {
        scan.resume(Math.max(scan.start + 1, scan.boundary));
      } else if (this.#take()) return true;
    }
    return false;
  }

  #judge(): Verdict {
    const scan = this.#scan;
    const found = scan.judge(scan.start, false);
    return found !== 'intact' || scan.goBack() ? found : this.#confirm(scan.start);
  }

  /** Whether the intact frame at `at` is one, and not an accident or the payload of another; `waiting`: silence will tell. */
  #confirm(at: number): Verdict {
    const scan = this.#scan;
    const { candidates, window, longest } = scan;
    if (candidates.isPayload(at)) return 'nothing';
    if (scan.isHarmless(at) || (candidates.predicted && scan.mayTrust)) return 'intact';
    const undelimited = !candidates.predicted;
    if (undelimited && window.end - at <= longest) return 'waiting';
    if (this.#pauses.isBetweenGaps(at)) return 'intact';
    const end = scan.endOfFrames(at);
    if (end - at > longest) return scan.judge(at, false);
    if (undelimited) return this.#confirmUndelimited(at);
    return scan.isEnd(end) || scan.judge(end, false) === 'waiting' ? 'waiting' : 'nothing';
  }

  /**
   * Where nothing tells its length, the frame may go on behind its first good CRC. Silence has to tell; or more frames behind it than it
   * could hold.
   */
  #confirmUndelimited(at: number): Verdict {
    const { window, longest } = this.#scan;
    if (window.end - at < 2 * longest) return 'waiting';
    return this.#cover.findBeyond(at, at + longest) ? 'intact' : 'nothing';
  }

  /** What waits since before a silence gives way to an intact frame that began after it. */
  #passOver(): boolean {
    const { boundary, start } = this.#scan;
    if (boundary <= start || this.#scan.judge(boundary, false) !== 'intact') return false;
    this.#scan.resume(boundary);
    return true;
  }

  /** @returns whether a pause of the line reveals a frame for this server. */
  #interpretPause(): boolean {
    if (this.#silences >= SURE) return this.#settle();
    if (!this.#gapSeen) return false;
    this.#gapSeen = false;
    return this.#pauses.revealBetweenGaps() && this.#take();
  }

  #settle(): boolean {
    while (this.#pauses.reveal()) if (this.#take() || this.#look()) return true;
    const goesOn = this.#stalls < PATIENCE && this.#pauses.mayGoOn();
    if (!goesOn) this.#stalls = 0;
    this.#pauses.giveUp(goesOn);
    this.#settled = !goesOn;
    return false;
  }

  /** Takes the intact frame at `start`. @returns whether it is a request to this server. */
  #take(): boolean {
    const scan = this.#scan;
    const { candidates, window, start } = scan;
    const own = scan.isOwn(start);
    this.#stalls = 0;
    scan.follow(start);
    scan.synchronise();
    // What was taken for its beginning before was none.
    candidates.clearShadow();
    scan.start += candidates.length;
    if (own) this.#describe(window.bytes, start, scan.start);
    else this.#passBy(window.bytes, start, scan.start, window.end - scan.start + scan.unread);
    return own;
  }

  /** A frame was for another station, or from one. */
  #passBy(bytes: Uint8Array, start: number, end: number, behind: number): void {
    this.#context.counters.messages++;
    this.#context.counters.foreignFrames++;
    this.#context.passed?.(bytes[start], bytes, start + HEADER_LENGTH, end - CRC_LENGTH, behind);
  }

  #describe(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.unitId = bytes[start];
    this.pduStart = start + HEADER_LENGTH;
    this.pduEnd = end - CRC_LENGTH;
  }
}
