import { once } from 'node:events';
import { ModbusUdpServer, Unit } from 'busbar';
import { expect, onTestFinished, test } from 'vitest';
import { createGate } from '../helpers/events.js';
import { hex, toHex } from '../helpers/hex.js';
import { frame } from '../helpers/mbap-client.js';
import { onMessage, udpSocket } from '../helpers/udp-peer.js';

// An attack: one peer whose requests keep handlers busy until the server has room for nobody else's.

test('one peer does not take all the room that there is for requests in progress', async () => {
  const gate = createGate();
  const slow = new Unit({ id: 1, holdingRegisters: { read: async () => [1], write: () => gate.opened } });
  const fast = new Unit({ id: 2, holdingRegisters: [{ start: 0, values: [7] }] });
  const limits = { connections: 20, requestsInProgress: 4 };
  const server = await new ModbusUdpServer({ host: '127.0.0.1', port: 0, units: [slow, fast], limits }).listen();
  onTestFinished(() => server.shutdown());
  const { port } = server.address() ?? {};
  const [greedy, other] = [await udpSocket(), await udpSocket()];
  const answered = onMessage(greedy, () => {});
  for (let i = 0; i < 30; i++) greedy.send(frame(i, 1, hex('06 0000 0001')), port, '127.0.0.1');
  await expect.poll(() => server.counters.framesDropped).toBe(26);
  other.send(frame(1, 2, hex('03 0000 0001')), port, '127.0.0.1');
  const [reply] = await once(other, 'message');
  expect(toHex(reply)).toBe(toHex(frame(1, 2, hex('03 02 0007'))));
  gate.open();
  await expect.poll(() => answered.count).toBe(4);
  greedy.send(frame(1, 2, hex('03 0000 0001')), port, '127.0.0.1');
  await expect.poll(() => answered.count).toBe(5);
});
