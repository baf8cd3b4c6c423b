import {
  type Checks,
  checkBoolean,
  checkFunction,
  checkImplementation,
  checkInteger,
  checkString,
  integer,
  type Path,
  show,
} from '../checks.js';
import { asError, HandlerError, OptionsError } from '../errors.js';
import type { LineState } from '../line-state.js';
import { NO_BYTES } from '../protocol/bytes.js';
import { MAX_REFUSABLE_LENGTH } from '../protocol/limits.js';
import type { FrameReader, Framing, Outcome, ReaderContext } from './framing.js';

const OUTCOMES: readonly unknown[] = ['more', 'frame', 'fatal'] satisfies Outcome[];

const MAX_HEADER_LENGTH = 1024;
const MAX_ADU_LENGTH = 0x100_0000;
const MAX_SILENCE_MS = 60_000;
/** What a guarded `seal` returns if it has failed. */
export const NOT_SEALED = -1;

function checksOf(taken: readonly string[]): Checks<Framing> {
  return {
    name: (value, path) => {
      const name = checkString(value, path);
      if (name === '' || taken.includes(name)) {
        throw new OptionsError(path, `expected a name of its own, found ${show(name)}`);
      }
    },
    sharedLine: checkBoolean,
    headerLength: integer(0, MAX_HEADER_LENGTH),
    silence: integer(0, MAX_SILENCE_MS),
    maxLength: checkFunction,
    createReader: checkFunction,
    seal: checkFunction,
  };
}

/** A framing of the program's own. What it does wrong is reported, and costs no more than the connection. */
export class GuardedFraming implements Framing {
  readonly name: string;
  readonly sharedLine: boolean;
  readonly headerLength: number;
  readonly silence: number;
  readonly #framing: Framing;
  readonly #path: Path;
  #longest = 0;
  #report: (error: HandlerError) => void = () => undefined;

  /** @param taken names that others have. */
  constructor(option: object, taken: readonly string[], path: Path) {
    const framing = checkImplementation<Framing>(option, checksOf(taken), path);
    this.name = framing.name;
    this.sharedLine = framing.sharedLine;
    this.headerLength = framing.headerLength;
    this.silence = framing.silence;
    this.#framing = framing;
    this.#path = path;
  }

  /** @param report is told of each fault. */
  onFault(report: (error: HandlerError) => void): void {
    this.#report = report;
  }

  maxLength(maxPduLength: number): number {
    const least = this.headerLength + maxPduLength;
    const path = [...this.#path, 'maxLength'];
    this.#longest = checkInteger(this.#framing.maxLength(maxPduLength), least, MAX_ADU_LENGTH, path);
    return this.#longest;
  }

  createReader(context: ReaderContext, line: Readonly<LineState>): FrameReader {
    return new GuardedReader(
      () => this.#framing.createReader(context, line),
      context,
      (cause) => this.#fault(cause),
    );
  }

  seal(
    target: Uint8Array,
    start: number,
    pduLength: number,
    transactionId: number,
    unitId: number,
    delimiter: number,
  ): number {
    // So it can't reach other replies. It gets no `Buffer`, whose `slice` is not that of a `Uint8Array`.
    const room = new Uint8Array(target.buffer, target.byteOffset + start, this.#longest);
    try {
      const end = this.#framing.seal(room, 0, pduLength, transactionId, unitId, delimiter);
      return start + within(end, 1, room.length, 'the end of a frame');
    } catch (error) {
      this.#fault(error);
      return NOT_SEALED;
    }
  }

  /** @returns what to say of it. */
  #fault(cause: unknown): string {
    const message = `the framing ${show(this.name)} failed: ${asError(cause).message}`;
    this.#report(new HandlerError('HANDLER_FAILED', message, {}, { cause }));
    return message;
  }
}

/** Checks what a reader of the program's own says, and takes nothing over that can't be true. */
class GuardedReader implements FrameReader {
  bytes: Uint8Array = NO_BYTES;
  position = 0;
  incomplete = false;
  transactionId = 0;
  unitId = 0;
  pduStart = 0;
  pduEnd = 0;
  problem = '';
  wakeAfter = 0;
  readonly silent: (() => void) | undefined;
  readonly gap: ((idle: number) => void) | undefined;
  readonly #reader: FrameReader | undefined;
  readonly #longestPdu: number;
  readonly #report: (cause: unknown) => string;
  #failed = false;
  /** Bytes that it was given, less those of the PDUs that it has made of them. */
  #credit = 0;

