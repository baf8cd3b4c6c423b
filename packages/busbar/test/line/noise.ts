import { crc16 } from '../../src/protocol/crc.js';
import { joined } from '../framing/line.js';
import { toHex } from '../helpers/hex.js';
import type { Dice } from './dice.js';
import { type Frame, isOfUnknownLength } from './frames.js';

const NOTHING: Uint8Array = new Uint8Array(0);

/** What goes wrong on a line. */
export class Noise {
  readonly #dice: Dice;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /**
   * What drivers make when they are switched on or off.
   * @param behind what it follows: a CRC stays good with zeros behind it, so only a length could tell.
   */
  glitch(behind = NOTHING): Uint8Array {
    return Uint8Array.from(isOfUnknownLength(behind) ? [0xff] : this.#dice.pick([[0], [0xff], [0, 0]]));
  }

  /** What comes again and again on a line without bias. */
  chatter(): Uint8Array {
    return Uint8Array.from(this.#dice.bytes(1 + this.#dice.below(3)));
  }

  burst(): Uint8Array {
    return Uint8Array.from(this.#dice.bytes(1 + this.#dice.below(this.#dice.pick([4, 4, 40]))));
  }

  /** The frame, hurt in a way that the CRC is sure to detect and that the bytes beside it on the line hardly mend. */
  damaged(frame: Frame, before: number): Uint8Array {
    for (let tries = 0; tries < 1000; tries++) {
      const damaged = this.#damage(frame.bytes);
      if (isSurelyBroken(damaged, before) && !frame.smuggled.some((request) => isAlso(damaged, request))) {
        return damaged;
      }
    }
    throw new Error(`every damage mends ${toHex(frame.bytes)}`);
  }

  /**
   * Bits are wrong, bytes are lost, or the rest is missing: two bytes at least, since the next byte may be the last
   * one.
   */
  #damage(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    const at = this.#dice.below(length - 1);
    switch (this.#dice.below(4)) {
      case 0:
        return bytes.map((byte, index) => (index === at ? byte ^ (1 + this.#dice.below(255)) : byte));
      case 1:
        return bytes.map((byte) => (this.#dice.chance(length) ? byte ^ (1 << this.#dice.below(8)) : byte));
      case 2:
        return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + this.#dice.below(Math.min(8, length - at - 1))));
      default:
        return bytes.subarray(0, 1 + this.#dice.below(length - 2));
    }
  }
}

function isSurelyBroken(bytes: Uint8Array, before: number): boolean {
  return crc16(bytes, 0, bytes.length) !== 0 && crc16(Uint8Array.of(before, ...bytes), 0, bytes.length + 1) !== 0;
}

/**
 * Whether a broken frame begins or ends with a request, but for a byte more or less, or zeros behind it: then it is, on
 * the line, a request and something broken.
 */
function isAlso(bytes: Uint8Array, request: Uint8Array): boolean {
  const [whole, part] = [toHex(bytes), toHex(request)];
  const begins = [0, 2].some((at) => whole.startsWith(part, at)) || whole.startsWith(part.slice(2));
  const ends = ['', '00', '0000'].some((zeros) => whole.endsWith(part + zeros));
  return begins || ends || whole.endsWith(part, whole.length - 2) || whole.endsWith(part.slice(0, -2));
}
