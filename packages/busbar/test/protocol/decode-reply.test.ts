import { decodeReply, describeReply } from 'busbar/protocol';
import { describe, expect, test } from 'vitest';
import { hex, sequence, text as textHex, word } from '../helpers/hex.js';
import { REPLIES } from './reply-vectors.js';

function decoded(reply: string, request?: string) {
  return decodeReply(hex(reply), request === undefined ? undefined : hex(request));
}

const described = (reply: string, request?: string) => describeReply(decoded(reply, request));

describe('a reply', () => {
  test.each(REPLIES)('%s tells its function and its values', (reply, request, facts, text) => {
    expect(decoded(reply, request)).toStrictEqual(facts);
    expect(described(reply, request)).toBe(text);
  });

  test.each([
    ['fc:01 bytes:01 bits:05', 'read coils = 1, 0, 1, 0, 0, 0, 0, 0'],
    ['fc:03 bytes:06 values:0014_0015_0016', 'read holding registers = 20, 21, 22'],
    ['fc:03 bytes:00', 'read holding registers = nothing'],
    ['fc:17 bytes:02 values:00FE', 'read/write multiple registers = 254'],
    ['fc:18 bytes:0002 count:0000', 'read FIFO queue = nothing'],
    [
      'fc:14 bytes:0A length:05 type:06 values:0DFE_0020 length:03 type:06 values:33CD',
      'read file record = 3582, 32; 13261',
    ],
  ])('%s whose request is not known tells its values alone', (reply, text) => {
    expect(described(reply)).toBe(text);
    expect(decoded(reply)).not.toHaveProperty('address');
    expect(decoded(reply)).not.toHaveProperty('quantity');
  });

  test.each([
    ['of another function', 'fc:04 start:0000 quantity:0003'],
    ['for another quantity', 'fc:03 start:0000 quantity:0002'],
    ['that is malformed', 'fc:03 start:0000'],
    ['that is empty', ''],
  ])('tells no address when it comes to a request %s', (_, request) => {
    expect(described('fc:03 bytes:06 values:0014_0015_0016', request)).toBe('read holding registers = 20, 21, 22');
  });

  test('tells all bits of its bytes when it comes to a request for more', () => {
    expect(decoded('fc:01 bytes:01 bits:05', 'fc:01 start:0000 quantity:0009').values).toHaveLength(8);
  });

  test.each([
    ['fewer groups', 'bytes:07 groups:06_0004_0001_0002'],
    ['longer groups', 'bytes:0E groups:06_0004_0001_0002*2'],
  ])('tells no files when it comes to a request for %s', (_, groups) => {
    const reply = 'fc:14 bytes:0A length:05 type:06 values:0DFE_0020 length:03 type:06 values:33CD';
    expect(decoded(reply, `fc:14 ${groups}`).groups).toEqual(decoded(reply).groups);
  });

  test('keeps all of a long list in the facts, and sixteen values in the text', () => {
    const reply = `fc:03 bytes:FA values:${sequence(1, 125)}`;
    expect(decoded(reply).values).toHaveLength(125);
    expect(described(reply)).toBe(
      'read holding registers = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 … (125 values)',
    );
  });

  test('with a status that is neither ready nor busy shows it', () => {
    expect(described('fc:0B status:0001 events:0000')).toBe('get comm event counter = 0 events, status 0x0001');
  });

  test('with an empty event log says so', () => {
    expect(described('fc:0C bytes:06 status:0000 events:0001 messages:0002')).toBe(
      'get comm event log = 1 events, 2 messages, ready, log empty',
    );
  });
});

describe('an exception reply', () => {
  test('names the exception and the function', () => {
    expect(decoded('fc:83 code:02')).toStrictEqual({
      functionCode: 3,
      name: 'read holding registers',
      exceptionCode: 2,
      exceptionName: 'illegal data address',
    });
    expect(described('fc:83 code:02')).toBe('exception 02 illegal data address (read holding registers)');
  });

  test.each([
    ['01', 'illegal function'],
    ['02', 'illegal data address'],
    ['03', 'illegal data value'],
    ['04', 'server device failure'],
    ['05', 'acknowledge'],
    ['06', 'server device busy'],
    ['07', 'negative acknowledge'],
    ['08', 'memory parity error'],
    ['0A', 'gateway path unavailable'],
    ['0B', 'gateway target device failed to respond'],
  ])('%s is called %s', (code, name) => {
    expect(decoded(`fc:81 code:${code}`).exceptionName).toBe(name);
  });

  test('may have a code or a function that the documents do not have', () => {
    expect(described('fc:83 code:20')).toBe('exception 20 (read holding registers)');
    expect(described('fc:C1 code:01')).toBe('exception 01 illegal function (function 0x41)');
    expect(described('fc:80 code:01')).toBe('exception 01 illegal function (function 0x00)');
  });

  test('names the sub-function of the request that it answers', () => {
    expect(described('fc:88 code:03', 'fc:08 sub:000B data:0001')).toBe(
      'exception 03 illegal data value (diagnostics 0B bus messages)',
    );
    expect(described('fc:AB code:02', 'fc:2B mei:0E code:04 object:99')).toBe(
      'exception 02 illegal data address (read device identification)',
    );
    expect(described('fc:AB code:01')).toBe('exception 01 illegal function (encapsulated interface transport)');
  });

  test('is malformed without a code, or with more than one', () => {
    expect(described('fc:83')).toBe('read holding registers, malformed');
    expect(decoded('fc:83 code:02 more:0102')).toStrictEqual({
      functionCode: 3,
      name: 'read holding registers',
      exceptionCode: 2,
      exceptionName: 'illegal data address',
      data: hex('020102'),
      malformed: true,
    });
    expect(described('fc:83 code:02 more:0102')).toBe(
      'exception 02 illegal data address (read holding registers), malformed: 02 01 02',
    );
  });
});

