import { describe, expect, test } from 'vitest';
import { type PairedFrame, Pairing } from '../../src/protocol/pairing.js';
import { hex } from '../helpers/hex.js';
import { EXCHANGES } from './exchanges.js';

const TIMEOUT = 1000;

/** A frame on the line: unit, PDU, and the milliseconds of silence ahead of it, 5 if nothing is said. */
type Played = [unitId: number, pdu: string, silence?: number];

/**
 * What frames are taken for, a mark each: `>` a request, `<n` the reply to frame n, counted from 0, `<` a reply to
 * nothing that was heard; `!n` behind a request: until then frame n had no reply.
 */
function play(...frames: Played[]): string {
  const pairing = new Pairing<PairedFrame>(TIMEOUT);
  const asked: PairedFrame[] = [];
  let now = 0;
  return frames.map(([unitId, pdu, silence = 5]) => hear(frameAt(unitId, pdu, silence))).join(' ');

  function frameAt(unitId: number, pdu: string, silence: number): PairedFrame {
    const start = now + silence;
    now = start + 4;
    return { unitId, pdu: hex(pdu), start, end: now };
  }

  function hear(frame: PairedFrame): string {
    asked.push(frame);
    const judged = pairing.judge(frame);
    if (judged.kind === 'reply') return judged.request === null ? '<' : `<${asked.indexOf(judged.request)}`;
    const unanswered = pairing.ask(frame);
    return unanswered === undefined ? '>' : `>!${asked.indexOf(unanswered)}`;
  }
}

const READ = 'fc:03 start:0000 quantity:0002';
const READ_REPLY = 'fc:03 bytes:04 values:0014_0015';

/** The functions whose replies have the form of requests. */
const ECHOES = EXCHANGES.filter(([request, reply]) => hex(request).join() === hex(reply).join());

describe('a request and what follows it', () => {
  test.each(EXCHANGES)('%s is answered by %s', (request, reply) => {
    expect(play([7, request], [7, reply])).toBe('> <0');
    expect(play([7, request], [7, reply], [7, request], [7, reply])).toBe('> <0 > <2');
  });

  test.each(EXCHANGES)('%s is answered by an exception, too', (request) => {
    const code = (hex(request)[0] | 0x80).toString(16);
    expect(play([7, request], [7, `fc:${code} exception:02`])).toBe('> <0');
  });

  test.each(EXCHANGES)('%s to one station is not answered by another', (request, reply) => {
    expect(play([7, request], [8, reply], [7, reply])).toMatch(/^> (<|>!0) /);
    expect(play([7, request], [8, reply])).not.toContain('<0');
  });

  test.each(EXCHANGES)('%s to everybody is answered by nobody, and is not missed', (request) => {
    expect(play([0, request], [7, READ], [7, READ_REPLY])).toBe('> > <1');
    expect(play([0, request], [0, request])).toBe('> >');
  });
});

