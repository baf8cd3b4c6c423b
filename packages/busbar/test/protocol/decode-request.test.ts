import { describe, expect, test } from 'vitest';
import { decodeRequest } from '../../src/protocol/decode-request.js';
import { describeRequest } from '../../src/protocol/describe.js';
import { hex, sequence, word } from '../helpers/hex.js';

const decoded = (vector: string) => decodeRequest(hex(vector));
const described = (vector: string) => describeRequest(decoded(vector));

/** What each request says, as facts and as text. The vectors are those of the specification, where it has one. */
const REQUESTS: readonly [vector: string, facts: object, text: string][] = [
  [
    'fc:01 start:0013 quantity:0013',
    { functionCode: 1, name: 'read coils', address: 19, quantity: 19 },
    'read coils 19..37',
  ],
  [
    'fc:02 start:00C4 quantity:0016',
    { functionCode: 2, name: 'read discrete inputs', address: 196, quantity: 22 },
    'read discrete inputs 196..217',
  ],
  [
    'fc:03 start:0000 quantity:0003',
    { functionCode: 3, name: 'read holding registers', address: 0, quantity: 3 },
    'read holding registers 0..2',
  ],
  [
    'fc:04 start:0008 quantity:0001',
    { functionCode: 4, name: 'read input registers', address: 8, quantity: 1 },
    'read input registers 8',
  ],
  [
    'fc:05 address:00AC value:FF00',
    { functionCode: 5, name: 'write single coil', address: 172, values: [1] },
    'write single coil 172 = 1',
  ],
  [
    'fc:05 address:00AC value:0000',
    { functionCode: 5, name: 'write single coil', address: 172, values: [0] },
    'write single coil 172 = 0',
  ],
  [
    'fc:06 address:0001 value:0003',
    { functionCode: 6, name: 'write single register', address: 1, values: [3] },
    'write single register 1 = 3',
  ],
  ['fc:07', { functionCode: 7, name: 'read exception status' }, 'read exception status'],
  ['fc:0B', { functionCode: 11, name: 'get comm event counter' }, 'get comm event counter'],
  ['fc:0C', { functionCode: 12, name: 'get comm event log' }, 'get comm event log'],
  [
    'fc:0F start:0013 quantity:000A bytes:02 bits:CD01',
    {
      functionCode: 15,
      name: 'write multiple coils',
      address: 19,
      quantity: 10,
      values: [1, 0, 1, 1, 0, 0, 1, 1, 1, 0],
    },
    'write multiple coils 19..28 = 1, 0, 1, 1, 0, 0, 1, 1, 1, 0',
  ],
  [
    'fc:10 start:0001 quantity:0002 bytes:04 values:000A_0102',
    { functionCode: 16, name: 'write multiple registers', address: 1, quantity: 2, values: [10, 258] },
    'write multiple registers 1..2 = 10, 258',
  ],
  ['fc:11', { functionCode: 17, name: 'report server id' }, 'report server id'],
  [
    'fc:14 bytes:0E type:06 file:0004 record:0001 length:0002 type:06 file:0003 record:0009 length:0001',
    {
      functionCode: 20,
      name: 'read file record',
      groups: [
        { file: 4, record: 1, length: 2 },
        { file: 3, record: 9, length: 1 },
      ],
    },
    'read file record file 4 record 1..2; file 3 record 9',
  ],
  [
    'fc:15 bytes:0D type:06 file:0004 record:0007 length:0003 values:06AF_04BE_100D',
    {
      functionCode: 21,
      name: 'write file record',
      groups: [{ file: 4, record: 7, length: 3, values: [1711, 1214, 4109] }],
    },
    'write file record file 4 record 7..9 = 1711, 1214, 4109',
  ],
  [
    'fc:16 address:0004 and:00F2 or:0025',
    { functionCode: 22, name: 'mask write register', address: 4, andMask: 0xf2, orMask: 0x25 },
    'mask write register 4 and=0x00F2 or=0x0025',
  ],
  [
    'fc:17 start:0003 quantity:0006 writeStart:000E writeQuantity:0003 bytes:06 values:00FF*3',
    {
      functionCode: 23,
      name: 'read/write multiple registers',
      address: 3,
      quantity: 6,
      writeAddress: 14,
      values: [255, 255, 255],
    },
    'read/write multiple registers 3..8, write 14..16 = 255, 255, 255',
  ],
  ['fc:18 pointer:04DE', { functionCode: 24, name: 'read FIFO queue', address: 1246 }, 'read FIFO queue 1246'],
  ['fc:41 data:0001FF', { functionCode: 0x41, name: 'function 0x41', data: hex('0001FF') }, 'function 0x41: 00 01 FF'],
  ['fc:41', { functionCode: 0x41, name: 'function 0x41', data: hex('') }, 'function 0x41'],
  ['fc:83 data:02', { functionCode: 0x83, name: 'function 0x83', data: hex('02') }, 'function 0x83: 02'],
];

