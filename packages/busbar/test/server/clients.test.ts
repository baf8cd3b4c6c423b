import { ModbusException, OptionsError, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { ask, createCountingUnit, registerReply, serve } from '../helpers/served.js';

const READ = 'fc:03 start:0005 quantity:0001';

async function withClients() {
  const served = await serve({ units: [createCountingUnit()] });
  const disconnected = record(served.server, 'disconnect');
  const clients = [await served.connect(), await served.connect(), await served.connect()] as const;
  for (const client of clients) expect(await ask(client, 1, READ)).toBe(registerReply(5));
  return { ...served, disconnected, clients };
}

describe('peers()', () => {
  test('lists who is connected, longest first', async () => {
    const { server, clients, disconnected } = await withClients();
    const ports = () => server.peers().map(({ port }) => port);
    expect(ports()).toEqual(clients.map(({ socket }) => socket.localPort));
    const [, , port] = ports();
    clients[0].socket.destroy();
    clients[1].socket.destroy();
    await disconnected.reached(2);
    expect(server.peers()).toEqual([{ transport: 'tcp', address: '127.0.0.1', port }]);
  });

  test('are the clients of the events', async () => {
    const { server } = await withClients();
    const disconnected = record(server, 'disconnect');
    const [first] = server.peers();
    server.disconnect((client) => client === first);
    expect((await disconnected.reached(1))[0]?.peer).toBe(first);
  });
});

describe('clients()', () => {
  test('tell how much each has asked, and go on while it is connected', async () => {
    const before = Date.now();
    const { server, clients } = await withClients();
    const [first, second] = server.clients();
    expect(first).toMatchObject({ peer: { port: clients[0].socket.localPort }, requests: 1, exceptions: 0 });
    expect(await ask(clients[0], 1, 'fc:03 start:FFF0 quantity:0001')).toBe('8302');
    expect(await ask(clients[0], 9, READ)).toBe('830B');
    expect(first).toMatchObject({ requests: 3, exceptions: 2 });
    expect(second).toMatchObject({ requests: 1, exceptions: 0 });
    expect(first.since).toBeGreaterThanOrEqual(before);
    expect(first.lastRequest).toBeGreaterThanOrEqual(first.since);
  });

  test('have asked nothing before they do', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit()] });
    const connected = record(server, 'connect');
    await connect();
    await connected.reached(1);
    expect(server.clients()).toMatchObject([{ requests: 0, exceptions: 0, lastRequest: undefined }]);
  });

  test('include the exceptions of handlers, which come later', async () => {
    const fail = async () => Promise.reject(new ModbusException(4));
    const unit = new Unit({ id: 1, holdingRegisters: { read: fail } });
    const { server, connect } = await serve({ units: [unit] });
    const client = await connect();
    expect(await ask(client, 1, READ)).toBe('8304');
    expect(server.clients()).toMatchObject([{ requests: 1, exceptions: 1 }]);
  });
});

describe('disconnect()', () => {
  test('cuts those that are meant, says why, and how many there were', async () => {
    const { server, clients, disconnected } = await withClients();
    const [first, second, third] = clients;
    const { localPort } = second.socket;
    expect(server.disconnect(({ port }) => port !== localPort, 'maintenance')).toBe(2);
    const events = await disconnected.reached(2);
    expect(events.map(({ error }) => error)).toMatchObject(
      Array(2).fill({ code: 'DISCONNECTED', message: 'maintenance' }),
    );
    expect(await first.next()).toBeUndefined();
    expect(await third.next()).toBeUndefined();
    expect(await ask(second, 1, READ)).toBe(registerReply(5));
    expect(server.connections).toBe(1);
  });

  test('of nobody cuts nobody', async () => {
    const { server } = await withClients();
    expect(server.disconnect(() => false)).toBe(0);
    expect(server.connections).toBe(3);
  });

  test('that fails for one cuts nobody', async () => {
    const { server, clients } = await withClients();
    const fails = () =>
      server.disconnect(({ port }) => {
        if (port === clients[2].socket.localPort) throw new Error('no answer');
        return true;
      });
    expect(fails).toThrow('no answer');
    for (const client of clients) expect(await ask(client, 1, READ)).toBe(registerReply(5));
  });

  test('that are told by a promise is refused: it would cut everybody', async () => {
    const { server } = await withClients();
    for (const choose of [async () => false, () => Promise.resolve(false)]) {
      expect(() => server.disconnect(choose as never)).toThrow('which: expected a synchronous function');
    }
    expect(server.connections).toBe(3);
  });

  test('without a function is refused', async () => {
    const { server } = await withClients();
    expect(() => server.disconnect('127.0.0.1' as never)).toThrow(OptionsError);
  });
});
