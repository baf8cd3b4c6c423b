import { crc16 } from '../../src/protocol/crc.js';
import { sealed } from '../framing/line.js';
import type { Dice } from './dice.js';

export const OWN_UNITS = [1, 9];
/** One of them is a function code, too. */
const FOREIGN_UNITS = [2, 3, 16, 17, 65, 200];
/** Functions whose frames nobody knows the length of. */
const UNKNOWN_FUNCTIONS = [0x41, 0x65];
const ECHO = [0x08, 0, 0];
const MAX_DATA = 249;
/** Bytes of the reply to a request that writes several coils or registers: the request begins with most of them. */
const WRITE_REPLY = 8;

/** A frame on the line, and the requests to this server that its data hold, as whole as any. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly smuggled: readonly Uint8Array[];
  /** What it begins like. */
  readonly feint?: Uint8Array | undefined;
}

const word = (value: number) => [value >> 8, value & 0xff];

type Pdu = (frames: Frames, unit: number) => number[];

/** What masters ask for, ours and others alike. */
const REQUESTS: readonly Pdu[] = [
  (frames) => [frames.dice.pick([1, 2]), ...frames.address(), ...word(1 + frames.dice.below(1000))],
  (frames) => [frames.dice.pick([3, 4]), ...frames.address(), ...word(1 + frames.dice.below(125))],
  (frames) => [frames.dice.pick([3, 4]), ...frames.address(), ...word(1 + frames.dice.below(8))],
  (frames) => [5, ...frames.address(), ...frames.dice.pick([word(0), word(0xff00), word(0x1234)])],
  (frames) => [6, ...frames.address(), ...word(frames.dice.below(0x10000))],
  (frames) => frames.coils(1 + frames.dice.below(400)),
  (frames) => frames.registers(1 + frames.dice.below(60)),
  (frames) => [0x16, ...frames.address(), ...frames.dice.bytes(4)],
  (frames) => frames.readWrite(1 + frames.dice.below(60), 1 + frames.dice.below(30)),
  (frames) => [frames.dice.pick([0x07, 0x0b, 0x0c, 0x11])],
  (frames) => frames.rare(),
  (frames, unit) => frames.vendor(unit, frames.dice.pick(UNKNOWN_FUNCTIONS), 100),
];

const RARE: readonly Pdu[] = [
  (frames) => [0x14, 7, 6, 0, 3 + frames.dice.below(2), 0, frames.dice.below(12), 0, 1 + frames.dice.below(4)],
  (frames) => [0x15, 11, 6, 0, 4, 0, frames.dice.below(12), 0, 2, ...frames.dice.bytes(4)],
  (frames) => [0x18, ...frames.dice.pick([word(0x04de), word(0x0500), word(0x0501), word(0x0001)])],
  () => [0x2b, 0x0e, 1, 0],
  (frames) => [...ECHO, ...frames.data(frames.dice.pick([2, 2, 0, 10, 40]))],
  (frames) => [0x08, 0, frames.dice.pick([0x0b, 0x0c, 0x0d, 0x0e, 0x0f]), 0, 0],
];

/** Makes what masters and stations say. */
export class Frames {
  readonly dice: Dice;
  readonly #nested: boolean;
  /** Smuggled requests of the frame that is being made. */
  #smuggled: Uint8Array[] = [];
  /** The shorter frame that the one that is being made begins like. */
  #feint: Uint8Array | undefined;

  /**
   * @param nested data may even hold a frame of others and a request behind it. Where a frame that holds them is hurt,
   * they read like traffic of the line, and nobody could tell.
   */
  constructor(dice: Dice, nested: boolean) {
    this.dice = dice;
    this.#nested = nested;
  }

  /** A request to one of this server's units. */
  own(unit: number): Frame {
    return this.#frame(unit, () => this.dice.pick(REQUESTS)(this, unit));
  }

  foreign(): Frame {
    const unit = this.dice.pick(FOREIGN_UNITS);
    return this.#frame(unit, () => this.dice.pick(REQUESTS)(this, unit));
  }

  /** What the station says to it; some of it may be from the request. */
  reply(request: Frame): Frame {
    const [unit, code] = request.bytes;
    if (this.dice.chance(12)) return this.#frame(unit, () => [code | 0x80, 1 + this.dice.below(4)]);
    const reply = this.#frame(unit, () => this.#replyPdu(unit, code, [...request.bytes.subarray(1, -2)]));
    return { ...reply, smuggled: [...request.smuggled, ...reply.smuggled] };
  }

  /** Mostly in what our units have. */
  address(): number[] {
    return word(this.dice.below(this.dice.chance(6) ? 0x10000 : 200));
  }

  coils(count: number): number[] {
    const bytes = Math.ceil(count / 8);
    return [0x0f, ...this.address(), ...word(count), bytes, ...this.data(bytes)];
  }

  registers(count: number): number[] {
    return [0x10, ...this.address(), ...word(count), 2 * count, ...this.data(2 * count)];
  }

  readWrite(read: number, written: number): number[] {
    const head = [0x17, ...this.address(), ...word(read), ...this.address(), ...word(written), 2 * written];
    return [...head, ...this.data(2 * written)];
  }

