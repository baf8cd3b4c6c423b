import { copyBytes, NO_BYTES, readUint16, writeUint16 } from '../protocol/bytes.js';
import { lengthOfWrite } from '../protocol/lengths.js';
import { MAX_REFUSABLE_LENGTH } from '../protocol/limits.js';
import type { FrameReader, Outcome, ReaderContext, StandardFraming } from './framing.js';

/** MBAP header: transaction id 2, protocol id 2, length 2, unit id 1 (TG, clause 3.1.3). */
const HEADER_LENGTH = 7;
/** What stands ahead of the bytes that the length field counts. */
const PREFIX_LENGTH = 6;
/** The length field counts at least the unit id and a function code. */
const MIN_LENGTH_FIELD = 2;

const NEED_MORE = 0;
const FATAL = -1;

class MbapReader implements FrameReader {
  bytes: Uint8Array = NO_BYTES;
  position = 0;
  transactionId = 0;
  unitId = 0;
  pduStart = 0;
  pduEnd = 0;
  problem = '';
  incomplete = false;
  readonly reusable = true;
  readonly #maxLengthField: number;
  readonly #longest: number;
  readonly #context: ReaderContext;
  #carry: Uint8Array | undefined;
  #carried = 0;

  constructor(context: ReaderContext) {
    this.#maxLengthField = context.maxPduLength + 1;
    this.#longest = PREFIX_LENGTH + 1 + Math.max(context.maxPduLength, MAX_REFUSABLE_LENGTH);
    this.#context = context;
  }

  next(chunk: Uint8Array, at: number): Outcome {
    this.position = at;
    while (this.position < chunk.length) {
      const outcome = this.incomplete ? this.#continue(chunk) : this.#begin(chunk);
      if (outcome !== 'dropped') return outcome;
    }
    return 'more';
  }

  whole(datagram: Uint8Array): Outcome {
    const outcome = this.next(datagram, 0);
    return outcome === 'frame' && this.position < datagram.length ? 'more' : outcome;
  }

  #begin(chunk: Uint8Array): Outcome | 'dropped' {
    const start = this.position;
    const length = this.#measure(chunk, start, chunk.length);
    if (length === FATAL) return 'fatal';
    if (length === NEED_MORE) {
      this.#keep(chunk, chunk.length - start);
      return 'more';
    }
    this.position = start + length;
    return this.#take(chunk, start, length);
  }

  /** A frame has begun in an earlier chunk: completes it in the carry buffer. */
  #continue(chunk: Uint8Array): Outcome | 'dropped' {
    const before = this.#carried;
    const from = this.position;
    const carry = this.#keep(chunk, Math.min(this.#longest - before, chunk.length - from));
    const length = this.#measure(carry, 0, this.#carried);
    if (length === FATAL) return 'fatal';
    if (length === NEED_MORE) return 'more';
    this.position = from + length - before;
    this.#carried = 0;
    this.incomplete = false;
    return this.#take(carry, 0, length);
  }

  #keep(chunk: Uint8Array, length: number): Uint8Array {
    this.#carry ??= new Uint8Array(this.#longest);
    copyBytes(chunk, this.position, length, this.#carry, this.#carried);
    this.#carried += length;
    this.incomplete = true;
    this.position += length;
    return this.#carry;
  }

  #measure(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < PREFIX_LENGTH) return NEED_MORE;
    const length = readUint16(bytes, start + 4);
    if (length < MIN_LENGTH_FIELD || (length > this.#maxLengthField && !this.#isRefusable(bytes, start, end, length))) {
      this.problem = `MBAP length field is ${length}, allowed are ${MIN_LENGTH_FIELD}..${this.#maxLengthField}`;
      this.#context.communicationError();
      return FATAL;
    }
    return end - start < PREFIX_LENGTH + length ? NEED_MORE : PREFIX_LENGTH + length;
  }

  /** A write that is too long is a frame all the same if its byte count agrees, as far as it has come. */
  #isRefusable(bytes: Uint8Array, start: number, end: number, length: number): boolean {
    if (PREFIX_LENGTH + length > this.#longest) return false;
    const expected = lengthOfWrite(bytes, start + HEADER_LENGTH, end);
    return expected === 0 || expected === length - 1;
  }

  #take(bytes: Uint8Array, start: number, length: number): Outcome | 'dropped' {
    if (readUint16(bytes, start + 2) !== 0) {
      this.#context.counters.framesDropped++;
      return 'dropped';
    }
    this.bytes = bytes;
    this.transactionId = readUint16(bytes, start);
    this.unitId = bytes[start + 6];
    this.pduStart = start + HEADER_LENGTH;
    this.pduEnd = start + length;
    return 'frame';
  }
}

/** The framing of Modbus/TCP, also used over UDP and TLS (TG, clause 3.1.3). */
export const mbap: StandardFraming = {
  name: 'mbap',
  sharedLine: false,
  headerLength: HEADER_LENGTH,
  silence: 0,
  maxLength: (maxPduLength) => HEADER_LENGTH + maxPduLength,
  createReader: (context) => new MbapReader(context),
  seal(target, start, pduLength, transactionId, unitId) {
    writeUint16(target, start, transactionId);
    writeUint16(target, start + 2, 0);
    writeUint16(target, start + 4, pduLength + 1);
    target[start + 6] = unitId;
    return start + HEADER_LENGTH + pduLength;
  },
};
