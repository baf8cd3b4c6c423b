import { OptionsError } from 'busbar';
import {
  decodeReply,
  decodeRequest,
  encodeReply,
  encodeRequest,
  FunctionCode,
  type ReplyFields,
  type RequestFields,
} from 'busbar/protocol';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import { anyPdu } from '../soak/random-pdus.js';
import { propertyRuns } from '../soak/runs.js';
import { EXCHANGES } from './exchanges.js';
import { REPLIES } from './reply-vectors.js';
import { REQUESTS } from './request-vectors.js';

const TIMEOUT = 3_600_000;
/** Not requests: what has the exception bit can't be one. */
const ENCODABLE = REQUESTS.filter(([vector]) => !vector.startsWith('fc:83'));

describe('the facts of a request', () => {
  test.each(ENCODABLE)('make %s again', (vector) => {
    const facts = decodeRequest(hex(vector));
    if (facts.malformed) throw new Error('malformed');
    expect(toHex(encodeRequest(facts))).toBe(toHex(hex(vector)));
  });

  test('are those of its function code', () => {
    const facts = decodeRequest(hex('fc:10 start:0001 quantity:0001 bytes:02 values:000A'));
    if (facts.malformed || facts.functionCode !== FunctionCode.WriteMultipleRegisters) throw new Error(facts.name);
    expectTypeOf(facts.values).toEqualTypeOf<readonly number[]>();
    expectTypeOf(facts.andMask).toEqualTypeOf<undefined>();
    expect(facts.values).toEqual([10]);
  });
});

describe('the facts of a reply', () => {
  test.each(REPLIES)('make %s again', (vector, request) => {
    for (const facts of [decodeReply(hex(vector), hex(request)), decodeReply(hex(vector))]) {
      if (facts.malformed) throw new Error('malformed');
      // Without its request, a reply of eleven bits is one of sixteen.
      expect(toHex(encodeReply(facts))).toBe(toHex(hex(vector)));
    }
  });

  test('are those of its function code, unless it is an exception', () => {
    const facts = decodeReply(hex('fc:0C bytes:08 status:0000 events:0108 messages:0121 log:20_00'));
    if (facts.malformed || facts.exceptionCode !== undefined) throw new Error(facts.name);
    if (facts.functionCode !== FunctionCode.GetCommEventLog) throw new Error(facts.name);
    expectTypeOf(facts.events).toEqualTypeOf<readonly number[]>();
    expect(facts.events).toEqual([0x20, 0]);
  });

  test.each(['fc:83 code:02', 'fc:AB code:01', 'fc:C1 code:FF'])('of the exception %s make it again', (vector) => {
    const facts = decodeReply(hex(vector));
    if (facts.malformed) throw new Error('malformed');
    expect(toHex(encodeReply(facts))).toBe(toHex(hex(vector)));
  });
});

describe('encoding and decoding', () => {
  test('is tried with every public function', () => {
    expect([...EXCHANGES.keys()].toSorted()).toEqual(Object.values(FunctionCode).toSorted());
  });

  test.each([...EXCHANGES])('gives the fields of function %i back', { timeout: TIMEOUT }, (_, exchange) => {
    const property = fc.property(exchange, ({ request, reply }) => {
      const [asked, answered] = [encodeRequest(request), encodeReply(reply)];
      const facts = { request: decodeRequest(asked), reply: decodeReply(answered, asked) };
      expect(facts).toMatchObject({ request, reply });
      if (facts.request.malformed || facts.reply.malformed) throw new Error('malformed');
      expect(encodeRequest(facts.request)).toEqual(asked);
      expect(encodeReply(facts.reply)).toEqual(answered);
    });
    fc.assert(property, propertyRuns(100));
  });

  test('of other functions gives their bytes back', () => {
    const fields: RequestFields & ReplyFields = { functionCode: 0x41, data: Uint8Array.of(1, 2) };
    for (const pdu of [encodeRequest(fields), encodeReply(fields)]) expect(toHex(pdu)).toBe('410102');
  });

  test('of anything that is intact says the same again, or is refused', { timeout: TIMEOUT }, () => {
    const property = fc.property(anyPdu, (pdu) => {
      const [request, reply] = [decodeRequest(pdu), decodeReply(pdu)];
      if (!request.malformed) expectSame(() => decodeRequest(encodeRequest(request)), request);
      if (!reply.malformed) expectSame(() => decodeReply(encodeReply(reply)), reply);
    });
    fc.assert(property, propertyRuns(3));
  });
});

