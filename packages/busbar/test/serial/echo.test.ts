import { Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { FakePort } from '../helpers/fake-port.js';
import { hex, toHex } from '../helpers/hex.js';
import { rtuClient } from '../helpers/line-client.js';
import { createSerial, rtuRead, rtuReply } from '../helpers/serial.js';

const reply = (address: number) => `write ${toHex(rtuReply(address))}`;
/** Of all, the reply to it looks most like a request: it is the same. */
const WRITE = rtuClient.encode({ unit: 1, pdu: hex('fc:06 address:0005 value:1234') });

async function served(discardEcho: boolean) {
  const port = new FakePort();
  const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, values: [0, 1, 2, 3, 4, 5] }] });
  const server = await createSerial({ port, units: [unit], discardEcho }).listen();
  return { port, server, writes: record(unit, 'write') };
}

describe('with discardEcho, a server', () => {
  test('takes no reply of its own for a request', async () => {
    const { port, server, writes } = await served(true);
    port.receive(WRITE);
    await port.done(1);
    port.receive(WRITE);
    port.receive(rtuRead(1));
    expect(await port.done(2)).toEqual([`write ${toHex(WRITE)}`, reply(1)]);
    expect(writes.all).toHaveLength(1);
    expect(server.counters).toMatchObject({ requests: 2, messages: 2, communicationErrors: 0 });
  });

  test('discards an echo that comes in pieces, or together with the next request', async () => {
    const { port, server } = await served(true);
    port.receive(rtuRead(1));
    await port.done(1);
    for (const byte of rtuReply(1).subarray(0, -1)) port.receive(Uint8Array.of(byte));
    port.receive(Uint8Array.of(...rtuReply(1).subarray(-1), ...rtuRead(2)));
    await port.done(2);
    port.receive(Uint8Array.of(...rtuReply(2), ...rtuRead(3)));
    expect(await port.done(3)).toEqual([reply(1), reply(2), reply(3)]);
    expect(server.counters).toMatchObject({ messages: 3, foreignFrames: 0, communicationErrors: 0 });
  });

  test('discards the echoes of several replies', async () => {
    const { port, server } = await served(true);
    port.receive(Uint8Array.of(...rtuRead(1), ...WRITE));
    await port.done(1);
    port.receive(Uint8Array.of(...rtuReply(1), ...WRITE, ...rtuRead(3)));
    expect(await port.done(2)).toEqual([`${reply(1)}${toHex(WRITE)}`, reply(3)]);
    expect(server.counters).toMatchObject({ requests: 3, messages: 3 });
  });

  test('discards no more once a byte differs', async () => {
    const { port, writes } = await served(true);
    port.receive(WRITE);
    await port.done(1);
    // No echo came of the first one, so half of the next request is missing; the one after it is whole.
    port.receive(rtuRead(1));
    port.receive(WRITE);
    await port.done(2);
    expect(port.steps.at(-1)).toBe(`write ${toHex(WRITE)}`);
    expect(writes.all).toHaveLength(2);
  });
});

test('without discardEcho, a server answers a request that is the same as its reply', async () => {
  const { port } = await served(false);
  port.receive(WRITE);
  await port.done(1);
  port.receive(WRITE);
  expect(await port.done(2)).toEqual([`write ${toHex(WRITE)}`, `write ${toHex(WRITE)}`]);
});
