import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { FakePort } from '../helpers/fake-port.js';
import { toHex } from '../helpers/hex.js';
import { createSerial, rtuRead, rtuReply } from '../helpers/serial.js';

const reply = (address: number) => `write ${toHex(rtuReply(address))}`;

/** Monotonic times of the steps, by which later ones are compared with earlier ones. */
const times = (port: FakePort) => port.log.all.map(({ at }) => at);
/** A timer may be early by the fraction of a millisecond that it does not know. */
const TIMER_GRAIN_MS = 1;
/** Of an odd number of times: one or two may be wrong where the machine halts the process as a timer begins. */
const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[all.length >> 1];

describe('with rts, a server', () => {
  test('raises RTS before a reply and lowers it after the last bit', async () => {
    const port = new FakePort();
    await createSerial({ port, rts: {} }).listen();
    expect(port.steps).toEqual(['rts low']);
    port.receive(rtuRead(1));
    expect(await port.done(5)).toEqual(['rts low', 'rts high', reply(1), 'drained', 'rts low']);
  });

  test('does the reverse where RTS is active low', async () => {
    const port = new FakePort();
    await createSerial({ port, rts: { active: 'low' } }).listen();
    port.receive(rtuRead(1));
    expect(await port.done(5)).toEqual(['rts high', 'rts low', reply(1), 'drained', 'rts high']);
  });

  test('waits before the first bit and after the last one', async () => {
    const port = new FakePort();
    await createSerial({ port, rts: { delayBefore: 20, delayAfter: 30 } }).listen();
    const [before, after]: [number[], number[]] = [[], []];
    for (let reply = 1; reply <= 5; reply++) {
      port.receive(rtuRead(reply));
      await port.done(1 + 4 * reply);
      const [raised = 0, written = 0, drained = 0, lowered = 0] = times(port).slice(-4);
      before.push(written - raised);
      after.push(lowered - drained);
    }
    expect(median(before)).toBeGreaterThanOrEqual(20 - TIMER_GRAIN_MS);
    expect(median(after)).toBeGreaterThanOrEqual(30 - TIMER_GRAIN_MS);
  });

  test('sends what is added meanwhile before it changes the direction', async () => {
    const port = new FakePort();
    port.hold();
    await createSerial({ port, rts: {} }).listen();
    port.receive(rtuRead(1));
    await port.done(3);
    port.receive(rtuRead(2));
    await nextTurn();
    port.release();
    expect(await port.done(7)).toEqual(['rts low', 'rts high', reply(1), 'drained', reply(2), 'drained', 'rts low']);
  });

  test('sends the last reply and lowers RTS before close() is done', async () => {
    const port = new FakePort();
    port.hold();
    const server = await createSerial({ port, rts: { delayAfter: 5 } }).listen();
    port.receive(rtuRead(1));
    await port.done(3);
    const closed = server.close();
    port.release();
    await closed;
    expect(port.steps).toEqual(['rts low', 'rts high', reply(1), 'drained', 'rts low']);
  });

  test('tells the hooks when RTS fails, gives up that reply, and sends the next', async () => {
    const port = new FakePort();
    const errors: Error[] = [];
    const handler = { error: (error: Error) => void errors.push(error) };
    const server = await createSerial({ port, rts: {}, handler }).listen();
    const lost = record(server, 'portLost');
    port.refusal = new Error('Input/output error, cannot set');
    port.receive(rtuRead(1));
    await port.done(2);
    await expect.poll(() => errors).toEqual([port.refusal]);
    port.refusal = null;
    port.receive(rtuRead(2));
    expect(await port.done(6)).toEqual(['rts low', 'rts high', 'rts high', reply(2), 'drained', 'rts low']);
    expect(lost.all).toEqual([]);
  });

  test('cannot listen where RTS cannot be set', async () => {
    const port = new FakePort();
    port.refusal = new Error('Inappropriate ioctl for device, cannot set');
    await expect(createSerial({ port, rts: {} }).listen()).rejects.toMatchObject({
      code: 'RTS_FAILED',
      message: '/dev/fake cannot set RTS: Inappropriate ioctl for device, cannot set',
      cause: port.refusal,
    });
  });
});

test('without rts, a server leaves RTS alone', async () => {
  const port = new FakePort();
  await createSerial({ port }).listen();
  port.receive(rtuRead(1));
  expect(await port.done(1)).toEqual([reply(1)]);
});
