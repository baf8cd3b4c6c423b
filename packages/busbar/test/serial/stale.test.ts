import { OptionsError } from 'busbar';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createGate } from '../helpers/events.js';
import { createHandledUnit } from '../helpers/handled-unit.js';
import { hex } from '../helpers/hex.js';
import { rtuClient } from '../helpers/line-client.js';
import { createSerial, rtuRead, rtuReply } from '../helpers/serial.js';
import { createCountingUnit } from '../helpers/served.js';
import { sentAt, serveInVirtualTime } from '../helpers/virtual-line.js';
import { WirePort } from '../helpers/wire-port.js';

const SLOWNESS = 100;
const FOREIGN = rtuRead(3, 0x11);
const NO_RESPONSES = 'fc:08 sub:000F';

const frame = (unit: number, pdu: string) => rtuClient.encode({ unit, pdu: hex(pdu) });

afterEach(() => {
  vi.useRealTimers();
});

/** A server whose unit 1 takes its time; unit 2 does not. */
async function serveSlowly(options: { discardStaleReplies?: boolean } = {}) {
  const slow = createHandledUnit(
    ({ address }) => new Promise((resolve) => setTimeout(() => resolve([address]), SLOWNESS)),
  );
  return serveInVirtualTime({ units: [slow, createCountingUnit(2)], ...options });
}

describe('the reply of a slow handler', () => {
  test('is sent while the line is silent', async () => {
    const line = await serveSlowly();
    line.receive(rtuRead(1));
    await line.pass(SLOWNESS);
    expect(line.sent).toEqual([sentAt(SLOWNESS, rtuReply(1))]);
    expect(line.server.counters.staleReplies).toBe(0);
  });

  test.each([
    ['a request to another station', FOREIGN],
    ['half of one', FOREIGN.subarray(0, 4)],
    ['noise', hex('5A_A5_5A_A5')],
    ['a broadcast', frame(0, 'fc:06 address:0005 value:1234')],
  ])('is not sent when the line has carried %s since', async (_, bytes) => {
    const line = await serveSlowly();
    line.receive(rtuRead(1));
    await line.pass(50);
    line.receive(bytes);
    await line.pass(500);
    expect(line.sent).toEqual([]);
    expect(line.server.counters).toMatchObject({ requests: 1, staleReplies: 1 });
  });

  test('is not sent when the bytes since have come one by one', async () => {
    const line = await serveSlowly();
    line.receive(rtuRead(1));
    for (const byte of hex('5A_A5_5A_A5')) line.receive(Uint8Array.of(byte));
    await line.pass(500);
    expect(line.sent).toEqual([]);
  });

  test('is not sent when the client has asked again, and that is answered alone', async () => {
    const line = await serveSlowly();
    line.receive(rtuRead(1));
    await line.pass(50);
    line.receive(rtuRead(2));
    await line.pass(500);
    expect(line.sent).toEqual([sentAt(50 + SLOWNESS, rtuReply(2))]);
    expect(line.server.counters).toMatchObject({ requests: 2, staleReplies: 1 });
  });

  test('is not sent when the client has asked another unit, and that is answered alone', async () => {
    const line = await serveSlowly();
    line.receive(rtuRead(1));
    await line.pass(50);
    line.receive(rtuRead(7, 2));
    await line.pass(500);
    expect(line.sent).toEqual([sentAt(SLOWNESS, rtuReply(7, 2))]);
    expect(line.server.counters.staleReplies).toBe(1);
  });

  test('counts among the messages without a response (08/0F) when it is not sent', async () => {
    const line = await serveSlowly();
    line.receive(rtuRead(1));
    await line.pass(50);
    line.receive(FOREIGN);
    await line.pass(500);
    line.receive(frame(1, `${NO_RESPONSES} data:0000`));
    await line.pass(0);
    expect(line.sent).toEqual([sentAt(550, frame(1, `${NO_RESPONSES} count:0001`))]);
  });

  test('is sent in spite of a glitch of up to three bytes', async () => {
    const line = await serveSlowly();
    line.receive(rtuRead(1));
    line.receive(hex('00_FF'));
    await line.pass(50);
    line.receive(hex('FF'));
    await line.pass(500);
    expect(line.sent).toEqual([sentAt(SLOWNESS, rtuReply(1))]);
  });

  test('is sent before that of a request that came in the same piece', async () => {
    const line = await serveSlowly();
    line.receive(rtuRead(1), rtuRead(7, 2));
    await line.pass(500);
    expect(line.sent).toEqual([sentAt(SLOWNESS, rtuReply(1), rtuReply(7, 2))]);
  });

  test('is sent in any case if the server is told so', async () => {
    const line = await serveSlowly({ discardStaleReplies: false });
    line.receive(rtuRead(1));
    await line.pass(50);
    line.receive(FOREIGN);
    await line.pass(500);
    expect(line.sent).toEqual([sentAt(SLOWNESS, rtuReply(1))]);
    expect(line.server.counters.staleReplies).toBe(0);
  });
});

test('a reply that waits for the turnaround delay is not sent when the line has carried something else since', async () => {
  const line = await serveInVirtualTime({ turnaroundDelay: 40 });
  line.receive(rtuRead(1));
  await line.pass(20);
  line.receive(FOREIGN);
  await line.pass(500);
  expect(line.sent).toEqual([]);
  expect(line.server.counters.staleReplies).toBe(1);
});

test('a handler that fails when the line has gone on does not answer either', async () => {
  const answer = createGate<number[]>();
  const line = await serveInVirtualTime({ units: [createHandledUnit(() => answer.opened)] });
  line.receive(rtuRead(1));
  line.receive(FOREIGN);
  answer.fail(new Error('no such sensor'));
  await line.pass(500);
  expect(line.sent).toEqual([]);
  expect(line.server.counters.staleReplies).toBe(1);
});

test.each([1, 'yes', null])('discardStaleReplies: %j is refused', (discardStaleReplies) => {
  const wrong: object = { discardStaleReplies };
  const create = () => createSerial({ ...wrong, port: new WirePort() });
  expect(create).toThrow(OptionsError);
  expect(create).toThrow('discardStaleReplies: expected true or false, found');
});
