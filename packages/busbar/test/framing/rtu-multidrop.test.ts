import { describe, expect, test } from 'vitest';
import { rtu } from '../../src/framing/rtu/rtu.js';
import { hex, toHex } from '../helpers/hex.js';
import { bytewise, cuts, damaged, joined, Line, rtuFrame, sealed } from './line.js';

const OWN = rtuFrame('01 fc:06 address:0001 value:002A');
const DELIVERED = '01060001002A';

/** Requests to another station and its replies. */
const EXCHANGES: readonly (readonly [request: string, reply: string])[] = [
  ['11 fc:01 start:0013 quantity:0025', '11 fc:01 count:05 bits:CD6BB20E1B'],
  ['11 fc:02 start:0000 quantity:0018', '11 fc:02 count:03 bits:ACDB35'],
  ['11 fc:03 start:006B quantity:0003', '11 fc:03 count:06 registers:022B_0000_0064'],
  ['11 fc:03 start:0A00 quantity:007D', '11 fc:03 count:FA registers:0103*125'],
  ['11 fc:04 start:0008 quantity:0001', '11 fc:04 count:02 registers:000A'],
  ['11 fc:05 address:00AC value:FF00', '11 fc:05 address:00AC value:FF00'],
  ['11 fc:06 address:0001 value:0003', '11 fc:06 address:0001 value:0003'],
  ['11 fc:07', '11 fc:07 status:6D'],
  ['11 fc:08 sub:0000 data:A537', '11 fc:08 sub:0000 data:A537'],
  ['11 fc:08 sub:0000 data:0103_0000_0001_840A', '11 fc:08 sub:0000 data:0103_0000_0001_840A'],
  ['11 fc:08 sub:000B data:0000', '11 fc:08 sub:000B data:0012'],
  ['11 fc:0B', '11 fc:0B status:FFFF count:0108'],
  ['11 fc:0C', '11 fc:0C count:08 status:0000 events:0108 messages:0121 log:20_00'],
  ['11 fc:0F start:0013 quantity:000A count:02 bits:CD01', '11 fc:0F start:0013 quantity:000A'],
  ['11 fc:10 start:0001 quantity:0002 count:04 registers:000A_0102', '11 fc:10 start:0001 quantity:0002'],
  ['11 fc:11', '11 fc:11 count:05 id:11 run:FF more:414243'],
  [
    '11 fc:14 count:0E group:06_0004_0001_0002 group:06_0003_0009_0002',
    '11 fc:14 count:0C group:05_06_0DFE_0020 group:05_06_33CD_0040',
  ],
  [
    '11 fc:15 count:0D group:06_0004_0007_0003 registers:06AF_04BE_100D',
    '11 fc:15 count:0D group:06_0004_0007_0003 registers:06AF_04BE_100D',
  ],
  ['11 fc:16 address:0004 and:00F2 or:0025', '11 fc:16 address:0004 and:00F2 or:0025'],
  [
    '11 fc:17 read:0003_0006 write:000E_0003 count:06 registers:00FF_00FF_00FF',
    '11 fc:17 count:0C registers:00FE_0ACD_0001_0003_000D_00FF',
  ],
  ['11 fc:18 pointer:04DE', '11 fc:18 count:0006 number:0002 registers:01B8_1284'],
  [
    '11 fc:2B mei:0E code:01 object:00',
    '11 fc:2B mei:0E code:01 conformity:01 more:00 next:00 number:02 id:00 length:03 data:414243 id:01 length:00',
  ],
  ['11 fc:2B mei:0D data:1122', '11 fc:2B mei:0D data:334455'],
  ['11 fc:41 data:0102', '11 fc:41 data:0A0B0C0D0E0F'],
  ['11 fc:6E', '11 fc:6E data:00*200'],
  ['11 fc:03 start:006B quantity:0003', '11 fc:83 code:02'],
  ['11 fc:41 data:0102', '11 fc:C1 code:01'],
];

/** Nothing but silence tells where they end. */
function isLengthless(request: string): boolean {
  return / fc:(08 sub:0000 data:0103|2B mei:0D|41|6E)/.test(request);
}

