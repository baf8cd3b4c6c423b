import { ListenError, type ModbusServer, ModbusTcpServer, ModbusUdpServer, Unit } from 'busbar';
import { describe, expect, test } from 'vitest';
import { createGate, createRecorder, record } from '../helpers/events.js';
import { flood } from '../helpers/flood.js';
import { connect, create, isServed } from '../helpers/lifecycle.js';
import { frame, MbapClient } from '../helpers/mbap-client.js';
import { createCountingUnit, portOf, readRegister, serve } from '../helpers/served.js';

test('servers of every transport are of the type ModbusServer', async () => {
  const units = [createCountingUnit()];
  const servers: ModbusServer[] = [create(), new ModbusUdpServer({ units, port: 0 })];
  await Promise.all(servers.map((server) => server.listen()));
  expect(servers.map((server) => server.listening)).toEqual([true, true]);
  await Promise.all(servers.map((server) => server.close()));
});

describe('close', () => {
  test('before listen does nothing', async () => {
    const server = create();
    await server.close();
    await server.shutdown();
    await server.listen();
    await isServed(await connect(server));
  });

  test('accepts no more, ends idle connections, and is done when all are closed', async () => {
    const server = create();
    await server.listen();
    const port = portOf(server);
    const disconnected = record(server, 'disconnect');
    const clients = [await connect(server), await connect(server)];
    for (const client of clients) await isServed(client);
    await server.close();
    expect(disconnected.all.map(({ error }) => error)).toMatchObject([
      { code: 'SERVER_CLOSED' },
      { code: 'SERVER_CLOSED' },
    ]);
    for (const client of clients) expect(await client.next()).toBeUndefined();
    await expect(MbapClient.connect({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('twice, or at the same time, ends once', async () => {
    const server = create();
    await server.listen();
    const closed = record(server, 'close');
    await Promise.all([server.close(), server.close(), server.shutdown()]);
    await server.close();
    expect(closed.all).toHaveLength(1);
  });

  test('while listen is under way ends what it began', async () => {
    const server = create();
    const listening = server.listen();
    await server.close();
    await listening;
    expect(server.address()).toBeNull();
    await server.listen();
    await isServed(await connect(server));
  });

  test('while a listen that fails is under way is done, too', async () => {
    const first = create();
    await first.listen();
    const second = create({ port: portOf(first) });
    const listening = second.listen().catch((reason: unknown) => reason);
    await second.close();
    expect(await listening).toBeInstanceOf(ListenError);
  });

  test('answers what is in progress', async () => {
    const gate = createGate<number[]>();
    const begun = createRecorder<unknown>();
    const unit = new Unit({
      id: 1,
      holdingRegisters: {
        read: (context) => {
          begun.record(context);
          return gate.opened;
        },
      },
    });
    const server = create({ units: [unit] });
    await server.listen();
    const client = await connect(server);
    client.write(Buffer.concat([1, 2, 3].map((id) => frame(id, 1, readRegister(0)))));
    await begun.reached(3);
    const closing = server.close();
    gate.open([7]);
    for (const id of [1, 2, 3]) expect((await client.next())?.transactionId).toBe(id);
    expect(await client.next()).toBeUndefined();
    await closing;
  });

  test('answers all requests that it had read', async () => {
    const server = create();
    await server.listen();
    const client = await connect(server);
    client.write(Buffer.concat(Array.from({ length: 300 }, (_, index) => frame(index, 1, readRegister(5)))));
    expect((await client.next())?.transactionId).toBe(0);
    await server.close();
    for (let index = 1; index < 300; index++) expect((await client.next())?.transactionId).toBe(index);
  });

  test('does not wait for a client that does not read, beyond its time', async () => {
    const { server, connect: open } = await serve({ units: [createCountingUnit()], limits: { closeTimeout: 30 } });
    const client = await open();
    const other = await open();
    await flood(client, other);
    await server.close();
    expect(server.connections).toBe(0);
  });
});

describe('shutdown', () => {
  test('is at once, whatever is in progress', async () => {
    const begun = createRecorder<unknown>();
    const unit = new Unit({
      id: 1,
      holdingRegisters: {
        read: (context) => {
          begun.record(context);
          return new Promise<number[]>(() => {});
        },
      },
    });
    const server = create({ units: [unit] });
    await server.listen();
    const client = await connect(server);
    client.send(1, readRegister(0));
    await begun.reached(1);
    const closing = server.close();
    await server.shutdown();
    await closing;
    expect(await client.next()).toBeUndefined();
  });
});

describe('serveForever', () => {
  test.each(['close', 'shutdown'] as const)('listens, and resolves when the server has ended by %s', async (end) => {
    const server = create();
    const listening = new Promise<void>((resolve) => server.once('listening', resolve));
    const served = server.serveForever();
    await listening;
    await isServed(await connect(server));
    await server[end]();
    await served;
    expect(server.address()).toBeNull();
  });

  test('goes with a server that listens already, and with several callers', async () => {
    const server = create();
    await server.listen();
    const served = [server.serveForever(), server.serveForever()];
    await isServed(await connect(server));
    await server.close();
    await Promise.all(served);
  });

  test('rejects when it cannot listen', async () => {
    const first = create();
    await first.listen();
    await expect(create({ port: portOf(first) }).serveForever()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('resolves when the server is closed while it is about to listen', async () => {
    const server = create();
    const served = server.serveForever();
    await server.close();
    await served;
  });

  test('called while listen is under way resolves when the server has ended', async () => {
    const server = create();
    const listening = server.listen();
    const served = server.serveForever();
    await listening;
    await server.close();
    await served;
  });
});

test('await using closes the server at the end of the block', async () => {
  let port: number;
  {
    await using server = new ModbusTcpServer({ units: [createCountingUnit()], host: '127.0.0.1', port: 0 });
    await server.listen();
    port = portOf(server);
    await isServed(await connect(server));
  }
  await expect(MbapClient.connect({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
