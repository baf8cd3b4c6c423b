import { crc16 } from '../../src/pdu/crc.js';
import { toHex } from '../helpers/hex.js';
import { joined, type Line, sealed } from './line.js';

type Random = (below: number) => number;

export const OWN_UNITS = [1, 9];
const OTHER_UNITS = [2, 3, 17, 65, 200];
const EXCEPTION_RATE = 12;
const UNKNOWN_FUNCTION = 0x65;

const word = (value: number) => [value >> 8, value & 0xff];

/** Whether the bytes end with a request to us, or but for one more byte. */
function endsWithRequest(bytes: Uint8Array): boolean {
  return [0, 1].some((more) => {
    const end = bytes.length - more;
    return end >= 8 && [0, ...OWN_UNITS].includes(bytes[end - 8] ?? 0) && crc16(bytes, end - 8, end) === 0;
  });
}

function hasIntactBeginning(bytes: Uint8Array): boolean {
  for (let end = 4; end < bytes.length; end++) if (crc16(bytes, 0, end) === 0) return true;
  return false;
}

/**
 * A shared line in a test: a client asks our units and other stations, whose requests and replies pass in any pieces, with
 * gaps, noise and damage between and in them. What must be delivered is known exactly.
 */
export class Bus {
  readonly expected: string[] = [];
  /** What has gone over the line, for the message of a failing run. */
  readonly log: string[] = [];
  readonly #line: Line;
  readonly #random: Random;

  constructor(line: Line, random: Random) {
    this.#line = line;
    this.#random = random;
  }

