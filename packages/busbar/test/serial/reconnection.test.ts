import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPort } from '../../../../interop/helpers/open-port.js';
import { createPtyPair, type PtyPair } from '../../../../interop/helpers/pty.js';
import { record } from '../helpers/events.js';
import { toHex } from '../helpers/hex.js';
import { createSerial, rtuRead, rtuReply } from '../helpers/serial.js';
import { closeStream } from '../helpers/stream-connector.js';

let pair: PtyPair;
beforeEach(async () => {
  pair = await createPtyPair();
});
afterEach(() => pair.remove());

const soon = { initialDelay: 1, maxDelay: 20 };

/** One request and its reply, over a port of its own. */
async function isServed(address: number): Promise<void> {
  const port = await openPort(pair.b);
  const wanted = toHex(rtuReply(address));
  let received = '';
  const replied = new Promise<void>((resolve) => {
    port.on('data', (chunk: Buffer) => {
      received += toHex(chunk);
      if (received.length >= wanted.length) resolve();
    });
  });
  port.write(rtuRead(address));
  await replied;
  expect(received).toBe(wanted);
  await closeStream(port);
}

describe('a server whose port is pulled out', () => {
  test('tells of it, opens the port when it is back, and serves again', async () => {
    const server = createSerial({ path: pair.a, reconnect: soon });
    const [connects, disconnects, lost, opened] = [
      record(server, 'connect'),
      record(server, 'disconnect'),
      record(server, 'portLost'),
      record(server, 'portOpened'),
    ];
    await server.listen();
    await isServed(7);
    for (let time = 1; time <= 3; time++) {
      await pair.unplug();
      await lost.reached(time);
      expect(server).toMatchObject({ connections: 0, listening: true });
      await pair.plug();
      await opened.reached(time);
      await isServed(10 + time);
    }
    expect(lost.all[0]).toEqual({ path: pair.a, error: expect.any(Error), reopening: true });
    expect(opened.all[0]).toEqual({ path: pair.a });
    expect(connects.all).toHaveLength(4);
    expect(disconnects.all).toHaveLength(3);
    expect(connects.all[0]?.peer).toEqual({ transport: 'serial', address: pair.a });
    expect(new Set([...connects.all, ...disconnects.all].map(({ peer }) => peer)).size).toBe(1);
  });

  test('keeps serveForever() pending over the loss, until it is closed', async () => {
    const server = createSerial({ path: pair.a, reconnect: soon });
    let ended = false;
    const forever = server.serveForever().then(() => {
      ended = true;
    });
    await once(server, 'listening');
    const [lost, opened] = [once(server, 'portLost'), once(server, 'portOpened')];
    await pair.unplug();
    await lost;
    await pair.plug();
    await opened;
    expect(ended).toBe(false);
    await server.close();
    await forever;
  });

  test.each(['close', 'shutdown'] as const)('ends its waiting at once by %s()', async (end) => {
    const server = createSerial({ path: pair.a, reconnect: { initialDelay: 1_000_000 } });
    await server.listen();
    const lost = once(server, 'portLost');
    await pair.unplug();
    await lost;
    await server[end]();
    expect(server).toMatchObject({ listening: false, connections: 0 });
    expect(server.address()).toBeNull();
  });

  test('does not open it again after a listener of the loss has closed the server', async () => {
    const server = createSerial({ path: pair.a, reconnect: soon });
    const opened = record(server, 'portOpened');
    await server.listen();
    const closed = once(server, 'close');
    server.on('portLost', () => server.close());
    await pair.unplug();
    await closed;
    await pair.plug();
    await server.listen();
    await isServed(3);
    expect(opened.all).toEqual([]);
  });

  test('ends where it shall not reconnect', async () => {
    const server = createSerial({ path: pair.a, reconnect: false });
    const lost = record(server, 'portLost');
    await server.listen();
    const forever = server.serveForever();
    await pair.unplug();
    await forever;
    expect(server.listening).toBe(false);
    expect(lost.all).toEqual([{ path: pair.a, error: expect.any(Error), reopening: false }]);
  });
});
