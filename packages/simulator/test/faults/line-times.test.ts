import { type FaultOptions, Faults } from 'busbar-simulator';
import { afterEach, expect, test, vi } from 'vitest';
import { rtuRead, rtuReply } from '../../../busbar/test/helpers/serial.js';
import { sentAt, serveInVirtualTime } from '../../../busbar/test/helpers/virtual-line.js';

afterEach(() => {
  vi.useRealTimers();
});

const reply = rtuReply(5);

/** What a line carries, and when, after a request for register 5 in the first moment. */
async function sent(fault: Partial<FaultOptions>, time: number, seed = 1): Promise<readonly string[]> {
  const faults = new Faults([{ name: 'line', ...fault }], { seed });
  const line = await serveInVirtualTime({ handler: faults.handler() });
  line.receive(rtuRead(5));
  await line.pass(time);
  return line.sent;
}

test('a reply on a serial line comes later by a delay, to the millisecond', async () => {
  expect(await sent({ delay: '200ms' }, 199)).toEqual([]);
  vi.useRealTimers();
  expect(await sent({ delay: '200ms' }, 200)).toEqual([sentAt(200, reply)]);
});

test('a delay of a range is another one each time, the same with the same seed', async () => {
  const times = async (seed: number) => {
    const faults = new Faults([{ name: 'line', delay: '200ms..800ms' }], { seed });
    const line = await serveInVirtualTime({ handler: faults.handler() });
    const found: number[] = [];
    for (let i = 0; i < 20; i++) {
      const begun = performance.now();
      line.receive(rtuRead(5));
      for (let waited = 0; line.sent.length === i && waited < 1000; waited++) await line.pass(1);
      found.push(performance.now() - begun);
      await line.pass(1000);
    }
    vi.useRealTimers();
    return found;
  };
  const first = await times(3);
  expect(Math.min(...first)).toBeGreaterThanOrEqual(200);
  expect(Math.max(...first)).toBeLessThanOrEqual(800);
  expect(new Set(first).size).toBeGreaterThan(10);
  expect(await times(3)).toEqual(first);
  expect(await times(4)).not.toEqual(first);
});

test('the parts of a split reply come apart by its pause, once more if it is doubled', async () => {
  const [head, tail] = [reply.subarray(0, 3), reply.subarray(3)];
  expect(await sent({ split: '50ms', delay: '10ms', duplicate: true }, 1000)).toEqual([
    sentAt(10, head),
    sentAt(60, tail),
    sentAt(60, head),
    sentAt(110, tail),
  ]);
});

test('a pause behind the last byte is none', async () => {
  expect(await sent({ split: { after: 7, pause: '50ms' } }, 1000)).toEqual([sentAt(0, reply)]);
});

test('two pauses are made where they stand, and delays add up', async () => {
  const faults = new Faults([
    { name: 'one', split: { after: 5, pause: '20ms' }, delay: '100ms' },
    { name: 'two', split: { after: 1, pause: '30ms' }, delay: '100ms' },
  ]);
  const line = await serveInVirtualTime({ handler: faults.handler() });
  line.receive(rtuRead(5));
  await line.pass(1000);
  expect(line.sent).toEqual([
    sentAt(200, reply.subarray(0, 1)),
    sentAt(230, reply.subarray(1, 5)),
    sentAt(250, reply.subarray(5)),
  ]);
});

test('a reply that comes when its client has asked again comes all the same, ahead of the next one', async () => {
  const faults = new Faults([{ name: 'slow', delay: '300ms', times: 1 }]);
  const line = await serveInVirtualTime({ handler: faults.handler() });
  line.receive(rtuRead(5));
  await line.pass(200);
  line.receive(rtuRead(6));
  await line.pass(200);
  expect(line.sent).toEqual([sentAt(300, reply), sentAt(300, rtuReply(6))]);
});