describe('a request', () => {
  test.each(REQUESTS)('%s tells its function and its values', (vector, facts, text) => {
    expect(decoded(vector)).toStrictEqual(facts);
    expect(described(vector)).toBe(text);
  });

  test('keeps all of a long list in the facts, and sixteen values in the text', () => {
    const vector = `fc:10 start:0000 quantity:007B bytes:F6 values:${sequence(1, 123)}`;
    expect(decoded(vector).values).toHaveLength(123);
    expect(described(vector)).toBe(
      'write multiple registers 0..122 = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 … (123 values)',
    );
  });

  test('of sixteen values is shown whole', () => {
    const vector = `fc:10 start:0000 quantity:0010 bytes:20 values:${sequence(1, 16)}`;
    expect(described(vector)).toMatch(/ 15, 16$/);
  });

  test('for many groups of records is cut in the text only', () => {
    const vector = `fc:14 bytes:77 groups:06_0001_0000_0001*17`;
    expect(decoded(vector).groups).toHaveLength(17);
    expect(described(vector)).toMatch(/^read file record (file 1 record 0(; | … )){16}\(17 groups\)$/);
  });

  test('tells wrong addresses and quantities as they are', () => {
    expect(described('fc:03 start:0005 quantity:0000')).toBe('read holding registers 5 (quantity 0)');
    expect(described('fc:03 start:FFFF quantity:FFFF')).toBe('read holding registers 65535..131069');
    expect(described('fc:10 start:0005 quantity:0000 bytes:00')).toBe(
      'write multiple registers 5 (quantity 0) = nothing',
    );
    expect(described('fc:17 start:0003 quantity:0001 writeStart:000E writeQuantity:0000 bytes:00')).toBe(
      'read/write multiple registers 3, write 14 (quantity 0) = nothing',
    );
  });

  test('keeps its data when the buffer that it came in is used again', () => {
    const buffer = hex('fc:41 data:0102');
    const facts = decodeRequest(buffer);
    buffer.fill(0);
    expect(facts.data).toEqual(hex('0102'));
  });
});

describe('a request for diagnostics', () => {
  test.each([
    ['fc:08 sub:0001 data:0000', 'diagnostics 01 restart communications'],
    ['fc:08 sub:0001 data:FF00', 'diagnostics 01 restart communications 0xFF00'],
    ['fc:08 sub:0003 char:0A00', 'diagnostics 03 change ASCII delimiter 0x0A00'],
    ['fc:08 sub:000B data:0000', 'diagnostics 0B bus messages'],
  ])('%s names its sub-function', (vector, text) => {
    expect(described(vector)).toBe(text);
  });

  test('has its sub-function and its word as facts', () => {
    expect(decoded('fc:08 sub:0001 data:FF00')).toStrictEqual({
      functionCode: 8,
      name: 'diagnostics',
      subFunction: 1,
      subFunctionName: 'restart communications',
      values: [0xff00],
    });
  });

  test('may have any data where the server is to return it', () => {
    expect(decoded('fc:08 sub:0000 data:A537FF').data).toEqual(hex('A537FF'));
    expect(described('fc:08 sub:0000 data:A537FF')).toBe('diagnostics 00 return query data: A5 37 FF');
    expect(described('fc:08 sub:0000')).toBe('diagnostics 00 return query data');
  });

  test('of an unknown sub-function keeps its data as bytes', () => {
    expect(described('fc:08 sub:0013 data:0000')).toBe('diagnostics 13: 00 00');
    expect(described('fc:08 sub:1234')).toBe('diagnostics 1234');
    expect(decoded('fc:08 sub:1234')).not.toHaveProperty('subFunctionName');
  });
});

