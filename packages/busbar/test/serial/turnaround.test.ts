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

const TURNAROUND = 40;
const options = { turnaroundDelay: TURNAROUND };

const frame = (unit: number, pdu: string) => rtuClient.encode({ unit, pdu: hex(pdu) });
const WRITE = 'fc:06 address:0005 value:1234';

afterEach(() => {
  vi.useRealTimers();
});

describe('with a turnaround delay, a server', () => {
  test.each([
    ['a reply', rtuRead(7), rtuReply(7)],
    ['the reply to a write', frame(1, WRITE), frame(1, WRITE)],
    ['an exception', frame(1, 'fc:03 start:0063 quantity:0002'), frame(1, 'fc:83 code:02')],
    ['the refusal of an unknown function', frame(1, 'fc:65 data:0102'), frame(1, 'fc:E5 code:01')],
  ])('does not send %s before it is over', async (_, request, reply) => {
    const line = await serveInVirtualTime(options);
    line.receive(request);
    await line.pass(TURNAROUND - 1);
    expect(line.sent).toEqual([]);
    // What has no length of its own is a request only when the line has been silent for 50 ms.
    await line.pass(200);
    const time = request[1] === 0x65 ? 50 + TURNAROUND : TURNAROUND;
    expect(line.sent).toEqual([sentAt(time, reply)]);
  });

  test('does not send the refusal of a unit that it does not have before it is over', async () => {
    const line = await serveInVirtualTime({ ...options, unknownUnit: 'gatewayTargetFailed' });
    line.receive(rtuRead(7, 5));
    await line.pass(TURNAROUND);
    expect(line.sent).toEqual([sentAt(TURNAROUND, frame(5, 'fc:83 code:0B'))]);
  });

  test('carries a write out at once', async () => {
    const unit = createCountingUnit();
    const line = await serveInVirtualTime({ ...options, units: [unit] });
    line.receive(frame(1, WRITE));
    expect(unit.holdingRegisters.get(5)).toBe(0x1234);
    expect(line.sent).toEqual([]);
  });

  test('counts it from each request, and keeps their order', async () => {
    const line = await serveInVirtualTime({ ...options, discardStaleReplies: false });
    line.receive(rtuRead(1));
    await line.pass(10);
    line.receive(rtuRead(2));
    await line.pass(100);
    expect(line.sent).toEqual([sentAt(TURNAROUND, rtuReply(1)), sentAt(TURNAROUND + 10, rtuReply(2))]);
  });

  test('answers two requests that come together, in their order', async () => {
    const line = await serveInVirtualTime(options);
    line.receive(rtuRead(1), rtuRead(2));
    await line.pass(TURNAROUND);
    expect(line.sent).toEqual([sentAt(TURNAROUND, rtuReply(1)), sentAt(TURNAROUND, rtuReply(2))]);
  });

  test('keeps no request waiting for one that is not answered', async () => {
    const unit = createCountingUnit();
    const line = await serveInVirtualTime({ ...options, units: [unit] });
    line.receive(frame(0, WRITE), rtuRead(6));
    expect(unit.holdingRegisters.get(5)).toBe(0x1234);
    await line.pass(TURNAROUND);
    expect(line.sent).toEqual([sentAt(TURNAROUND, rtuReply(6))]);
  });

  test('is silent in listen-only mode, and answers again after it', async () => {
    const line = await serveInVirtualTime(options);
    const [listenOnly, restart] = ['fc:08 sub:0004 data:0000', 'fc:08 sub:0001 data:0000'];
    for (const request of [frame(1, listenOnly), rtuRead(1), frame(1, restart)]) {
      line.receive(request);
      await line.pass(100);
    }
    line.receive(rtuRead(2));
    await line.pass(TURNAROUND);
    expect(line.sent).toEqual([sentAt(300 + TURNAROUND, rtuReply(2))]);
  });

  test('sends what a handler has taken longer for without further delay', async () => {
    const answer = createGate<number[]>();
    const line = await serveInVirtualTime({ ...options, units: [createHandledUnit(() => answer.opened)] });
    line.receive(rtuRead(1));
    await line.pass(TURNAROUND + 25);
    answer.open([1]);
    await line.pass(0);
    expect(line.sent).toEqual([sentAt(TURNAROUND + 25, rtuReply(1))]);
  });

  test('sends the waiting reply before close() is done', async () => {
    const line = await serveInVirtualTime(options);
    line.receive(rtuRead(1));
    const closed = line.server.close();
    await line.pass(TURNAROUND);
    await closed;
    expect(line.sent).toEqual([sentAt(TURNAROUND, rtuReply(1))]);
  });

  test('drops the waiting reply by shutdown()', async () => {
    const line = await serveInVirtualTime(options);
    line.receive(rtuRead(1));
    await line.server.shutdown();
    await line.pass(100);
    expect(line.sent).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('without one, a server replies at once', async () => {
  const line = await serveInVirtualTime({});
  line.receive(rtuRead(1));
  expect(line.sent).toEqual([sentAt(0, rtuReply(1))]);
});

test.each([
  [-1, 'expected an integer from 0 to 10000, found -1'],
  [10_001, 'expected an integer from 0 to 10000, found 10001'],
  [0.5, 'expected an integer from 0 to 10000, found 0.5'],
  ['5', 'expected an integer from 0 to 10000, found "5"'],
])('a turnaround delay of %j is refused', (turnaroundDelay, message) => {
  const wrong: object = { turnaroundDelay };
  const create = () => createSerial({ ...wrong, port: new WirePort() });
  expect(create).toThrow(OptionsError);
  expect(create).toThrow(message);
});