  constructor(create: () => FrameReader, context: ReaderContext, report: (cause: unknown) => string) {
    this.#longestPdu = Math.max(context.maxPduLength, MAX_REFUSABLE_LENGTH);
    this.#report = report;
    this.#reader = this.#guarded(() => checkReader(create()));
    const reader = this.#reader;
    if (reader?.silent !== undefined) this.silent = () => void this.#guarded(() => reader.silent?.());
    if (reader?.gap !== undefined) this.gap = (idle) => void this.#guarded(() => reader.gap?.(idle));
  }

  next(chunk: Uint8Array, at: number): Outcome {
    return this.#ask((reader) => {
      const outcome = reader.next(chunk, at);
      this.position = outcome === 'frame' ? within(reader.position, at, chunk.length, 'position') : chunk.length;
      this.#credit += this.position - at;
      return outcome;
    });
  }

  whole(datagram: Uint8Array): Outcome {
    this.#credit += datagram.length;
    return this.#ask((reader) => reader.whole(datagram));
  }

  #ask(question: (reader: FrameReader) => Outcome): Outcome {
    const reader = this.#reader;
    if (this.#failed || reader === undefined) return 'fatal';
    return this.#guarded(() => this.#take(reader, question(reader))) ?? 'fatal';
  }

  /** Takes over what the reader describes, as it may say something else later. */
  #take(reader: FrameReader, outcome: Outcome): Outcome {
    if (!OUTCOMES.includes(outcome)) throw new TypeError(`expected more, frame or fatal, found ${show(outcome)}`);
    if (outcome === 'frame') this.#takeFrame(reader);
    if (outcome === 'fatal') this.problem = String(reader.problem);
    this.incomplete = reader.incomplete === true;
    this.wakeAfter = wakeTime(reader.wakeAfter);
    return outcome;
  }

  #takeFrame(reader: FrameReader): void {
    const { bytes } = reader;
    if (!(bytes instanceof Uint8Array)) throw new TypeError(`expected bytes, found ${show(bytes)}`);
    this.bytes = bytes;
    this.transactionId = within(reader.transactionId, 0, 0xffff, 'transactionId');
    this.unitId = within(reader.unitId, 0, 0xff, 'unitId');
    this.pduStart = within(reader.pduStart, 0, bytes.length - 1, 'pduStart');
    const longest = Math.min(bytes.length, this.pduStart + this.#longestPdu);
    this.pduEnd = within(reader.pduEnd, this.pduStart + 1, longest, 'pduEnd');
    this.#credit -= this.pduEnd - this.pduStart;
    if (this.#credit < 0) throw new RangeError('the PDUs have more bytes than were read');
  }

  #guarded<T>(task: () => T): T | undefined {
    try {
      return task();
    } catch (error) {
      this.#failed = true;
      this.incomplete = false;
      this.wakeAfter = 0;
      this.problem = this.#report(error);
      return undefined;
    }
  }
}

function checkReader(reader: FrameReader): FrameReader {
  if (typeof reader !== 'object' || reader === null) throw new TypeError(`expected a reader, found ${show(reader)}`);
  return reader;
}

function wakeTime(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === 'number' && value >= 0 && value <= MAX_SILENCE_MS) return value;
  throw new RangeError(`wakeAfter: expected 0 to ${MAX_SILENCE_MS} milliseconds, found ${show(value)}`);
}

function within(value: unknown, min: number, max: number, what: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${what}: expected an integer from ${min} to ${max}, found ${show(value)}`);
}