/** Replies whose data is, or contains, whole requests to us. */
const EMBEDDING: readonly (readonly [name: string, request: string, replyHead: string])[] = [
  ['registers', '11 fc:03 start:0000 quantity:0008', '11 fc:03 count:10'],
  ['input registers', '11 fc:04 start:0000 quantity:0008', '11 fc:04 count:10'],
  ['bits', '11 fc:01 start:0000 quantity:0080', '11 fc:01 count:10'],
  ['registers read while writing', '11 fc:17 read:0003_0008 write:000E_0001 count:02 data:0000', '11 fc:17 count:10'],
  ['an unknown function', '11 fc:41 data:00', '11 fc:41'],
  ['a server id', '11 fc:11', '11 fc:11 count:10'],
  ['a device’s name', '11 fc:2B mei:0E code:04 object:00', '11 fc:2B_0E_04_01_00_00 number:01 id:00 length:10'],
  ['a FIFO queue', '11 fc:18 pointer:0001', '11 fc:18 count:0012 number:0008'],
  ['an echo', `11 fc:08 sub:0000 data:${toHex(joined(OWN, OWN))}`, '11 fc:08 sub:0000'],
];

function embedding(head: string): Uint8Array {
  return sealed(joined(hex(head), OWN, OWN));
}

function received(...parts: readonly Uint8Array[]): Line {
  return new Line(rtu).receive(...parts);
}

describe('the RTU reader among other stations', () => {
  test.each(EXCHANGES)('passes over %s and its reply %s however they are cut, and stays in step', (request, reply) => {
    const frames = joined(rtuFrame(request), rtuFrame(reply), OWN);
    const expectOwn = (line: Line) => {
      if (isLengthless(request)) line.silence(2);
      expect(line.frames).toEqual([DELIVERED]);
      expect(line.counters).toMatchObject({ messages: 2, foreignFrames: 2, resynchronisations: 0 });
    };
    expectOwn(received(frames));
    expectOwn(received(...bytewise(frames)));
    for (const cut of cuts(frames)) expectOwn(received(...cut));
  });

  test.each(EXCHANGES)('passes over %s and its reply %s with a silence at any byte of them', (request, reply) => {
    const foreign = joined(rtuFrame(request), rtuFrame(reply));
    for (const [first, second] of cuts(foreign)) {
      const line = received(first).silence().receive(second).silence(2).receive(OWN);
      expect(line.frames).toEqual([DELIVERED]);
      expect(line.counters.foreignFrames).toBe(2);
    }
  });

  test.each(EXCHANGES)('passes over the reply to a request that it has not seen: %s, %s', (_, reply) => {
    const line = received(rtuFrame(reply)).silence(2).receive(OWN);
    expect(line.frames).toEqual([DELIVERED]);
    expect(line.counters).toMatchObject({ foreignFrames: 1, communicationErrors: 0 });
  });

  test('passes over requests that are repeated without a reply', () => {
    for (const [request] of EXCHANGES) {
      const frame = rtuFrame(request);
      for (const silences of [0, 2, 3]) {
        const line = received(frame).silence(silences).receive(frame).silence(silences).receive(OWN).silence(2);
        expect(line.frames).toEqual([DELIVERED]);
      }
    }
  });

  test('passes over a repeated request that begins like the reply, and its late reply', () => {
    // As a reply it would have 2 × 8 bytes, and the start address says 16.
    const request = rtuFrame('11 fc:03 start:1000 quantity:0008');
    const reply = rtuFrame('11 fc:03 count:10 registers:0000*8');
    const line = received(request).silence(2).receive(request, reply, OWN);
    expect(line.frames).toEqual([DELIVERED]);
    expect(line.counters).toMatchObject({ foreignFrames: 3, resynchronisations: 0 });
    expect(received(request, request).silence(2).receive(OWN).frames).toEqual([DELIVERED]);
  });

  test('takes the beginning of a request to another station for no reply, although its CRC is good', () => {
    // A reply with no bytes of data, and the CRC 83 00.
    const request = rtuFrame('03 fc:04 start:0083 quantity:0006');
    for (const cut of cuts(request)) {
      const line = received(...cut, rtuFrame('03 fc:04 count:0C registers:0000*6'), OWN);
      expect(line.frames).toEqual([DELIVERED]);
      expect(line.counters).toMatchObject({ foreignFrames: 2, resynchronisations: 0 });
    }
  });

  test('takes replies and exceptions from an address of its own for no requests', () => {
    const line = received(rtuFrame('01 fc:03 count:02 registers:0001'), rtuFrame('01 fc:83 code:02'), OWN);
    expect(line.frames).toEqual([DELIVERED]);
    expect(line.counters.foreignFrames).toBe(2);
  });
});