describe('a reply of diagnostics', () => {
  test.each([
    ['fc:08 sub:0000 data:A537', 'diagnostics 00 return query data: A5 37'],
    ['fc:08 sub:0001 data:FF00', 'diagnostics 01 restart communications 0xFF00'],
    ['fc:08 sub:0002 data:0000', 'diagnostics 02 diagnostic register = 0x0000'],
    ['fc:08 sub:000A data:0000', 'diagnostics 0A clear counters'],
    ['fc:08 sub:000B data:0000', 'diagnostics 0B bus messages = 0'],
    ['fc:08 sub:0012 data:FFFF', 'diagnostics 12 character overruns = 65535'],
    ['fc:08 sub:0014 data:0000', 'diagnostics 14 clear overrun counter'],
  ])('%s tells what it returns', (reply, text) => {
    expect(described(reply)).toBe(text);
  });
});

describe('a reply of the encapsulated interface', () => {
  const identity = (objects: string, more = '00_00', code = '01') =>
    `fc:2B mei:0E code:${code} conformity:81 more:${more} ${objects}`;
  const object = (id: string, value: string) => `id:${id} length:${word(value.length).slice(2)} text:${textHex(value)}`;

  test('has the objects of the device as facts', () => {
    const reply = identity(`number:02 ${object('00', 'Acme')} ${object('80', '1.0')}`);
    expect(decoded(reply)).toStrictEqual({
      functionCode: 0x2b,
      name: 'read device identification',
      subFunction: 0x0e,
      subFunctionName: 'read device identification',
      code: 1,
      conformityLevel: 0x81,
      moreFollows: false,
      nextObjectId: 0,
      objects: [
        { id: 0, name: 'vendorName', text: 'Acme' },
        { id: 0x80, text: '1.0' },
      ],
    });
    expect(described(reply)).toBe('read device identification basic: vendorName "Acme", object 0x80 "1.0"');
  });

  test('says that more follows', () => {
    expect(described(identity(`number:01 ${object('00', 'Acme')}`, 'FF_01'))).toBe(
      'read device identification basic: vendorName "Acme", more from productCode',
    );
  });

  test('may have one object only, or none', () => {
    expect(described(identity(`number:01 ${object('01', '')}`, '00_00', '04'))).toBe(
      'read device identification: productCode ""',
    );
    expect(described(identity('number:00'))).toBe('read device identification basic: nothing');
  });

  test('has texts that cannot break the line or move the cursor', () => {
    const text = described(identity('number:01 id:00 length:0C text:0A_1B5B324A_C28D_E280AE_22_5C'));
    expect(text).toBe('read device identification basic: vendorName "\\n\\u001b[2J\\u{8d}\\u{202e}\\"\\\\"');
  });

  test('is malformed when its objects are not as many or as long as it says', () => {
    expect(decoded(identity('number:02 id:00 length:01 text:41')).malformed).toBe(true);
    expect(decoded(identity('number:01 id:00 length:02 text:41')).malformed).toBe(true);
    expect(decoded(identity('number:00 id:00 length:01 text:41')).malformed).toBe(true);
  });

  test('of another type keeps its data as bytes', () => {
    expect(described('fc:2B mei:0D data:0102')).toBe(
      'encapsulated interface transport 0D CANopen general reference: 01 02',
    );
  });
});

describe('a reply that is not as its function demands', () => {
  test.each([
    ['fewer bytes than it counts', 'fc:03 bytes:06 values:0014_0015'],
    ['more bytes than it counts', 'fc:01 bytes:01 bits:0505'],
    ['half a register', 'fc:03 bytes:03 values:0014_00'],
    ['no byte count', 'fc:03'],
    ['no quantity', 'fc:10 start:0001'],
    ['a log without its counts', 'fc:0C bytes:04 status:0000 events:0001'],
    ['another number of queued values', 'fc:18 bytes:0004 count:0002 values:0001'],
    ['a queue without a count', 'fc:18 bytes:0000'],
    ['no group', 'fc:14 bytes:00'],
    ['an empty group', 'fc:14 bytes:01 length:00'],
    ['a group that ends too early', 'fc:14 bytes:04 length:05 type:06 values:0001'],
    ['half a record', 'fc:14 bytes:03 length:02 type:06 value:00'],
    ['another reference type', 'fc:14 bytes:04 length:03 type:05 values:0001'],
    ['a coil that is neither on nor off', 'fc:05 address:0001 value:0001'],
    ['no type', 'fc:2B'],
  ])('keeps all its bytes: %s', (_, reply) => {
    const pdu = hex(reply);
    const { functionCode, name, ...rest } = decodeReply(pdu);
    expect(functionCode).toBe(pdu[0]);
    expect(rest).toStrictEqual({ data: pdu.slice(1), malformed: true });
    expect(described(reply).startsWith(`${name}, malformed`)).toBe(true);
  });

  test('may be empty', () => {
    expect(decoded('')).toStrictEqual({ functionCode: 0, name: 'empty PDU', data: hex(''), malformed: true });
    expect(described('', 'fc:03 start:0000 quantity:0001')).toBe('empty PDU, malformed');
  });
});
