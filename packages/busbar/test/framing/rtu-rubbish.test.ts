import { expect, test } from 'vitest';
import { random } from '../../../../interop/helpers/random.js';
import { rtu } from '../../src/framing/rtu/rtu.js';
import { hex } from '../helpers/hex.js';
import { damaged, joined, Line, rtuFrame, sealed } from './line.js';

const OWN = rtuFrame('01 fc:03 start:0000 quantity:0001');
const DELIVERED = '010300000001';

test('endless noise is passed over, and the request behind it is delivered', () => {
  const next = random(7);
  const line = new Line(rtu);
  for (let sent = 0; sent < 200_000; ) {
    const chunk = Uint8Array.from({ length: 1 + next(64) }, () => next(256));
    line.receive(chunk);
    sent += chunk.length;
  }
  const before = line.silence(2).frames.length;
  expect(before).toBeLessThan(3);
  expect(line.receive(OWN).silence(2).frames.slice(before)).toEqual([DELIVERED]);
});

test('a reply that goes on announcing more than a frame can hold ends the wait for it', () => {
  const endless = Uint8Array.of(0x11, 0x2b, 0x0e, 1, 1, 0, 0, 0xff, ...new Uint8Array(600).fill(0x20));
  const line = new Line(rtu).receive(endless).silence(2).receive(OWN);
  expect(line.silence(2).frames).toEqual([DELIVERED]);
  expect(line.reader.incomplete).toBe(false);
});

test.each([
  ['a write whose counts agree', '', '11 fc:10 start:0000 quantity:0008 count:10'],
  ['a reply that was asked for', '11 fc:03 start:0000 quantity:0008', '11 fc:03 count:10'],
])(
  'a request behind a frame of others, both in the data of %s, is none although its CRC is wrong',
  (_, request, head) => {
    const before = request === '' ? [] : [rtuFrame(request)];
    const frame = damaged(sealed(joined(hex(head), rtuFrame('12 fc:03 start:0000 quantity:0001'), OWN)));
    const line = new Line(rtu).receive(...before, frame).silence(2);
    expect(line.frames).toEqual([]);
    expect(line.counters.foreignFrames).toBe(before.length);
  },
);