  /** One request, to whomever, with what comes of it. */
  exchange(): void {
    if (this.#chance(6)) this.#noise();
    if (this.#chance(3)) this.#own();
    else this.#foreign();
    if (this.#chance(3)) this.#silence(1 + this.#random(3));
  }

  /** The client waits for the answer, in vain if the request was damaged; so no other bytes follow at once. */
  #own(): void {
    const unit = this.#chance(8) ? 0 : this.#pick(OWN_UNITS);
    const request = this.#frame(unit, () => this.#requestPdu());
    const damage = this.#chance(10);
    if (!damage) this.expected.push(toHex(request.subarray(0, -2)));
    this.#send(damage ? this.#damaged(request) : request);
    if (damage || this.#line.frames.length < this.expected.length) this.#silence(2);
  }

  /** Where only the CRC tells the length, a frame that ends earlier by chance is no test. */
  #frame(unit: number, pdu: () => number[]): Uint8Array {
    for (;;) {
      const frame = sealed(Uint8Array.of(unit, ...pdu()));
      if (frame[1] !== UNKNOWN_FUNCTION || !hasIntactBeginning(frame)) return frame;
    }
  }

  #foreign(): void {
    const unit = this.#pick(OTHER_UNITS);
    const request = this.#frame(unit, () => this.#requestPdu());
    const pdu = [...request.subarray(1, -2)];
    // A station answers only what it could read.
    if (this.#chance(20)) {
      this.#send(this.#damaged(request));
      this.#silence(2);
      return;
    }
    this.#send(request);
    if (this.#chance(2)) this.#silence(1 + this.#random(2));
    if (this.#chance(10)) return;
    const reply = this.#frame(unit, () => this.#replyPdu(pdu));
    this.#send(this.#chance(10) ? this.#damaged(reply) : reply);
  }

  #requestPdu(): number[] {
    const address = word(this.#random(0x10000));
    switch (this.#random(10)) {
      case 0:
        return [1 + this.#random(2), ...address, ...word(1 + this.#random(1000))];
      case 1:
      case 2:
      case 3:
        return [3 + this.#random(2), ...address, ...word(1 + this.#random(125))];
      case 4:
        return [6, ...address, ...word(this.#random(0x10000))];
      case 5:
        return [this.#pick([0x07, 0x0b, 0x0c, 0x11])];
      case 6:
        return [0x18, ...address];
      case 7:
        return [0x2b, 0x0e, 1, 0];
      case 8:
        return [UNKNOWN_FUNCTION, ...this.#bytes(this.#random(20))];
      default: {
        const registers = 1 + this.#random(60);
        return [0x10, ...address, ...word(registers), 2 * registers, ...this.#data(2 * registers)];
      }
    }
  }

  #replyPdu(request: readonly number[]): number[] {
    const [code = 0, , , high = 0, low = 0] = request;
    const quantity = (high << 8) | low;
    if (this.#chance(EXCEPTION_RATE)) return [code | 0x80, 1 + this.#random(4)];
    const counted = (count: number) => [code, count, ...this.#data(count)];
    if (code <= 2) return counted(Math.ceil(quantity / 8));
    if (code <= 4) return counted(2 * quantity);
    if (code === 0x07) return [code, this.#random(256)];
    if (code === 0x0b) return [code, ...this.#bytes(4)];
    if (code === 0x0c || code === 0x11) return counted(8 + this.#random(30));
    if (code === 0x18) {
      const count = 2 * this.#random(32);
      return [code, ...word(count + 2), ...word(count / 2), ...this.#data(count)];
    }
    if (code === 0x2b) {
      const count = this.#random(60);
      return [...request.slice(0, 3), 1, 0, 0, 1, 0, count, ...this.#data(count)];
    }
    if (code === UNKNOWN_FUNCTION) return [code, ...this.#data(this.#random(100))];
    return request.slice(0, 5);
  }

  /** Data that are often requests to us, CRC and all. */
  #data(length: number): number[] {
    if (this.#chance(2)) return this.#bytes(length);
    const own = [...sealed(Uint8Array.of(this.#pick([0, ...OWN_UNITS]), 6, ...this.#bytes(4)))];
    const before = this.#random(Math.max(1, length - own.length));
    const data = [...this.#bytes(before), ...own, ...(this.#chance(2) ? own : []), ...this.#bytes(length)];
    return data.slice(0, length);
  }

  #noise(): void {
    this.#send(Uint8Array.from(this.#bytes(1 + this.#random(this.#chance(3) ? 40 : 4))));
    if (this.#chance(2)) this.#silence(1 + this.#random(3));
  }

  #damaged(frame: Uint8Array): Uint8Array {
    let result = this.#damage(frame);
    // A frame that breaks off just behind a whole request in its data is, on the line, a broken frame and a request.
    while (endsWithRequest(result)) result = result.subarray(0, -1);
    return result;
  }

  /** A burst, a loss or a break that the CRC is sure to detect, and that the bytes beside it on the line hardly mend. */
  #damage(frame: Uint8Array): Uint8Array {
    const at = 1 + this.#random(frame.length - 2);
    switch (this.#random(3)) {
      case 0:
        return frame.map((byte, index) => (index === at ? byte ^ (1 + this.#random(255)) : byte));
      case 1:
        return frame.subarray(0, at);
      default:
        return joined(frame.subarray(0, at), frame.subarray(at + 1));
    }
  }

  /** In pieces, between which the operating system may make a pause that is none of the line. */
  #send(bytes: Uint8Array): void {
    const longest = this.#pick([1, 8, 64, 256]);
    for (let at = 0; at < bytes.length; ) {
      const next = at + 1 + this.#random(longest);
      this.log.push(toHex(bytes.subarray(at, next)));
      this.#line.receive(bytes.subarray(at, next));
      if (next < bytes.length && this.#chance(60)) this.#silence(1);
      at = next;
    }
  }

  #silence(times: number): void {
    this.log.push(`silence ${times}`);
    this.#line.silence(times);
  }

  #bytes(count: number): number[] {
    return Array.from({ length: count }, () => this.#random(256));
  }

  #chance(oneIn: number): boolean {
    return this.#random(oneIn) === 0;
  }

  #pick<T>(values: readonly T[]): T {
    return values[this.#random(values.length)] as T;
  }
}
