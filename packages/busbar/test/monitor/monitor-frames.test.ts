import { describe, expect, test } from 'vitest';
import { hex } from '../helpers/hex.js';
import { CONVERSATION_TOLD, conversation } from './conversation.js';
import { EXCHANGES } from './exchanges.js';
import { ascii, cuts, Listening, replyLine, requestLine, rtu, toldOf } from './listening.js';

const FRAMINGS = [
  ['rtu', rtu],
  ['ascii', ascii],
] as const;

describe.each(FRAMINGS)('frames with the framing %s', (framing, encode) => {
  test('of several stations are told apart, and replies have their requests', async () => {
    expect(await toldOf([conversation(encode)], { framing })).toEqual(CONVERSATION_TOLD);
  });

  test('may be cut anywhere', async () => {
    for (const pieces of cuts(conversation(encode))) {
      expect(await toldOf(pieces, { framing }), `cut at ${pieces[0].length}`).toEqual(CONVERSATION_TOLD);
    }
  });

  test.each(EXCHANGES)('carry %s and its reply %s, however cut', async (request, reply) => {
    const [asked, answered] = [hex(request), hex(reply)];
    const told = [requestLine(7, asked), replyLine(7, answered, asked)];
    for (const pieces of cuts(Buffer.concat([encode(7, request), encode(7, reply)]))) {
      expect(await toldOf(pieces, { framing }), `cut at ${pieces[0].length}`).toEqual(told);
    }
  });

  test('have their framing, their unit, and times that go on', async () => {
    const before = performance.timeOrigin + performance.now();
    const listening = await Listening.start({ framing });
    for (const pieces of cuts(conversation(encode)).slice(0, 20)) await listening.hear(...pieces);
    await listening.end();
    let last = before;
    for (const { start, end, gap, ...frame } of listening.heard.all) {
      expect(start).toBeGreaterThanOrEqual(last);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(gap).toBe(last === before ? undefined : start - last);
      expect(frame).toMatchObject({ framing, unitId: expect.any(Number) });
      last = end;
    }
    expect(last).toBeLessThanOrEqual(performance.timeOrigin + performance.now());
  });

  test('are copies: they stay what they were when more has come', async () => {
    const listening = await Listening.start({ framing });
    const bytes = conversation(encode);
    await listening.hear(bytes);
    const frames = structuredClone(listening.heard.all);
    bytes.fill(0);
    await listening.hear(encode(99, 'fc:10 start:0001 quantity:0002 bytes:04 values:FFFF_FFFF'), bytes);
    expect(listening.heard.all.slice(0, frames.length)).toEqual(frames);
  });

  test('are counted, all as those of other stations', async () => {
    const listening = await Listening.start({ framing });
    const bytes = conversation(encode);
    await listening.hear(bytes);
    await listening.end();
    const frames = CONVERSATION_TOLD.filter((line) => !line.startsWith('!')).length;
    expect(listening.monitor.counters).toEqual({
      bytesReceived: bytes.length,
      bytesSent: 0,
      messages: frames,
      communicationErrors: 0,
      overruns: 0,
      framesDropped: 0,
      unknownUnit: 0,
      foreignFrames: frames,
      resynchronisations: 0,
    });
  });
});
