import { EventEmitter } from 'node:events';
import type { SerialPort } from 'serialport';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openPort } from '../../../../interop/helpers/open-port.js';
import { createPtyPair, type PtyPair } from '../../../../interop/helpers/pty.js';
import { FakePort } from '../helpers/fake-port.js';
import { toHex } from '../helpers/hex.js';
import { createSerial, rtuRead, rtuReply } from '../helpers/serial.js';

const ROUNDS = 20;

let pairs: PtyPair[];

beforeEach(async () => {
  pairs = await Promise.all([createPtyPair(), createPtyPair(), createPtyPair()]);
});
afterEach(async () => {
  await Promise.all(pairs.map((pair) => pair.remove()));
});

/** Asks for a register, and waits for the whole reply. */
function ask(port: SerialPort, address: number): Promise<string> {
  const expected = rtuReply(address).length;
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    port.on('data', function collect(chunk: Uint8Array) {
      received = Buffer.concat([received, chunk]);
      if (received.length < expected) return;
      port.off('data', collect);
      resolve(toHex(received));
    });
    port.write(rtuRead(address));
  });
}

test('several ports of one process are served side by side', async () => {
  for (const { a } of pairs) await createSerial({ path: a }).listen();
  const clients = await Promise.all(pairs.map(({ b }) => openPort(b)));
  for (let round = 0; round < ROUNDS; round++) {
    const replies = await Promise.all(clients.map((client, i) => ask(client, round + i)));
    expect(replies).toEqual(clients.map((_, i) => toHex(rtuReply(round + i))));
  }
});

/** A port as the package makes it, which hears from the system by a poller. */
class PolledPort extends FakePort {
  readonly port = { poller: new EventEmitter() };
}

test.each(['readable', 'writable', 'disconnect'])(
  'a process with nothing else to do is woken when the package hears that a port is %s',
  async (event) => {
    const port = new PolledPort();
    const server = createSerial({ port });
    for (let time = 0; time < 3; time++) {
      await server.listen();
      await server.close();
    }
    const woken = vi.spyOn(globalThis, 'setImmediate');
    port.port.poller.emit(event, null);
    expect(woken).toHaveBeenCalledTimes(1);
    woken.mockRestore();
  },
);