describe('a foreign reply that contains requests to us', () => {
  test.each(EMBEDDING)('as %s is passed over, however it is cut', (_, request, head) => {
    const frames = joined(rtuFrame(request), embedding(head));
    expect(received(...bytewise(frames), OWN).silence(2).frames).toEqual([DELIVERED]);
    for (const cut of cuts(frames)) expect(received(...cut, OWN).silence(2).frames).toEqual([DELIVERED]);
  });

  test.each(EMBEDDING)('as %s is passed over, with a silence at any byte', (_, request, head) => {
    for (const [first, second] of cuts(embedding(head))) {
      const line = received(rtuFrame(request)).silence(2).receive(first).silence().receive(second);
      expect(line.frames).toEqual([]);
      expect(line.receive(OWN).silence(2).frames).toEqual([DELIVERED]);
    }
  });

  test.each(EMBEDDING)('as %s is passed over with its last bits wrong, too', (_, request, head) => {
    const reply = damaged(embedding(head));
    for (const [first, second] of cuts(reply)) {
      const line = received(rtuFrame(request), first, second).silence(2);
      expect(line.frames).toEqual([]);
      expect(line.receive(OWN).silence(2).frames).toEqual([DELIVERED]);
    }
  });

  test('is passed over with any bit of its head wrong', () => {
    const reply = embedding('11 fc:03 count:10');
    for (const at of [0, 1, 2]) {
      const line = received(rtuFrame('11 fc:03 start:0000 quantity:0008'), ...bytewise(damaged(reply, at))).silence(2);
      expect(line.frames).toEqual([]);
      expect(line.receive(OWN).silence(2).frames).toEqual([DELIVERED]);
    }
  });

  test('is passed over when its request has not been seen', () => {
    for (const [, , head] of EMBEDDING) {
      for (const cut of cuts(embedding(head))) expect(received(...cut).silence(2).frames).toEqual([]);
    }
  });

  const predicted = EMBEDDING.filter(([title]) => title !== 'an unknown function');
  test.each(predicted)('as %s is passed over, even if the line is silent in front of them', (_, request, head) => {
    const reply = embedding(head);
    const [first, second] = [reply.subarray(0, hex(head).length), reply.subarray(hex(head).length)];
    const line = received(rtuFrame(request)).silence(2).receive(first).silence(2).receive(second).silence(2);
    expect(line.frames).toEqual([]);
    expect(line.receive(OWN).frames).toEqual([DELIVERED]);
  });

  test('gives way to the next request to us where it breaks off', () => {
    for (const [beginning] of cuts(rtuFrame('11 fc:03 count:20 registers:0000*16'))) {
      const request = rtuFrame('11 fc:03 start:0000 quantity:0010');
      expect(received(request, beginning, OWN).silence(2).frames).toEqual([DELIVERED]);
      expect(received(request, beginning).silence().receive(OWN).silence(2).frames).toEqual([DELIVERED]);
      // The rest may yet come from a machine that has stalled, and read like a request: silence has to confirm that it
      // is one.
      expect(received(request, beginning).silence(2).receive(OWN).silence(2).frames).toEqual([DELIVERED]);
    }
  });
});

test('a foreign write whose data are requests to us is passed over, intact or not', () => {
  const write = sealed(joined(hex('11 fc:10 start:0000 quantity:0008 count:10'), OWN, OWN));
  for (const [first, second] of cuts(write)) {
    expect(received(first, second).frames).toEqual([]);
    expect(received(first).silence().receive(second).frames).toEqual([]);
    expect(received(damaged(joined(first, second))).silence(2).frames).toEqual([]);
  }
});