function expectSame(again: () => object, facts: object): void {
  try {
    expect(again()).toStrictEqual(facts);
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
  }
}

const { Diagnostics, EncapsulatedInterfaceTransport } = FunctionCode;
const REFUSED_REQUESTS: readonly [why: string, fields: unknown, message: string][] = [
  [
    'holes',
    { functionCode: 16, address: 0, values: Array(3) },
    'values[0]: expected an integer from 0 to 65535, found undefined',
  ],
  [
    'a quantity that has no text',
    { functionCode: 16, address: 0, quantity: Symbol('3'), values: [1] },
    'quantity: expected the number of values, 1, found Symbol(3)',
  ],
  [
    'a group of nothing',
    { functionCode: 20, groups: [undefined] },
    'groups[0]: expected an options object, found undefined',
  ],
  [
    'an address beyond the last one',
    { functionCode: 3, address: 65536, quantity: 1 },
    'address: expected an integer from 0 to 65535, found 65536',
  ],
  [
    'more registers than a reply can carry',
    { functionCode: 4, address: 0, quantity: 126 },
    'quantity: expected an integer from 1 to 125, found 126',
  ],
  [
    'no coil at all',
    { functionCode: 1, address: 0, quantity: 0 },
    'quantity: expected an integer from 1 to 2000, found 0',
  ],
  [
    'a field that is missing',
    { functionCode: 2, address: 0 },
    'quantity: expected an integer from 1 to 2000, found undefined',
  ],
  [
    'a coil that is neither on nor off',
    { functionCode: 5, address: 0, values: [2] },
    'values[0]: expected an integer from 0 to 1, found 2',
  ],
  ['two values for one coil', { functionCode: 5, address: 0, values: [1, 0] }, 'values: expected 1 item, found 2'],
  [
    'a register that does not fit',
    { functionCode: 16, address: 0, values: [1, -1] },
    'values[1]: expected an integer from 0 to 65535, found -1',
  ],
  [
    'more registers than a request can carry',
    { functionCode: 16, address: 0, values: Array(124).fill(0) },
    'values: expected 1 to 123 items, found 124',
  ],
  [
    'a quantity that is not that of the values',
    { functionCode: 15, address: 0, quantity: 2, values: [1] },
    'quantity: expected the number of values, 1, found 2',
  ],
  ['values that are no list', { functionCode: 16, address: 0, values: 7 }, 'values: expected an array, found 7'],
  [
    'too many registers to write and read',
    { functionCode: 23, address: 0, quantity: 1, writeAddress: 0, values: Array(122).fill(0) },
    'values: expected 1 to 121 items, found 122',
  ],
  [
    'a file without a number',
    { functionCode: 20, groups: [{ file: 0, record: 0, length: 1 }] },
    'groups[0].file: expected an integer from 1 to 65535, found 0',
  ],
  [
    'more records than a reply can carry',
    { functionCode: 20, groups: [{ file: 1, record: 0, length: 125 }] },
    'groups: expected records that fit in a reply of 253 bytes, found 254 bytes',
  ],
  [
    'fewer records than the group says',
    { functionCode: 21, groups: [{ file: 1, record: 0, length: 2, values: [1] }] },
    'groups[0].values: expected 2 items, found 1',
  ],
  [
    'more records than a request can carry',
    { functionCode: 21, groups: [{ file: 1, record: 0, length: 123, values: Array(123).fill(0) }] },
    'expected fields that fit in a PDU of 253 bytes, found 255 bytes',
  ],
  [
    'bytes for a sub-function that takes a word',
    { functionCode: Diagnostics, subFunction: 0x0b, data: Uint8Array.of(0, 0) },
    'values: expected 1 item, found 0',
  ],
  [
    'half a word to return',
    { functionCode: Diagnostics, subFunction: 0, data: Uint8Array.of(1) },
    'data: expected whole words, found 1 bytes',
  ],
  [
    'a read device id code that does not exist',
    { functionCode: EncapsulatedInterfaceTransport, subFunction: 0x0e, code: 5, objectId: 0 },
    'code: expected an integer from 1 to 4, found 5',
  ],
  [
    'bytes for a device identification',
    { functionCode: EncapsulatedInterfaceTransport, subFunction: 0x0e, data: Uint8Array.of(1, 0) },
    'data: expected the fields of read device identification, found bytes',
  ],
  [
    'a function code that is that of an exception',
    { functionCode: 0x83, data: Uint8Array.of(2) },
    'functionCode: expected an integer from 1 to 127, found 131',
  ],
  [
    'more bytes than a PDU has',
    { functionCode: 0x41, data: new Uint8Array(253) },
    'data: expected at most 252 bytes, found 253',
  ],
  [
    'a malformed request',
    decodeRequest(hex('fc:03 start:0000')),
    'malformed: expected decoded fields, found a malformed PDU',
  ],
];

