import { Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { createGate, createRecorder, record } from '../helpers/events.js';
import { hex } from '../helpers/hex.js';
import { frame, type MbapClient } from '../helpers/mbap-client.js';
import { ask, createCountingUnit, readRegister, registerReply, serve } from '../helpers/served.js';

const READ = 'fc:03 start:0005 quantity:0001';

async function isServed(client: MbapClient): Promise<void> {
  expect(await ask(client, 1, READ)).toBe(registerReply(5));
}

describe('the connection limit', () => {
  test('closes the connection that was unused the longest for a new one', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit()], limits: { connections: 3 } });
    const disconnected = record(server, 'disconnect');
    const [first, second, third] = [await connect(), await connect(), await connect()];
    for (const client of [second, third, first]) await isServed(client);
    const unused = second.socket.localPort;
    const fourth = await connect();
    await isServed(fourth);
    const [event] = await disconnected.reached(1);
    expect(event?.peer.port).toBe(unused);
    expect(event?.error).toMatchObject({ code: 'CONNECTION_LIMIT' });
    expect(await second.next()).toBeUndefined();
    for (const client of [first, third, fourth]) await isServed(client);
    expect(disconnected.all).toHaveLength(1);
  });

  test('closes the oldest of those that never sent anything', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit()], limits: { connections: 2 } });
    const disconnected = record(server, 'disconnect');
    const first = await connect();
    const second = await connect();
    const port = first.socket.localPort;
    await isServed(await connect());
    expect((await disconnected.reached(1))[0]?.peer.port).toBe(port);
    await isServed(second);
  });

  test('leaves the connections from priority addresses alone', async () => {
    const { server, connect } = await serve({
      units: [createCountingUnit()],
      limits: { connections: 2 },
      priorityClients: ['127.0.0.2'],
    });
    const disconnected = record(server, 'disconnect');
    const priority = await connect('127.0.0.2');
    await isServed(priority);
    const other = await connect();
    await isServed(other);
    for (let count = 1; count <= 5; count++) {
      await isServed(await connect());
      const all = await disconnected.reached(count);
      expect(all.at(-1)?.peer.address).toBe('127.0.0.1');
    }
    await isServed(priority);
    expect(await other.next()).toBeUndefined();
  });

  test('is kept though every connection is from a priority address', async () => {
    const { server, connect } = await serve({
      units: [createCountingUnit()],
      limits: { connections: 1 },
      priorityClients: ['127.0.0.2'],
    });
    const priority = await connect('127.0.0.2');
    await isServed(priority);
    const refused = await connect();
    expect(await refused.next()).toBeUndefined();
    await isServed(priority);
    expect(server.counters.connectionsRefused).toBe(1);
  });

  test('closes an idle connection rather than one with a request in progress', async () => {
    const gate = createGate<number[]>();
    const begun = createRecorder<unknown>();
    const slow = new Unit({
      id: 2,
      holdingRegisters: {
        read: (context) => {
          begun.record(context);
          return gate.opened;
        },
      },
    });
    const { server, connect } = await serve({ units: [createCountingUnit(), slow], limits: { connections: 2 } });
    const disconnected = record(server, 'disconnect');
    const busy = await connect();
    busy.send(2, readRegister(5));
    await begun.reached(1);
    const idle = await connect();
    await isServed(idle);
    const idlePort = idle.socket.localPort;
    await isServed(await connect());
    expect((await disconnected.reached(1))[0]?.peer.port).toBe(idlePort);
    gate.open([7]);
    expect((await busy.next())?.pdu).toEqual(hex(registerReply(7)));
  });
});

describe('time limits', () => {
  test('an idle connection is closed, with the reason', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit()], limits: { idleTimeout: 20 } });
    const disconnected = record(server, 'disconnect');
    const client = await connect();
    expect(await client.next()).toBeUndefined();
    expect((await disconnected.reached(1))[0]?.error).toMatchObject({ name: 'ConnectionError', code: 'IDLE_TIMEOUT' });
  });

  test.each([1, 6, 7, 11])(
    'a frame that stops after %i bytes closes its connection, with the reason',
    async (length) => {
      const { server, connect } = await serve({ units: [createCountingUnit()], limits: { frameTimeout: 20 } });
      const disconnected = record(server, 'disconnect');
      const bystander = await connect();
      const client = await connect();
      await isServed(client);
      client.write(frame(1, 1, readRegister(5)).subarray(0, length));
      expect(await client.next()).toBeUndefined();
      expect((await disconnected.reached(1))[0]?.error).toMatchObject({
        name: 'ConnectionError',
        code: 'FRAME_TIMEOUT',
      });
      await isServed(bystander);
    },
  );

  test('a connection that does not take its replies is closed as an idle one', async () => {
    const { server, connect } = await serve({
      units: [createCountingUnit()],
      limits: { idleTimeout: 50, closeTimeout: 20 },
    });
    const disconnected = record(server, 'disconnect');
    const client = await connect();
    client.socket.pause();
    const request = frame(1, 1, hex('fc:03 start:0000 quantity:0064'));
    client.write(Buffer.concat(Array.from({ length: 100_000 }, () => request)));
    expect((await disconnected.reached(1))[0]?.error).toMatchObject({ code: 'IDLE_TIMEOUT' });
    expect(server.counters.bytesReceived).toBeLessThan(100_000 * request.length);
  });
});
