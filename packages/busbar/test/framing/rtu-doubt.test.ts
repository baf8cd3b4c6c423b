import { describe, expect, test } from 'vitest';
import { rtu } from '../../src/framing/rtu/rtu.js';
import { hex, toHex } from '../helpers/hex.js';
import { bytewise, joined, Line, rtuFrame, sealed } from './line.js';

const OWN = rtuFrame('01 fc:06 address:0001 value:002A');
const DELIVERED = '01060001002A';

function received(...parts: readonly Uint8Array[]): Line {
  return new Line(rtu).receive(...parts);
}

/** Without the CRC. */
function body(frame: Uint8Array): string {
  return toHex(frame.subarray(0, -2));
}

// Found by seeded traffic.
describe('a frame of unknown length', () => {
  test('is delivered whole, although its CRC completes a request in its data, and its last byte looks like a glitch', () => {
    // The CRC of the write ends with the first byte of the frame's own CRC.
    const frame = hex('unit:01 fc:41 data:000685_011000A9000102406A0F crc:86FF');
    expect(received(frame).silence(2).frames).toEqual([body(frame)]);
  });

  test('is not taken for the shorter one that it begins like, however long the line is busy', () => {
    const feint = rtuFrame('11 fc:65 data:0102');
    const data = Uint8Array.from({ length: 60 }, (_, index) => 0x60 + (index % 7));
    const frame = sealed(joined(feint, OWN, data));
    const busy = joined(...Array.from({ length: 9 }, () => frame));
    for (const line of [received(busy), received(...bytewise(busy))]) {
      expect(line.silence(2).frames).toEqual([]);
      expect(line.counters.communicationErrors).toBe(0);
    }
  });

  test('to this server is found behind rubbish, whatever part of it looks like a frame of others', () => {
    for (const vector of ACCIDENTS) {
      const frame = hex(vector);
      expect(toHex(frame)).toBe(toHex(sealed(frame.subarray(0, -2))));
      expect(received(hex('FF_FF_FF_55'), frame).silence(2).frames).toEqual([body(frame)]);
    }
  });

  test('to this server is found behind rubbish of any length, byte by byte', () => {
    const frame = rtuFrame('01 fc:65 data:C7_4D_E2_91_5B_38_A6_70_1F_C4');
    for (let length = 700; length < 1100; length += 5) {
      const line = received(...bytewise(joined(new Uint8Array(length).fill(0xff), frame)));
      expect(line.silence(2).frames).toEqual([body(frame)]);
      expect(line.counters.communicationErrors).toBe(1);
    }
  });
});

/** Each ends with a stretch that has a good CRC, too. */
const ACCIDENTS = [
  '0141AE99C5DFBEDA04FDA498B6B082B678D9A77C62E936BFA5A55FA2BBBDC6FD8F6D6092B5E87FE240E8CE001000320001020B0BE925C89A31238133E27428A656D814CFAF84EB221E0EB260F4B890F3942BF8030D',
  '016564F89763E2E48C27169774334C7F9ACAEE15A0A57142',
];

test('a beginning that would only be a reply of this server is not waited for as a request is', () => {
  const line = received(hex('09 0B 03 0BB8')).silence(2).receive(hex('09 03 0B B8 00 2A 45 78')).silence(2);
  expect(line.reader.incomplete).toBe(false);
});

test('a request to others with another sub-function of 08 is not the reply that the last one asks for', () => {
  const echo = rtuFrame('11 fc:08 sub:0000 data:A537_1122_3344');
  const counters = rtuFrame('11 fc:08 sub:000B data:0000');
  expect(received(echo).silence(2).receive(counters, OWN).frames).toEqual([DELIVERED]);
});

test('a glitch and a broadcast behind an echo without data are no part of it, although they begin with zeros', () => {
  const echo = rtuFrame('C8 fc:08 sub:0000');
  const broadcast = rtuFrame('00 fc:06 address:0001 value:002A');
  const line = received(echo, hex('00'), broadcast).silence(2);
  expect(line.frames).toEqual([body(broadcast)]);
});

test('a request behind four frames whose lengths make one good CRC of them is delivered', () => {
  const asked = rtuFrame('11 fc:41 data:5A9F');
  const replied = sealed(
    joined(
      hex('11 41'),
      Uint8Array.from({ length: 108 }, (_, index) => 0x60 + (index % 7)),
    ),
  );
  const own = rtuFrame('01 fc:65 data:C7_4D_E2_91_5B');
  const line = received(asked, replied, rtuFrame('03 fc:06 address:0001 value:002A'), own).silence(2);
  expect(line.frames).toEqual([body(own)]);
});

test('a request in the data of a frame that noise has hurt is none, though there are gaps on both sides of it', () => {
  const line = received(joined(rtuFrame('11 fc:65 data:5A9F'), hex('00_00_00_00')));
  line.gap(2);
  line.receive(OWN);
  line.gap(4);
  expect(line.receive(hex('17_6C_2D_DE_D7')).silence(2).frames).toEqual([]);
});

test('a request between gaps is delivered once, however long its pauses are', () => {
  const line = received(hex('55*3'));
  let idle = 0;
  const pause = (time: number) => {
    idle += time;
    line.gap(idle);
  };
  pause(10);
  line.receive(OWN.subarray(0, 4));
  pause(60);
  line.receive(OWN.subarray(4));
  pause(10);
  line.receive(hex('55*3'));
  expect(line.frames).toEqual([DELIVERED]);
});