describe('a request to the encapsulated interface', () => {
  test.each([
    ['fc:2B mei:0E code:01 object:00', 'read device identification basic'],
    ['fc:2B mei:0E code:02 object:04', 'read device identification regular from productName'],
    ['fc:2B mei:0E code:03 object:80', 'read device identification extended from object 0x80'],
    ['fc:2B mei:0E code:04 object:01', 'read device identification productCode'],
    ['fc:2B mei:0E code:00 object:00', 'read device identification code 00'],
    ['fc:2B mei:0D data:0102', 'encapsulated interface transport 0D CANopen general reference: 01 02'],
    ['fc:2B mei:7F', 'encapsulated interface transport 7F'],
  ])('%s names its type and what it asks for', (vector, text) => {
    expect(described(vector)).toBe(text);
  });

  test('has its type, level and object as facts', () => {
    expect(decoded('fc:2B mei:0E code:02 object:04')).toStrictEqual({
      functionCode: 0x2b,
      name: 'read device identification',
      subFunction: 0x0e,
      subFunctionName: 'read device identification',
      code: 2,
      objectId: 4,
    });
  });
});

describe('a request that is not as its function demands', () => {
  test.each([
    ['no quantity', 'fc:03 start:0000', 'read holding registers, malformed: 00 00'],
    ['a byte too many', 'fc:07 data:00', 'read exception status, malformed: 00'],
    ['a coil that is neither on nor off', 'fc:05 address:0001 value:0001', 'write single coil, malformed: 00 01 00 01'],
    [
      'fewer registers than it says',
      'fc:10 start:0001 quantity:0002 bytes:02 values:000A',
      'write multiple registers, malformed: 00 01 00 02 02 00 0A',
    ],
    [
      'more coils than its bytes hold',
      'fc:0F start:0000 quantity:0009 bytes:01 bits:FF',
      'write multiple coils, malformed: 00 00 00 09 01 FF',
    ],
    [
      'a quantity that only fits the byte count when cut to eight bits',
      `fc:10 start:0000 quantity:0081 bytes:02 values:${word(1)}`,
      'write multiple registers, malformed: 00 00 00 81 02 00 01',
    ],
    [
      'another number of written registers',
      'fc:17 start:0000 quantity:0001 writeStart:0000 writeQuantity:0002 bytes:02 values:0001',
      'read/write multiple registers, malformed: 00 00 00 01 00 00 00 02 02 00 01',
    ],
    ['no group', 'fc:14 bytes:00', 'read file record, malformed: 00'],
    [
      'another reference type',
      'fc:14 bytes:07 type:05 file:0004 record:0001 length:0002',
      'read file record, malformed: 07 05 00 04 00 01 00 02',
    ],
    ['half a group', 'fc:14 bytes:03 type:06 file:0004', 'read file record, malformed: 03 06 00 04'],
    [
      'fewer records than its group says',
      'fc:15 bytes:09 type:06 file:0004 record:0001 length:0002 values:0001',
      'write file record, malformed: 09 06 00 04 00 01 00 02 00 01',
    ],
    ['no group to write', 'fc:15 bytes:00', 'write file record, malformed: 00'],
    ['half a sub-function', 'fc:08 sub:00', 'diagnostics, malformed: 00'],
    ['a counter with too much data', 'fc:08 sub:000B data:0000_00', 'diagnostics, malformed: 00 0B 00 00 00'],
    ['no type', 'fc:2B', 'encapsulated interface transport, malformed'],
    ['no object', 'fc:2B mei:0E code:01', 'read device identification, malformed: 0E 01'],
  ])('keeps all its bytes: %s', (_, vector, text) => {
    const pdu = hex(vector);
    const { functionCode, name, ...rest } = decodeRequest(pdu);
    expect(functionCode).toBe(pdu[0]);
    expect(rest).toStrictEqual({ data: pdu.slice(1), malformed: true });
    expect(describeRequest(decodeRequest(pdu))).toBe(text);
  });

  test('shows sixteen of many bytes', () => {
    expect(described('fc:03 data:AA*17')).toBe(
      'read holding registers, malformed: AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA AA … (17 bytes)',
    );
  });

  test('may be empty', () => {
    expect(decoded('')).toStrictEqual({ functionCode: 0, name: 'empty PDU', data: hex(''), malformed: true });
    expect(described('')).toBe('empty PDU, malformed');
  });
});
