import type { LineState } from '../line-state.js';
import { EXCEPTION_BIT } from '../protocol/function-codes.js';
import { isAnswerable } from '../protocol/lengths.js';
import { MAX_REFUSABLE_LENGTH } from '../protocol/limits.js';
import { lrc } from '../protocol/lrc.js';
import type { FrameReader, Outcome, ReaderContext, StandardFraming } from './framing.js';

const COLON = 0x3a;
const CR = 0x0d;
/** The colon and two digits of the address; it also lets `seal` expand the PDU in place, from its end. */
const HEADER_LENGTH = 3;
/** Address, function code, LRC. */
const MIN_BYTES = 3;
const NO_DIGIT = 0xff;

const DIGITS = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0));
const VALUES = new Uint8Array(256).fill(NO_DIGIT);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  VALUES[digit.charCodeAt(0)] = value;
  VALUES[digit.toUpperCase().charCodeAt(0)] = value;
}

class AsciiReader implements FrameReader {
  readonly bytes: Uint8Array;
  position = 0;
  readonly transactionId = 0;
  readonly pduStart = 1;
  pduEnd = 0;
  readonly problem = '';
  readonly #context: ReaderContext;
  readonly #line: Readonly<LineState>;
  /** Between a colon and the end of its frame. */
  #inside = false;
  /** Digits so far. */
  #digits = 0;
  #carriageReturn = false;
  /** Characters of the chunk behind the one that is being looked at. */
  #behind = 0;

  constructor(context: ReaderContext, line: Readonly<LineState>) {
    this.#context = context;
    this.#line = line;
    this.bytes = new Uint8Array(Math.max(context.maxPduLength, MAX_REFUSABLE_LENGTH) + 2);
  }

  get incomplete(): boolean {
    return this.#inside;
  }

  get wakeAfter(): number {
    return this.#inside ? this.#context.silence : 0;
  }

  get unitId(): number {
    return this.bytes[0];
  }

  next(chunk: Uint8Array, at: number): Outcome {
    for (let i = at; i < chunk.length; i++) {
      this.#behind = chunk.length - i - 1;
      if (!this.#take(chunk[i])) continue;
      this.position = i + 1;
      return 'frame';
    }
    this.position = chunk.length;
    return 'more';
  }

  whole(datagram: Uint8Array): Outcome {
    const last = datagram.length - 1;
    const isWhole = datagram[0] === COLON && datagram[last] === this.#line.asciiDelimiter;
    if (!isWhole || datagram.indexOf(CR) !== last - 1 || datagram.subarray(1, last).includes(COLON)) return 'more';
    return this.next(datagram, 0);
  }

  silent(): void {
    this.#behind = 0;
    if (this.#inside) this.#resynchronise();
  }

  /** @returns whether the character completes a frame for this server. */
  #take(character: number): boolean {
    if (this.#carriageReturn && character === this.#line.asciiDelimiter) return this.#complete();
    if (character === COLON) this.#begin();
    else if (this.#inside) this.#goOn(character);
    return false;
  }

  #begin(): void {
    if (this.#inside) this.#resynchronise();
    this.#inside = true;
    this.#digits = 0;
  }

  #goOn(character: number): void {
    const value = VALUES[character];
    if (this.#carriageReturn) this.#resynchronise();
    else if (character === CR) this.#carriageReturn = true;
    else if (value === NO_DIGIT || this.#digits === 2 * this.bytes.length) this.#resynchronise();
    else this.#add(value);
  }

  #add(value: number): void {
    const at = this.#digits >> 1;
    this.bytes[at] = this.#digits & 1 ? this.bytes[at] | value : value << 4;
    this.#digits++;
  }

  #complete(): boolean {
    const length = this.#digits >> 1;
    if (this.#digits & 1 || !this.#isIntact(length)) {
      this.#drop();
      return false;
    }
    this.#end();
    this.pduEnd = length - 1;
    // A reply with an exception code is no request, even from a station with an address of ours.
    if (this.#context.serves(this.unitId) && this.bytes[1] < EXCEPTION_BIT) return true;
    this.#context.counters.messages++;
    this.#context.counters.foreignFrames++;
    this.#context.passed?.(this.unitId, this.bytes, this.pduStart, this.pduEnd, this.#behind);
    return false;
  }

  #isIntact(length: number): boolean {
    if (length < MIN_BYTES || lrc(this.bytes, 0, length) !== 0) return false;
    return isAnswerable(this.bytes, this.pduStart, length - 1, this.#context.maxPduLength);
  }

  /** What follows makes no sense until the next colon. */
  #resynchronise(): void {
    this.#context.counters.resynchronisations++;
    this.#drop();
  }

  #drop(): void {
    this.#end();
    this.#context.communicationError();
    if (this.#context.noise === undefined) return;
    const digits = Buffer.from(this.bytes.subarray(0, this.#digits >> 1)).toString('hex');
    const text = Buffer.from(`:${digits.toUpperCase()}`);
    this.#context.noise(text, 0, text.length, this.#behind);
  }

  #end(): void {
    this.#inside = false;
    this.#carriageReturn = false;
  }
}

function writeHex(target: Uint8Array, at: number, byte: number): void {
  target[at] = DIGITS[byte >> 4];
  target[at + 1] = DIGITS[byte & 0x0f];
}

/** ASCII transmission mode of serial lines (SL, clause 2.5.2). */
export const ascii: StandardFraming = {
  name: 'ascii',
  sharedLine: true,
  headerLength: HEADER_LENGTH,
  silence: 1000,
  maxLength: (maxPduLength) => 2 * (maxPduLength + 2) + 3,
  createReader: (context, line) => new AsciiReader(context, line),
  seal(target, start, pduLength, _transactionId, unitId, asciiDelimiter) {
    const pdu = start + HEADER_LENGTH;
    const check = (lrc(target, pdu, pdu + pduLength) - unitId) & 0xff;
    for (let i = pduLength - 1; i >= 0; i--) writeHex(target, pdu + 2 * i, target[pdu + i]);
    target[start] = COLON;
    writeHex(target, start + 1, unitId);
    const end = pdu + 2 * pduLength;
    writeHex(target, end, check);
    target[end + 2] = CR;
    target[end + 3] = asciiDelimiter;
    return end + 4;
  },
};
