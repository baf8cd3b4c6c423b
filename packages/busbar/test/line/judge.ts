import type { ServerCounters, Unit } from 'busbar';
import { BLOCKS } from '../conformance/device.js';
import { sealed } from '../framing/line.js';
import { toHex } from '../helpers/hex.js';
import { type Expected, ReferenceDevice } from '../helpers/reference.js';
import { OWN_UNITS } from './frames.js';
import type { LineObserver } from './observed.js';
import { findAccident, Known } from './oracle.js';
import type { Wire } from './wire.js';

/** Milliseconds in which a reply has to come. */
const REPLY_TIME = 150;
const STEP = 2;
/** Of the virtual clock, rounding included. */
const CLOCK_GRAIN = 0.01;

/** Something that the server has done and should not have, or the reverse. */
export interface Mismatch {
  readonly what: string;
  /** Bytes to blame: by accident they read like a frame. */
  readonly accident: string | undefined;
}

interface Reply {
  readonly unit: number;
  readonly pdu: Expected;
  readonly due: number;
}

/** Knows what the server has to make of the traffic, and watches it. */
export class Judge implements LineObserver {
  mismatch: Mismatch | undefined;
  /** What has been sent whole. */
  readonly #known = new Known();
  readonly #wire: Wire;
  readonly #devices = new Map(OWN_UNITS.map((unit) => [unit, new ReferenceDevice()]));
  readonly #clean: boolean;
  /** Requests that the server has to take next, in hex. */
  readonly #requests: string[] = [];
  /** The same for frames of other stations. */
  readonly #foreign: string[] = [];
  #reply: Reply | undefined;
  #foreignFrames = 0;
  #broadcasts = 0;
  #replies = 0;
  #exceptions = 0;
  #bytesSent = 0;

  /** @param clean nothing goes wrong on the line: the server finds all that is sent, and nothing else. */
  constructor(wire: Wire, clean: boolean) {
    this.#wire = wire;
    this.#clean = clean;
    wire.port.onWrite = (bytes) => this.#answered(bytes);
  }

  /** These bytes are, or are in, what is sent whole: the server may take them for a frame, if anything does. */
  know(frame: Uint8Array): void {
    this.#known.add(frame);
  }

  /** An intact frame of other stations is being sent. */
  expectForeign(frame: Uint8Array): void {
    this.know(frame);
    this.#foreign.push(toHex(frame));
    this.#foreignFrames++;
  }

  /**
   * An intact request to a unit of the server has been sent.
   * @param atOnce the server has nothing to wait for.
   */
  expectRequest(frame: Uint8Array, atOnce: boolean): void {
    this.know(frame);
    const pdu = frame.subarray(1, -2);
    const unit = frame[0];
    this.#requests.push(toHex(frame));
    this.#reply = { unit, pdu: this.#devices.get(unit)?.answer(pdu), due: this.#wire.due + (atOnce ? 0 : REPLY_TIME) };
  }

