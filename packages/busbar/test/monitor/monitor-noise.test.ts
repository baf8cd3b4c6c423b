import { describe, expect, test } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import { ascii, cuts, Listening, rtu, toldOf } from './listening.js';

const READ = rtu(2, 'fc:03 start:0000 quantity:0002');
const READ_LINE = '> 2 0300000002';
const READ_REPLY = rtu(2, 'fc:03 bytes:04 values:0014_0015');
const REPLY_LINE = '< 2 030400140015 to 0300000002';
const OTHER = rtu(3, 'fc:04 start:0000 quantity:0001');
const OTHER_LINE = '> 3 0400000001';

/** The same with its last bit turned. */
const damaged = (frame: Uint8Array) => frame.with(-1, frame[frame.length - 1] ^ 1);
const noise = (bytes: Uint8Array) => `? ${toHex(bytes)}`;

describe('noise on an RTU line', () => {
  const RUBBISH = hex('FF_00_FE_13_77');

  test.each([
    ['ahead of everything', [RUBBISH, READ, READ_REPLY], [noise(RUBBISH), READ_LINE, REPLY_LINE]],
    ['between a request and its reply', [READ, RUBBISH, READ_REPLY], [READ_LINE, noise(RUBBISH), REPLY_LINE]],
    ['at the end', [READ, READ_REPLY, RUBBISH], [READ_LINE, REPLY_LINE, noise(RUBBISH)]],
    ['that is a single byte', [READ, hex('00'), READ_REPLY], [READ_LINE, '? 00', REPLY_LINE]],
    ['that is a frame with a wrong CRC', [damaged(READ), OTHER], [noise(damaged(READ)), OTHER_LINE]],
    [
      'that is a reply with a wrong CRC',
      [READ, damaged(READ_REPLY), OTHER],
      [READ_LINE, noise(damaged(READ_REPLY)), `! ${READ_LINE.slice(2)}`, OTHER_LINE],
    ],
    [
      'that is the beginning of a request',
      [READ.subarray(0, 5), OTHER, READ, READ_REPLY],
      [noise(READ.subarray(0, 5)), OTHER_LINE, `! ${OTHER_LINE.slice(2)}`, READ_LINE, REPLY_LINE],
    ],
    ['and nothing else', [RUBBISH], [noise(RUBBISH)]],
  ])('%s is told byte by byte, however cut', async (_, parts, told) => {
    for (const pieces of cuts(Buffer.concat(parts))) {
      expect(await toldOf(pieces), `cut at ${pieces[0].length}`).toEqual(told);
    }
  });

  test('that never ends is told in parts, none of which is missing', async () => {
    const bytes = Uint8Array.from({ length: 2000 }, (_, i) => (i % 2 === 0 ? 0xff : 0xf8 + ((i >> 1) % 7)));
    const listening = await Listening.start();
    await listening.hear(bytes);
    expect(listening.told.all.length).toBeGreaterThan(0);
    await listening.hear(READ);
    const told = await listening.end();
    expect(told.pop()).toBe(READ_LINE);
    expect(told.map((line) => line.replace('? ', '')).join('')).toBe(toHex(bytes));
    expect(listening.monitor.counters).toMatchObject({ communicationErrors: 1, resynchronisations: 1, messages: 1 });
  });

  test('is told when the line falls silent', async () => {
    const listening = await Listening.start({ silence: 1 });
    await listening.hear(RUBBISH);
    expect(await listening.told.reached(1)).toEqual([noise(RUBBISH)]);
  });

  test('that is the beginning of a frame is told when the line falls silent', async () => {
    const listening = await Listening.start({ silence: 1 });
    await listening.hear(READ.subarray(0, 7));
    expect(await listening.told.reached(1)).toEqual([noise(READ.subarray(0, 7))]);
    await listening.hear(READ);
    expect(await listening.told.reached(2)).toEqual([noise(READ.subarray(0, 7)), READ_LINE]);
  });

  test('is counted, once for each stretch of it', async () => {
    const listening = await Listening.start();
    await listening.hear(RUBBISH, READ, RUBBISH, RUBBISH, READ_REPLY);
    await listening.end();
    expect(listening.monitor.counters).toMatchObject({
      bytesReceived: 3 * RUBBISH.length + READ.length + READ_REPLY.length,
      messages: 2,
      foreignFrames: 2,
      communicationErrors: 2,
      resynchronisations: 2,
    });
  });

  test('is a copy: it stays what it was', async () => {
    const listening = await Listening.start();
    // No station has such addresses: this waits for nothing.
    const rubbish = hex('FF_FE_FD');
    const bytes = Buffer.concat([rubbish, READ]);
    await listening.hear(bytes);
    bytes.fill(0);
    await listening.hear(bytes);
    expect(listening.told.all).toEqual([noise(rubbish), READ_LINE]);
    expect(listening.heard.all[0]).toMatchObject({ bytes: rubbish });
  });
});