  /**
   * A function whose frames nobody knows the length of. Some begin like a shorter one, CRC and all, with what the data
   * hold behind it.
   */
  vendor(unit: number, code: number, limit: number): number[] {
    const data = this.data(this.dice.below(limit));
    if (!this.dice.chance(4)) return [code, ...data];
    const feint = sealed(Uint8Array.of(unit, code, ...this.dice.bytes(this.dice.below(4))));
    const zeros = new Array(this.dice.pick([0, 0, 1, 4])).fill(0);
    const hidden = this.#smuggle(this.dice.pick([0, ...OWN_UNITS]));
    this.#feint = feint;
    return [...feint.subarray(1), ...zeros, ...hidden, ...data].slice(0, limit);
  }

  rare(): number[] {
    return this.dice.pick(RARE)(this, 0);
  }

  /** Data that are often requests to this server, CRC and all. */
  data(length: number): number[] {
    if (this.dice.chance(8)) return new Array(length).fill(0);
    if (this.dice.chance(2)) return this.dice.bytes(length);
    const copies = this.#copies();
    const room = Math.max(0, length - copies.length);
    const ahead = this.dice.chance(3) ? room : this.dice.below(room + 1);
    return [...this.dice.bytes(ahead), ...copies, ...this.dice.bytes(length)].slice(0, length);
  }

  #copies(): number[] {
    const own = this.#smuggle(this.dice.pick([0, ...OWN_UNITS]));
    if (this.#nested && this.dice.chance(3)) return [...this.#smuggle(this.dice.pick(FOREIGN_UNITS)), ...own];
    return this.dice.chance(2) ? [...own] : [...own, ...own];
  }

  #smuggle(unit: number): Uint8Array {
    const { dice } = this;
    const address = word(dice.below(200));
    const pdu = dice.pick([
      [6, ...address, ...dice.bytes(2)],
      [3, ...address, ...word(1 + dice.below(9))],
      [0x10, ...address, ...word(1), 2, ...dice.bytes(2)],
    ]);
    const frame = sealed(Uint8Array.of(unit, ...pdu));
    this.#smuggled.push(frame);
    return frame;
  }

  #frame(unit: number, pdu: () => number[]): Frame {
    for (let tries = 0; tries < 100; tries++) {
      this.#smuggled = [];
      this.#feint = undefined;
      const bytes = sealed(Uint8Array.of(unit, ...pdu()));
      if (this.#feint !== undefined || !hasIntactBeginning(bytes)) {
        return { bytes, smuggled: this.#smuggled, feint: this.#feint };
      }
    }
    throw new Error('no frame is free of intact beginnings');
  }

  #replyPdu(unit: number, code: number, request: readonly number[]): number[] {
    const [, , , high, low] = request;
    const quantity = (high << 8) | low;
    if (code <= 2) return this.#counted(code, Math.ceil(quantity / 8));
    if (code <= 4 || code === 0x17) return this.#counted(code, 2 * quantity);
    if (code === 0x0c || code === 0x11) return this.#counted(code, 8 + this.dice.below(30));
    if (code === 0x0f || code === 0x10) return request.slice(0, 5);
    if (UNKNOWN_FUNCTIONS.includes(code)) return this.vendor(unit, code, MAX_DATA);
    return this.#rareReply(code, request);
  }

  #rareReply(code: number, request: readonly number[]): number[] {
    const { dice } = this;
    if (code === 0x07) return [code, dice.byte()];
    if (code === 0x0b) return [code, ...dice.bytes(4)];
    if (code === 0x14) return this.#records(request[8]);
    if (code === 0x18) return this.#queue(dice.below(32));
    if (code === 0x2b) return this.#identity(dice.below(60));
    if (code === 0x08 && request[2] > 0) return [...request.slice(0, 3), ...dice.bytes(2)];
    return [...request];
  }

  #counted(code: number, count: number): number[] {
    return [code, count, ...this.data(count)];
  }

  #records(count: number): number[] {
    return [0x14, 2 + 2 * count, 1 + 2 * count, 6, ...this.data(2 * count)];
  }

  #queue(count: number): number[] {
    return [0x18, ...word(2 + 2 * count), ...word(count), ...this.data(2 * count)];
  }

  #identity(length: number): number[] {
    return [0x2b, 0x0e, 1, 1, 0, 0, 1, 0, length, ...this.data(length)];
  }
}

/** Whether nothing but the CRC tells how long the frame is. */
export function isOfUnknownLength(bytes: Uint8Array): boolean {
  const [, code] = bytes;
  return UNKNOWN_FUNCTIONS.includes(code) || (code === 0x08 && bytes.length !== 8);
}

/** A frame that ends earlier by chance is no test: nobody can tell. */
function hasIntactBeginning(bytes: Uint8Array): boolean {
  if (!isOfUnknownLength(bytes)) return bytes.length > WRITE_REPLY && crc16(bytes, 0, WRITE_REPLY) === 0;
  for (let end = 4; end < bytes.length; end++) if (crc16(bytes, 0, end) === 0) return true;
  return false;
}
