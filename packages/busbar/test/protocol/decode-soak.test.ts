import { decodeReply, decodeRequest, describeReply, describeRequest, type PduFacts } from 'busbar/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../helpers/hex.js';
import { ReferenceDevice } from '../helpers/reference.js';
import { anyPdu } from '../soak/random-pdus.js';
import { propertyRuns } from '../soak/runs.js';

const TIMEOUT = 3_600_000;
/** Any byte at the front, as noise has it, or a function code that is known. */
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(
      fc.constantFrom(1, 3, 5, 7, 8, 0x0b, 0x0c, 0x0f, 0x10, 0x11, 0x14, 0x15, 0x16, 0x17, 0x18, 0x2b, 0x83, 0xab),
      fc.uint8Array({ maxLength: 60 }),
    )
    .map(([code, rest]) => Uint8Array.of(code, ...rest)),
  anyPdu,
);

/** Requests and replies that are right; every shorter piece of one is not, but for those of any length. */
const REQUESTS = [
  'fc:01 start:0013 quantity:0013',
  'fc:05 address:00AC value:FF00',
  'fc:06 address:0001 value:0003',
  'fc:08 sub:000B data:0000',
  'fc:0F start:0013 quantity:000A bytes:02 bits:CD01',
  'fc:10 start:0001 quantity:0002 bytes:04 values:000A_0102',
  'fc:14 bytes:0E type:06 file:0004 record:0001 length:0002 type:06 file:0003 record:0009 length:0001',
  'fc:15 bytes:0D type:06 file:0004 record:0007 length:0003 values:06AF_04BE_100D',
  'fc:16 address:0004 and:00F2 or:0025',
  'fc:17 start:0003 quantity:0006 writeStart:000E writeQuantity:0003 bytes:06 values:00FF*3',
  'fc:18 pointer:04DE',
  'fc:2B mei:0E code:01 object:00',
];
const REPLIES = [
  'fc:01 bytes:02 bits:CD05',
  'fc:03 bytes:06 values:0014_0015_0016',
  'fc:05 address:00AC value:FF00',
  'fc:07 status:6D',
  'fc:08 sub:000B data:0001',
  'fc:0B status:FFFF events:0108',
  'fc:0C bytes:08 status:0000 events:0108 messages:0121 log:20_00',
  'fc:0F start:0013 quantity:000A',
  'fc:11 bytes:02 id:01 run:FF',
  'fc:14 bytes:0C length:05 type:06 values:0DFE_0020 length:05 type:06 values:33CD_0040',
  'fc:15 bytes:0D type:06 file:0004 record:0007 length:0003 values:06AF_04BE_100D',
  'fc:16 address:0004 and:00F2 or:0025',
  'fc:18 bytes:0006 count:0002 values:01B8_1284',
  'fc:2B mei:0E code:01 conformity:81 more:00_00 number:02 id:00 length:01 text:41 id:01 length:00',
  'fc:83 code:02',
];

/** What holds of the facts and the text of any bytes at all. */
function expectSensible(pdu: Uint8Array, facts: PduFacts, text: string): void {
  expect(text).toContain(facts.name);
  expect(text).not.toMatch(/undefined|NaN|\p{Cc}/u);
  if (facts.malformed) expect(facts.data).toEqual(pdu.slice(1));
  const values = [...(facts.values ?? []), ...(facts.groups ?? []).flatMap((group) => group.values ?? [])];
  expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= 0xffff)).toBe(true);
}

function rangeOf({ address, quantity }: PduFacts): Record<'address' | 'quantity', number | undefined> {
  return { address, quantity };
}

/** All that is shorter, the empty PDU included. */
function prefixes(vector: string): Uint8Array[] {
  const pdu = hex(vector);
  return Array.from(pdu, (_, length) => pdu.subarray(0, length));
}

describe('decoding', () => {
  test('never throws on any bytes, and describes them in one line', { timeout: TIMEOUT }, () => {
    const property = fc.property(noise, noise, (pdu, request) => {
      const asked = decodeRequest(pdu);
      expectSensible(pdu, asked, describeRequest(asked));
      for (const reply of [decodeReply(pdu), decodeReply(pdu, request)]) {
        expectSensible(pdu, reply, describeReply(reply));
      }
    });
    fc.assert(property, propertyRuns(3));
  });

  test('makes sense of every reply of a device, and of every request that it obeys', { timeout: TIMEOUT }, () => {
    const device = new ReferenceDevice();
    const property = fc.property(anyPdu, (request) => {
      const reply = device.answer(request);
      if (typeof reply !== 'string') return;
      const [asked, facts] = [decodeRequest(request), decodeReply(hex(reply), request)];
      expect(facts.malformed).toBeUndefined();
      if (facts.exceptionCode !== undefined) return;
      expect(asked.malformed).toBeUndefined();
      const { functionCode, address, quantity } = facts;
      expect({ functionCode, address, quantity }).toEqual({ ...rangeOf(asked), functionCode: request[0] });
    });
    fc.assert(property, propertyRuns(3));
  });

  test.each(REQUESTS)('takes every beginning of the request %s for malformed', (vector) => {
    for (const pdu of prefixes(vector)) {
      const facts = decodeRequest(pdu);
      expect(facts.malformed).toBe(true);
      expectSensible(pdu, facts, describeRequest(facts));
    }
    expect(decodeRequest(hex(vector)).malformed).toBeUndefined();
  });

  test.each(REPLIES)('takes every beginning of the reply %s for malformed', (vector) => {
    for (const pdu of prefixes(vector)) {
      const facts = decodeReply(pdu);
      expect(facts.malformed).toBe(true);
      expectSensible(pdu, facts, describeReply(facts));
    }
    expect(decodeReply(hex(vector)).malformed).toBeUndefined();
  });

  test.each(['fc:08 sub:0000 data:A537', 'fc:2B mei:0D data:0102', 'fc:41 data:0102'])(
    'takes beginnings of %s, which may have any length, for what they are',
    (vector) => {
      for (const pdu of prefixes(vector)) {
        const [request, reply] = [decodeRequest(pdu), decodeReply(pdu)];
        expectSensible(pdu, request, describeRequest(request));
        expectSensible(pdu, reply, describeReply(reply));
      }
    },
  );
});