describe('a function that nothing tells the length of', () => {
  const REQUEST = rtu(5, 'fc:65 data:0102030405');
  const LINE = '> 5 650102030405';

  test('is a frame when the line falls silent behind it', async () => {
    const listening = await Listening.start({ silence: 1 });
    await listening.hear(REQUEST);
    expect(await listening.told.reached(1)).toEqual([LINE]);
  });

  test('is a frame when the line falls silent behind another one that follows', async () => {
    const listening = await Listening.start({ silence: 1 });
    await listening.hear(Buffer.concat([REQUEST, READ]));
    expect(await listening.told.reached(3)).toEqual([LINE, `! ${LINE.slice(2)}`, READ_LINE]);
  });

  test('is noise when its CRC is wrong', async () => {
    expect(await toldOf([damaged(REQUEST), READ])).toEqual([noise(damaged(REQUEST)), READ_LINE]);
  });
});

describe('noise on an ASCII line', () => {
  const ASCII = { framing: 'ascii' } as const;
  const text = (line: string) => Buffer.from(line, 'latin1');
  const ASCII_READ = ascii(2, 'fc:03 start:0000 quantity:0002');
  const said = (line: string) => noise(text(line));

  test.each([
    ['a wrong LRC', [text(':020300000002FA\r\n')], [said(':020300000002FA')]],
    ['a beginning without an end', [text(':020300'), ASCII_READ], [said(':020300'), READ_LINE]],
    ['a character that is no digit', [text(':0203x00'), ASCII_READ], [said(':0203'), READ_LINE]],
    ['an odd digit at its end, which is left out', [text(':02030\r\n')], [said(':0203')]],
    ['too few bytes', [text(':02FE\r\n')], [said(':02FE')]],
    ['too many bytes', [text(`:${'01'.repeat(300)}\r\n`)], [said(`:${'01'.repeat(261)}`)]],
    ['something between CR and LF', [text(':020300000002F9\rx\n'), ASCII_READ], [said(':020300000002F9'), READ_LINE]],
    ['nothing but a colon', [text('::'), ASCII_READ], [said(':'), said(':'), READ_LINE]],
  ])('is a frame with %s, however cut', async (_, parts, told) => {
    for (const pieces of cuts(Buffer.concat(parts))) {
      expect(await toldOf(pieces, ASCII), `cut at ${pieces[0].length}`).toEqual(told);
    }
  });

  test('is not told of what is outside of frames', async () => {
    expect(await toldOf([text('login: \r\n'), ASCII_READ, text('\r\n\0')], ASCII)).toEqual([said(':'), READ_LINE]);
  });

  test('is a beginning behind which the line falls silent', async () => {
    const listening = await Listening.start({ ...ASCII, silence: 1 });
    await listening.hear(text(':0203'));
    expect(await listening.told.reached(1)).toEqual([said(':0203')]);
  });

  test('may have been digits in lower case', async () => {
    expect(await toldOf([text(':02030000000af1\r\n'), text(':020300000c\n')], ASCII)).toEqual([
      '> 2 030000000A',
      said(':020300000C'),
    ]);
  });

  test('is counted', async () => {
    const listening = await Listening.start(ASCII);
    await listening.hear(text(':020300000002FA\r\n'), text(':0203'), ASCII_READ);
    await listening.end();
    expect(listening.monitor.counters).toMatchObject({ messages: 1, communicationErrors: 2, resynchronisations: 1 });
  });
});
