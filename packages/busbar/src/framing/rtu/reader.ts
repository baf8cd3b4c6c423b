import { NO_BYTES } from '../../protocol/bytes.js';
import { crc16 } from '../../protocol/crc.js';
import { EXCEPTION_BIT } from '../../protocol/function-codes.js';
import { isAnswerable } from '../../protocol/lengths.js';
import type { FrameReader, Outcome, ReaderContext } from '../framing.js';
import { ARRIVAL_RULES } from './arrival-rules.js';
import { AROUND_PDU, type Candidate, CRC_LENGTH, HEADER_LENGTH, MIN_ADU_LENGTH, NO_DAMAGE } from './candidate.js';
import { GAP_RULES } from './gap-rules.js';
import { expectedAfter, readArriving } from './readings.js';
import { decide } from './rules.js';
import { endOfBeginning, SILENCE_RULES } from './silence-rules.js';
import { RtuState, SURE } from './state.js';
import { Survey } from './survey.js';

/**
 * Finds the requests for this server on a line that it may share with other stations. A frame ends where its predicted
 * length and its CRC say so. Frames of others are passed over whole, so that nothing inside them is taken for a
 * request. After rubbish every position is tried. What is found then is a request only if the line falls silent behind
 * it, since otherwise it may be the data of a damaged frame. Silence ends the wait for bytes that do not come; it never
 * ends a frame (SL, clause 2.5.1.1, cannot be kept through USB adapters and schedulers).
 *
 * The rules in `arrival-rules.ts`, `gap-rules.ts` and `silence-rules.ts` decide; the reader does what they say.
 */
export class RtuReader implements FrameReader {
  bytes: Uint8Array = NO_BYTES;
  position = 0;
  readonly transactionId = 0;
  unitId = 0;
  pduStart = 0;
  pduEnd = 0;
  readonly problem = '';
  readonly #line: RtuState;

  constructor(context: ReaderContext) {
    this.#line = new RtuState(context);
  }

  get incomplete(): boolean {
    return !(this.#line.done && this.#line.inStep);
  }

  get wakeAfter(): number {
    return this.incomplete ? this.#line.context.silence / SURE : 0;
  }

  next(chunk: Uint8Array, at: number): Outcome {
    this.position = at;
    this.#line.unread = chunk.length - at;
    const found = at < chunk.length ? this.#readChunk(chunk) : this.#readOn() || this.#readPause();
    return found ? 'frame' : 'more';
  }

  /** @returns whether a request to this server was found. So do all that read. */
  #readChunk(chunk: Uint8Array): boolean {
    const line = this.#line;
    line.silences = 0;
    if (line.done && this.#takeInPlace(chunk)) return true;
    do {
      const taken = line.append(chunk, this.position);
      this.position += taken;
      if (!this.#readOn()) continue;
      // If what follows came with this chunk, it is left in it: the next frame may lie there in one piece.
      if (line.window.end - line.start <= taken) this.position -= line.removeUnread();
      return true;
    } while (line.unread > 0);
    return false;
  }

  silent(): void {
    this.#line.silences++;
    if (this.#line.isSilent) this.#line.stalls++;
  }

  gap(idle: number): void {
    const { gaps, window, start } = this.#line;
    gaps.add(window.end, idle, start);
  }

  whole(datagram: Uint8Array): Outcome {
    const { length } = datagram;
    const { context, longest } = this.#line;
    if (length < MIN_ADU_LENGTH || length > longest || crc16(datagram, 0, length) !== 0) return 'more';
    if (!context.serves(datagram[0]) || datagram[1] >= EXCEPTION_BIT) {
      this.#pass(datagram, 0, length, 0);
      return 'more';
    }
    if (!isAnswerable(datagram, HEADER_LENGTH, length - CRC_LENGTH, context.maxPduLength)) return 'more';
    this.#describe(datagram, 0, length);
    return 'frame';
  }

  /** The common case, without a copy: nothing waits, and a request to this server lies whole in the chunk. */
  #takeInPlace(chunk: Uint8Array): boolean {
    const line = this.#line;
    const { context } = line;
    const at = this.position;
    const { length } = chunk;
    if (length - at < MIN_ADU_LENGTH || !line.isTrusted) return false;
    if (!context.serves(chunk[at]) || chunk[at + 1] >= EXCEPTION_BIT) return false;
    const pduLength = context.requestLength(chunk, at + HEADER_LENGTH, length);
    if (pduLength === undefined || pduLength === 0 || pduLength > context.maxPduLength) return false;
    const end = at + pduLength + AROUND_PDU;
    if (end > length || crc16(chunk, at, end) !== 0) return false;
    line.synchronise();
    line.expected = undefined;
    this.#describe(chunk, at, end);
    this.position = end;
    return true;
  }

  /** Goes through the window to the next request to this server, or to where bytes are missing. */
  #readOn(): boolean {
    const line = this.#line;
    while (!line.done) {
      const seen = readArriving(line, line.start);
      line.note(seen);
      const decision = seen.verdict === 'nothing' ? 'skip' : decide(ARRIVAL_RULES, line, seen);
      if (decision === 'wait') return false;
      if (decision === 'skip') line.skip();
      else if (this.#take(decision)) return true;
    }
    return false;
  }

  #readPause(): boolean {
    const line = this.#line;
    if (line.isSilent) return this.#readSilence();
    if (!line.gaps.has(line.window.end)) return false;
    const decision = decide(GAP_RULES, line, undefined);
    return typeof decision === 'object' && this.#take(decision);
  }

  #readSilence(): boolean {
    const line = this.#line;
    for (;;) {
      const decision = decide(SILENCE_RULES, line, new Survey(line));
      if (typeof decision === 'string') return this.#endWait(decision);
      if (this.#take(decision) || this.#readOn()) return true;
    }
  }

  #endWait(decision: 'wait' | 'skip'): false {
    if (decision === 'wait') this.#line.waitOn();
    else this.#line.giveUp(endOfBeginning(this.#line));
    return false;
  }

  /** Takes the intact frame. @returns whether it is a request to this server. */
  #take(frame: Candidate): boolean {
    const line = this.#line;
    const { at, length, kind, openEnded } = frame;
    const { window } = line;
    line.moveTo(at);
    line.synchronise();
    line.damage = NO_DAMAGE;
    line.expected = expectedAfter(line, frame);
    line.stalls = 0;
    if (openEnded) line.doubtfulUntil = window.end;
    line.start += length;
    if (kind === 'own request') this.#describe(window.bytes, at, line.start);
    else this.#pass(window.bytes, at, line.start, window.end - line.start + line.unread);
    return kind === 'own request';
  }

  /** A frame was for another station, or from one. */
  #pass(bytes: Uint8Array, start: number, end: number, behind: number): void {
    const { context } = this.#line;
    context.counters.messages++;
    context.counters.foreignFrames++;
    context.passed?.(bytes[start], bytes, start + HEADER_LENGTH, end - CRC_LENGTH, behind);
  }

  #describe(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.unitId = bytes[start];
    this.pduStart = start + HEADER_LENGTH;
    this.pduEnd = end - CRC_LENGTH;
  }
}
