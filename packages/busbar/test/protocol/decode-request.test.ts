import { decodeRequest, describeRequest } from 'busbar/protocol';
import { describe, expect, test } from 'vitest';
import { hex, sequence, word } from '../helpers/hex.js';
import { REQUESTS } from './request-vectors.js';

const decoded = (vector: string) => decodeRequest(hex(vector));
const described = (vector: string) => describeRequest(decoded(vector));

describe('a request', () => {
  test.each(REQUESTS)('%s tells its function and its values', (vector, facts, text) => {
    expect(decoded(vector)).toStrictEqual(facts);
    expect(described(vector)).toBe(text);
  });

  test('keeps all of a long list in the facts, and sixteen values in the text', () => {
    const vector = `fc:10 start:0000 quantity:007B bytes:F6 values:${sequence(1, 123)}`;
    expect(decoded(vector).values).toHaveLength(123);
    expect(described(vector)).toBe(
      'write multiple registers 0..122 (40001..40123) = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 … (123 values)',
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
      'read/write multiple registers 3 (40004), write 14 (quantity 0) = nothing',
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
