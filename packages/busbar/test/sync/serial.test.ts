import { ListenError } from 'busbar';
import { type SyncServer, startSerialServerSync, stopServerSync } from 'busbar/sync';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openPort } from '../../../../interop/helpers/open-port.js';
import { createPtyPair, type PtyPair } from '../../../../interop/helpers/pty.js';
import { toHex } from '../helpers/hex.js';
import { rtuRead, rtuReply } from '../helpers/serial.js';
import { createCountingUnit } from '../helpers/served.js';
import { thrownBy } from './thrown.js';

// A thread runs without vitest, so it needs the built library.
vi.mock('../../src/sync/worker-file.js', () => ({
  workerFile: new URL('../../dist/sync/busbar-worker.js', import.meta.url),
}));

let pair: PtyPair;

beforeEach(async () => {
  pair = await createPtyPair();
});
afterEach(async () => {
  stopServerSync();
  await pair.remove();
});

function start(options: { reconnect?: false | { initialDelay: number } } = {}): SyncServer<string> {
  return startSerialServerSync({ units: [createCountingUnit()], path: pair.a, ...options });
}

/** Asks for a register at the other end of the line. */
async function read(address: number): Promise<string> {
  const client = await openPort(pair.b);
  const received: Uint8Array[] = [];
  const expected = rtuReply(address).length;
  client.on('data', (bytes: Uint8Array) => received.push(bytes));
  client.write(rtuRead(address));
  await expect.poll(() => Buffer.concat(received).length).toBe(expected);
  await new Promise((resolve) => client.close(resolve));
  return toHex(Buffer.concat(received));
}

test('a synchronous server serves a serial line', async () => {
  const server = start();
  expect(server.address()).toBe(pair.a);
  expect(await read(7)).toBe(toHex(rtuReply(7)));
  expect(server.counters).toMatchObject({ requests: 1, replies: 1 });
});

test('stopping it gives the port back', async () => {
  start().stop();
  const again = start();
  expect(await read(9)).toBe(toHex(rtuReply(9)));
  expect(again.listening).toBe(true);
});

test('a port that is in use cannot be opened a second time', () => {
  start();
  const error = thrownBy(start);
  expect(error).toBeInstanceOf(ListenError);
  expect(error).toMatchObject({ code: 'EBUSY' });
  expect(error.message).toContain(pair.a);
});

test('a lost port is told by takeErrors, and served again when it is back', async () => {
  const server = start({ reconnect: { initialDelay: 10 } });
  await pair.unplug();
  await expect.poll(() => server.takeErrors().errors).not.toEqual([]);
  expect(server.listening).toBe(true);
  await pair.plug();
  const served = () => server.counters.connectionsAccepted;
  await expect.poll(served).toBe(2);
  expect(await read(5)).toBe(toHex(rtuReply(5)));
});

test('a lost port that is not to be opened again ends the server', async () => {
  const server = start({ reconnect: false });
  await pair.unplug();
  await expect.poll(() => server.listening).toBe(false);
  expect(server.takeErrors().errors).not.toEqual([]);
  expect(thrownBy(() => server.waitForWrite())).toMatchObject({ code: 'SERVER_THREAD_ENDED' });
});