const REFUSED_REPLIES: readonly [why: string, fields: unknown, message: string][] = [
  ['no values', { functionCode: 3, values: [] }, 'values: expected 1 to 125 items, found 0'],
  ['holes', { functionCode: 3, values: Array(3) }, 'values[0]: expected an integer from 0 to 65535, found undefined'],
  [
    'a group of nothing',
    { functionCode: 20, groups: Array(1) },
    'groups[0]: expected an options object, found undefined',
  ],
  [
    'an exception without a code',
    { functionCode: 3, exceptionCode: 0 },
    'exceptionCode: expected an integer from 1 to 255, found 0',
  ],
  [
    'more events than a log keeps',
    { functionCode: 12, status: 0, eventCount: 0, messageCount: 0, events: Array(65).fill(0) },
    'events: expected 0 to 64 items, found 65',
  ],
  [
    'a queue that is too long',
    { functionCode: 24, values: Array(32).fill(0) },
    'values: expected 0 to 31 items, found 32',
  ],
  [
    'objects that do not fit',
    {
      functionCode: 43,
      subFunction: 14,
      code: 1,
      conformityLevel: 0x81,
      moreFollows: false,
      nextObjectId: 0,
      objects: [
        { id: 0, text: 'x'.repeat(200) },
        { id: 1, text: 'x'.repeat(45) },
      ],
    },
    'expected fields that fit in a PDU of 253 bytes, found 256 bytes',
  ],
  [
    'an object of nothing',
    {
      functionCode: 43,
      subFunction: 14,
      code: 1,
      conformityLevel: 0x81,
      moreFollows: false,
      nextObjectId: 0,
      objects: [null],
    },
    'objects[0]: expected an options object, found null',
  ],
  [
    'half a character',
    {
      functionCode: 43,
      subFunction: 14,
      code: 1,
      conformityLevel: 0x81,
      moreFollows: false,
      nextObjectId: 0,
      objects: [{ id: 0, text: '\ud800' }],
    },
    'objects[0].text: expected text that UTF-8 can carry, found half a character',
  ],
];

const NO_FIELDS: readonly [found: string, fields: unknown, message: string][] = [
  ['nothing', undefined, 'expected an options object, found undefined'],
  ['null', null, 'expected an options object, found null'],
  ['a code as text', { functionCode: '3' }, 'functionCode: expected an integer from 1 to 127, found "3"'],
  ['a code of an array', { functionCode: 'length' }, 'functionCode: expected an integer from 1 to 127, found "length"'],
  [
    'a code that has no text',
    { functionCode: Object.create(null) },
    'functionCode: expected an integer from 1 to 127, found an object',
  ],
  ['a group of nothing', { functionCode: 21, groups: [null] }, 'groups[0]: expected an options object, found null'],
];

const refusal = (message: string) => expect.objectContaining({ code: 'INVALID_OPTION', message });

describe('encoding refuses', () => {
  test.each(NO_FIELDS)('%s instead of fields', (_, fields, message) => {
    expect(() => encodeRequest(fields as RequestFields)).toThrow(refusal(message));
    expect(() => encodeReply(fields as ReplyFields)).toThrow(refusal(message));
  });

  test.each(REFUSED_REQUESTS)('%s', (_, fields, message) => {
    expect(() => encodeRequest(fields as RequestFields)).toThrow(refusal(message));
  });

  test.each(REFUSED_REPLIES)('in a reply %s', (_, fields, message) => {
    expect(() => encodeReply(fields as ReplyFields)).toThrow(refusal(message));
  });
});
