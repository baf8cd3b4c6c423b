import { describe, expect, test } from 'vitest';
import { random } from '../../../../interop/helpers/random.js';
import { RtuWindow } from '../../src/framing/rtu/window.js';
import { crc16 } from '../../src/protocol/crc.js';
import { lrc } from '../../src/protocol/lrc.js';
import { hex } from '../helpers/hex.js';
import { sealed } from './line.js';

const digits = new TextEncoder().encode('123456789');

describe('CRC-16', () => {
  test('has the check value of the polynomial', () => {
    expect(crc16(digits, 0, digits.length)).toBe(0x4b37);
  });

  test('is zero over bytes that end with their own CRC, low byte first', () => {
    const frame = hex('unit:01 fc:03 start:0000 quantity:0001 crc:840A');
    expect(crc16(frame, 0, frame.length)).toBe(0);
  });

  test('covers only the bytes asked for', () => {
    expect(crc16(Uint8Array.of(7, ...digits, 8), 1, 10)).toBe(0x4b37);
  });
});

describe('LRC', () => {
  test("is the two's complement of the sum of the bytes", () => {
    expect(lrc(hex('unit:01 fc:03 start:0000 quantity:000A'), 0, 6)).toBe(0xf2);
    expect(lrc(digits, 0, digits.length)).toBe(0x23);
  });

  test('is zero over bytes that end with their own LRC', () => {
    expect(lrc(hex('0103_0000_000A_F2'), 0, 7)).toBe(0);
  });
});

describe('the window over an RTU line', () => {
  test('agrees with the CRC about every stretch, also after bytes were discarded or taken back', () => {
    const next = random(1);
    const window = new RtuWindow(64);
    for (let round = 0; round < 50; round++) {
      const frame = sealed(Uint8Array.from({ length: 2 + next(20) }, () => next(256)));
      const noise = Uint8Array.from({ length: next(20) }, () => next(256));
      window.append(noise, 0, noise.length);
      window.truncate(window.end - next(noise.length + 1));
      const start = window.end;
      window.append(frame, 0, frame.length);
      for (let from = 0; from < window.end; from++) {
        for (let to = from + 1; to <= window.end; to++) {
          const intact = crc16(window.bytes, from, to) === 0;
          expect(window.isIntact(from, to)).toBe(intact);
        }
      }
      expect(window.isIntact(start, window.end)).toBe(true);
      window.discard(next(2) === 0 ? window.end : start);
      if (window.free < 44) window.discard(window.end);
    }
  });
});