describe('what has the form of a request', () => {
  test.each(ECHOES)('and repeats %s, is its reply once, then the next request', (request) => {
    expect(play([7, request], [7, request], [7, request], [7, request])).toBe('> <0 > <2');
  });

  test.each(ECHOES)('and repeats %s only after the time that a reply takes, is the request once more', (request) => {
    expect(play([7, request], [7, request, TIMEOUT])).toBe('> <0');
    expect(play([7, request], [7, request, TIMEOUT + 1])).toBe('> >!0');
    expect(play([7, request], [7, request, TIMEOUT + 1], [7, request])).toBe('> >!0 <1');
  });

  test.each([
    ['another address', 'fc:05 address:00AC value:FF00', 'fc:05 address:00AD value:FF00'],
    ['another value', 'fc:06 address:0001 value:0003', 'fc:06 address:0001 value:0004'],
    ['another mask', 'fc:16 address:0004 and:00F2 or:0025', 'fc:16 address:0004 and:00F2 or:0026'],
    ['another function', READ, 'fc:04 start:0000 quantity:0002'],
    ['another quantity', READ, 'fc:03 start:0000 quantity:0003'],
  ])('but has %s, is the next request', (_, request, other) => {
    expect(play([7, request], [7, other])).toBe('> >!0');
  });

  test.each([
    ['coils that come in as many bytes as a request has', 'fc:01 start:0000 quantity:0018'],
    ['inputs, likewise', 'fc:02 start:0000 quantity:0011'],
    ['registers, likewise', 'fc:17 start:0003 quantity:0005 writeStart:000E writeQuantity:0001 bytes:02 values:00FF'],
    ['no reply can repeat', READ],
    ['the identity', 'fc:2B mei:0E code:01 object:00'],
  ])('and asks again for %s, is the next request', (_, request) => {
    expect(play([7, request], [7, request])).toBe('> >!0');
  });

  test.each([
    ['another counter', 'fc:08 sub:000B data:0000', 'fc:08 sub:000C data:0000'],
    ['other data to echo', 'fc:08 sub:0000 data:0001', 'fc:08 sub:0000 data:0002'],
    [
      'other records',
      'fc:15 bytes:09 type:06 file:0004 record:0007 length:0001 values:06AF',
      'fc:15 bytes:09 type:06 file:0004 record:0007 length:0001 values:06B0',
    ],
    ['another type of 2B', 'fc:2B mei:0D data:01', 'fc:2B mei:0F data:01'],
  ])('but is for %s, is the next request', (_, request, other) => {
    expect(play([7, request], [7, other])).toBe('> >!0');
  });

  test.each([
    ['fc:0F start:0013 quantity:000A', 'fc:0F start:0013 quantity:000B'],
    ['fc:10 start:0001 quantity:0002', 'fc:10 start:0002 quantity:0002'],
  ])('%s: a reply that says otherwise answers nothing', (right, wrong) => {
    const request = right.startsWith('fc:0F') ? `${right} bytes:02 bits:CD01` : `${right} bytes:04 values:000A_0102`;
    expect(play([7, request], [7, wrong], [7, right])).toBe('> < <0');
  });
});

describe('a reply', () => {
  test('is none where it is too long or too short for its request', () => {
    expect(play([7, READ], [7, 'fc:03 bytes:02 values:0014'], [7, READ_REPLY])).toBe('> < <0');
    expect(play([7, READ], [7, 'fc:03 bytes:06 values:0014_0015_0016'])).toBe('> <');
  });

  test('that can be nothing else may come as late as it likes', () => {
    expect(play([7, READ], [7, READ_REPLY, 60_000])).toBe('> <0');
    expect(play([7, READ], [7, 'fc:83 exception:0B', 60_000])).toBe('> <0');
  });

  test.each([
    READ_REPLY,
    'fc:83 exception:02',
    'fc:0F start:0013 quantity:000A',
    'fc:07 status:6D',
    'fc:2B mei:0E code:01 conformity:81 more:00_00 number:01 id:00 length:01 text:41',
  ])('that nobody has asked for is one all the same: %s', (reply) => {
    expect(play([7, reply])).toBe('<');
    expect(play([7, READ], [7, READ_REPLY], [7, reply])).toBe('> <0 <');
  });

  test('of one station leaves the request to another open', () => {
    expect(play([7, READ], [8, READ_REPLY], [7, READ_REPLY])).toBe('> < <0');
  });

  test('with an exception is two bytes long', () => {
    expect(play([7, READ], [7, 'fc:83 exception:02_00'], [7, 'fc:83 exception:02'])).toBe('> < <0');
  });

  test('of an exception of another function answers nothing', () => {
    expect(play([7, READ], [7, 'fc:84 exception:02'])).toBe('> <');
  });
});

describe('a request that is not answered', () => {
  test('is told with the next one, to whomever that is', () => {
    expect(play([7, READ], [8, READ], [8, READ_REPLY], [7, READ])).toBe('> >!0 <1 >');
    expect(play([7, READ], [0, 'fc:06 address:0001 value:0003'])).toBe('> >!0');
  });

  test('is told each time that it is repeated', () => {
    expect(play([7, READ], [7, READ], [7, READ], [7, READ_REPLY])).toBe('> >!0 >!1 <2');
  });
});
