import { describe, expect, test } from 'vitest';
import { ascii } from '../../src/framing/ascii.js';
import { lrc } from '../../src/protocol/lrc.js';
import { hex, toHex } from '../helpers/hex.js';
import { bytewise, cuts, joined, Line } from './line.js';

const chars = (text: string) => new TextEncoder().encode(text);
const READ = chars(':01030000000AF2\r\n');
const DELIVERED = '01030000000A';

function frameOf(vector: string): Uint8Array {
  const bytes = hex(vector);
  return chars(`:${toHex(bytes)}${toHex(Uint8Array.of(lrc(bytes, 0, bytes.length)))}\r\n`);
}

function received(...parts: (string | Uint8Array)[]): Line {
  return new Line(ascii).receive(...parts.map((part) => (typeof part === 'string' ? chars(part) : part)));
}

describe('the ASCII reader', () => {
  test('delivers a frame however it is cut', () => {
    for (const cut of cuts(READ)) expect(received(...cut).frames).toEqual([DELIVERED]);
    expect(received(...bytewise(READ)).frames).toEqual([DELIVERED]);
  });

  test('delivers frames back to back, and asks for the rest of the chunk', () => {
    const line = received(joined(READ, chars(':01060001002AD'), chars('E\n'), READ, READ));
    expect(line.frames).toEqual([DELIVERED, DELIVERED, DELIVERED]);
    expect(line.counters.communicationErrors).toBe(1);
  });

  test('accepts lower-case hex', () => {
    expect(received(':01030000000af2\r\n').frames).toEqual([DELIVERED]);
  });

  test('passes over whatever stands between frames', () => {
    expect(received('noise\r\n01', READ, '\r\n\0', READ).frames).toEqual([DELIVERED, DELIVERED]);
  });

  test('begins anew at a colon anywhere', () => {
    for (const cut of [1, 2, 5, 10, 15, 16]) {
      const line = received(READ.subarray(0, cut), READ);
      expect(line.frames).toEqual([DELIVERED]);
      expect(line.counters.communicationErrors).toBe(1);
    }
  });

  test.each([
    ['a bad LRC', ':01030000000AF3\r\n'],
    ['an odd number of digits', ':01030000000AF\r\n'],
    ['a character that is no digit', ':0103G000000AF2\r\n'],
    ['nothing in it', ':\r\n'],
    ['no function code', ':01FF\r\n'],
    ['another character behind CR', ':01030000000AF2\rX\n'],
    ['no CR', ':01030000000AF2\n'],
  ])('drops and counts a frame with %s, and delivers the next', (_, text) => {
    const line = received(text, READ);
    expect(line.frames).toEqual([DELIVERED]);
    expect(line.counters.communicationErrors).toBe(1);
  });

  test('takes a PDU of 253 bytes and drops a longer one', () => {
    const longest = `01 fc:64 data:${'AB'.repeat(252)}`;
    expect(received(frameOf(longest)).frames).toEqual([toHex(hex(longest))]);
    const line = received(frameOf(`${longest}CD`), READ);
    expect(line.frames).toEqual([DELIVERED]);
    expect(line.counters.communicationErrors).toBe(1);
  });

  test('waits no longer for the rest of a frame when the line is silent', () => {
    const line = received(':0103');
    expect(line.reader.incomplete).toBe(true);
    line.silence();
    expect(line.reader.incomplete).toBe(false);
    line.receive(chars('0000000AF2\r\n'), READ);
    expect(line.frames).toEqual([DELIVERED]);
    expect(line.counters.communicationErrors).toBe(1);
  });

  test('counts frames for other stations, and exceptions, and delivers neither', () => {
    const line = received(frameOf('11 03 0000 0001'), frameOf('11 03 02 002A'), frameOf('01 83 02'), READ);
    expect(line.frames).toEqual([DELIVERED]);
    expect(line.counters).toMatchObject({ messages: 3, foreignFrames: 3, communicationErrors: 0 });
  });

  test('delivers a broadcast', () => {
    expect(received(frameOf('00 06 0001 002A')).frames).toEqual(['00060001002A']);
  });

  test('ends frames with a changed delimiter from the next one on', () => {
    for (const delimiter of ['#', ':', '\r', 'A']) {
      const line = new Line(ascii);
      line.receive(READ);
      line.line.asciiDelimiter = delimiter.charCodeAt(0);
      line.receive(chars(`:01030000000AF2\r${delimiter}`), chars(`:01030000000AF2\r${delimiter}`), READ);
      expect(line.frames).toEqual([DELIVERED, DELIVERED, DELIVERED]);
    }
  });
});

describe('an ASCII frame that is sent', () => {
  function seal(vector: string, start: number, unitId: number, delimiter = 0x0a): string {
    const pdu = hex(vector);
    const target = new Uint8Array(start + ascii.maxLength(pdu.length));
    target.set(pdu, start + ascii.headerLength);
    const end = ascii.seal(target, start, pdu.length, 0, unitId, delimiter);
    expect(end).toBe(target.length);
    return new TextDecoder().decode(target.subarray(start));
  }

  test('is expanded in place, in upper case, with its LRC', () => {
    expect(seal('fc:03 start:0000 quantity:000A', 0, 1)).toBe(':01030000000AF2\r\n');
    expect(seal('fc:83 code:02', 5, 0xf7)).toBe(':F7830284\r\n');
  });

  test('is at most 513 characters long, and read back is the same', () => {
    const pdu = `fc:03 ${Array.from({ length: 252 }, (_, i) => toHex(Uint8Array.of(i))).join('')}`;
    expect(ascii.maxLength(253)).toBe(513);
    expect(received(seal(pdu, 3, 1)).frames).toEqual([`01${toHex(hex(pdu))}`]);
  });

  test('ends with the delimiter that is set', () => {
    expect(seal('fc:83 code:02', 0, 1, 0x23)).toBe(':0183027A\r#');
  });
});