  /** The same to all of its units. */
  expectBroadcast(frame: Uint8Array): void {
    this.know(frame);
    this.#requests.push(toHex(frame));
    for (const device of this.#devices.values()) device.answer(frame.subarray(1, -2));
    this.#broadcasts++;
  }

  took(body: Uint8Array): void {
    this.#find(body, this.#requests);
  }

  passed(body: Uint8Array): void {
    if (this.#clean) this.#find(body, this.#foreign);
  }

  /** The server has found a frame: it has to be the first of those. */
  #find(body: Uint8Array, expected: string[]): void {
    const frame = toHex(sealed(body));
    const next = expected.shift();
    if (frame === next) return;
    const what = `${frame} was found instead of ${next}`;
    if (this.#known.has(frame)) this.#fail(what);
    else this.#blame(what, this.#wire.traffic.has(body) ? frame : undefined);
  }

  /** A reply may still come. */
  get isWaiting(): boolean {
    return this.#isWaitingAt(performance.now());
  }

  /** Time goes on until the server has done what it has to. */
  awaitDeed(): void {
    for (let now = performance.now(); this.#isWaitingAt(now); now += STEP) this.#wire.sleep(STEP);
    if (this.#reply !== undefined) this.#fail(`no reply to ${this.#requests[0] ?? 'a request that was taken'}`);
    else if (this.#requests.length > 0) this.#fail(`${this.#requests[0]} was not taken`);
  }

  #isWaitingAt(now: number): boolean {
    return this.mismatch === undefined && this.#reply !== undefined && now < this.#reply.due;
  }

  #answered(bytes: Uint8Array): void {
    this.#wire.traffic.note(`reply ${toHex(bytes)}`);
    this.#wire.occupy(bytes.length);
    this.#bytesSent += bytes.length;
    this.#replies++;
    if (bytes[1] >= 0x80) this.#exceptions++;
    if (this.#reply === undefined) this.#fail(`nobody has asked for ${toHex(bytes)}`);
    else this.#compare(bytes, this.#reply);
    this.#reply = undefined;
  }

  #compare(bytes: Uint8Array, reply: Reply): void {
    if (!isReply(bytes, reply)) this.#blame(`${toHex(bytes)} instead of ${reply.pdu}`);
    if (performance.now() > reply.due + CLOCK_GRAIN) this.#fail(`${toHex(bytes)} came late`);
  }

  #fail(what: string): void {
    this.#blame(what, findAccident(this.#wire.traffic.burst(), this.#known));
  }

  /** @param accident absent: none excuses this. */
  #blame(what: string, accident?: string): void {
    this.mismatch ??= { what, accident };
  }

  /** At the end, when the line has been silent for long: looks at what is left of it all. */
  finish(units: readonly Unit[], counters: Readonly<ServerCounters>): void {
    if (this.mismatch !== undefined) return;
    if (this.#requests.length > 0) this.#fail(`${this.#requests[0]} was not taken`);
    const expected = { ...this.#exactCounts(), ...(this.#clean ? this.#cleanCounts() : {}) };
    for (const [name, count] of Object.entries(expected)) {
      const counted = counters[name as keyof ServerCounters];
      if (counted !== count) this.#blame(`${name} is ${counted}, not ${count}`);
    }
    for (const unit of units) if (!this.#isAsExpected(unit)) this.#blame(`a register of unit ${unit.id} is wrong`);
  }

  #exactCounts(): Partial<ServerCounters> {
    const replies = this.#replies;
    const { handedOver } = this.#wire.traffic;
    const sent = { replies, exceptions: this.#exceptions, bytesSent: this.#bytesSent, staleReplies: 0 };
    return { requests: replies, bytesReceived: handedOver, ...sent };
  }

  #cleanCounts(): Partial<ServerCounters> {
    const foreignFrames = this.#foreignFrames;
    const messages = foreignFrames + this.#broadcasts + this.#replies;
    return { messages, foreignFrames, communicationErrors: 0, resynchronisations: 0 };
  }

  #isAsExpected({ id, coils, holdingRegisters }: Unit): boolean {
    const cells = this.#devices.get(id)?.cells;
    const cell = (table: string, address: number) => cells?.get(`${table}/${address}`);
    const isRight = (table: string, start: number, values: readonly (number | boolean)[]) =>
      values.every((value, index) => Number(value) === cell(table, start + index));
    return (
      BLOCKS.coils.every(({ start, values }) => isRight('coils', start, coils.getRange(start, values.length))) &&
      BLOCKS.holdingRegisters.every(({ start, values }) =>
        isRight('holdingRegisters', start, holdingRegisters.getRange(start, values.length)),
      )
    );
  }
}

function isReply(bytes: Uint8Array, { unit, pdu }: Reply): boolean {
  const body = bytes.subarray(0, -2);
  if (toHex(bytes) !== toHex(sealed(body)) || body[0] !== unit) return false;
  const found = toHex(body.subarray(1));
  return pdu instanceof RegExp ? pdu.test(found) : pdu === found;
}
