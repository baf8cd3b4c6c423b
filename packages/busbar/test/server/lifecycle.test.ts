import { createServer } from 'node:net';
import { ListenError, ModbusTcpServer, StateError, Unit } from 'busbar';
import { afterEach, describe, expect, test } from 'vitest';
import { createGate, createRecorder, record } from '../helpers/events.js';
import { hex, toHex } from '../helpers/hex.js';
import { frame, MbapClient } from '../helpers/mbap-client.js';
import { createCountingUnit, portOf, readRegister, registerReply, serve } from '../helpers/served.js';

const made: ModbusTcpServer[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((server) => server.shutdown()));
});

function create(options: { host?: string; port?: number; units?: Unit[] } = {}): ModbusTcpServer {
  const server = new ModbusTcpServer({ units: [createCountingUnit()], host: '127.0.0.1', port: 0, ...options });
  server.on('error', () => {});
  made.push(server);
  return server;
}

const connect = (server: ModbusTcpServer, host = '127.0.0.1') => MbapClient.connect({ host, port: portOf(server) });

async function isServed(client: MbapClient): Promise<void> {
  expect(toHex(await client.request(1, readRegister(5)))).toBe(registerReply(5));
}

describe('listen', () => {
  test('resolves when clients can connect; port 0 is the port that the system chose', async () => {
    const server = create();
    expect(server.address()).toBeNull();
    await server.listen();
    expect(server.address()).toMatchObject({ address: '127.0.0.1', family: 'IPv4', port: expect.any(Number) });
    expect(portOf(server)).toBeGreaterThan(0);
    await isServed(await connect(server));
  });

  test.each(['::1', '::'])('works on IPv6 (%s)', async (host) => {
    const server = create({ host });
    await server.listen();
    expect(server.address()).toMatchObject({ address: host, family: 'IPv6' });
    const connected = record(server, 'connect');
    await isServed(await connect(server, '::1'));
    expect(connected.all[0]?.client.address).toBe('::1');
  });

  test('on :: names IPv4 clients by their IPv4 address', async () => {
    const server = create({ host: '::' });
    await server.listen();
    const connected = record(server, 'connect');
    await isServed(await connect(server, '127.0.0.1'));
    expect(connected.all[0]?.client.address).toBe('127.0.0.1');
  });

  test('works by host name', async () => {
    const server = create({ host: 'localhost' });
    await server.listen();
    await isServed(await connect(server, 'localhost'));
  });

  test('rejects with EADDRINUSE for a port in use, and names the address', async () => {
    const first = create();
    await first.listen();
    const port = portOf(first);
    const second = create({ port });
    const error = await second.listen().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({ code: 'EADDRINUSE', message: expect.stringContaining(`127.0.0.1:${port}`) });
    expect(error).toHaveProperty('cause.code', 'EADDRINUSE');
    await isServed(await connect(first));
  });

  test('can be tried again when the port has become free', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const address = blocker.address();
    const server = create({ port: typeof address === 'object' ? (address?.port ?? 0) : 0 });
    await expect(server.listen()).rejects.toThrow(ListenError);
    await new Promise((resolve) => blocker.close(resolve));
    await server.listen();
    await isServed(await connect(server));
  });

  test.each([
    ['192.0.2.1', 'EADDRNOTAVAIL'],
    ['host.invalid', /^(ENOTFOUND|EAI_AGAIN)$/],
  ])('rejects for an address that is not of this machine: %s', async (host, code) => {
    const error = await create({ host })
      .listen()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({
      code: typeof code === 'string' ? code : expect.stringMatching(code),
      message: expect.stringContaining(host),
    });
  });

  test('rejects when it listens already, and goes on listening', async () => {
    const server = create();
    await server.listen();
    const error = await server.listen().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StateError);
    expect(error).toMatchObject({ code: 'ALREADY_LISTENING' });
    await isServed(await connect(server));
  });

  test('rejects when it is about to listen', async () => {
    const server = create();
    const first = server.listen();
    await expect(server.listen()).rejects.toMatchObject({ code: 'ALREADY_LISTENING' });
    await first;
    await isServed(await connect(server));
  });

  test('works again after close, with the same units', async () => {
    const server = create();
    for (let round = 0; round < 3; round++) {
      await server.listen();
      await isServed(await connect(server));
      await server.close();
      expect(server.address()).toBeNull();
    }
  });
});

describe('several servers over one set of units', () => {
  test('serve the same data, and end one by one', async () => {
    const units = [createCountingUnit()];
    const [first, second] = [create({ units }), create({ units, host: '::1' })];
    await Promise.all([first.listen(), second.listen()]);
    const [one, two] = [await connect(first), await connect(second, '::1')];
    await one.request(1, hex('fc:06 address:0007 value:1234'));
    expect(toHex(await two.request(1, readRegister(7)))).toBe(registerReply(0x1234));
    await first.close();
    await isServed(two);
  });
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
    client.socket.pause();
    const requests = Buffer.concat(
      Array.from({ length: 1000 }, () => frame(1, 1, hex('fc:03 start:0000 quantity:0064'))),
    );
    for (let taken = true, rounds = 0; taken && rounds < 5000; rounds++) {
      taken = false;
      client.socket.write(requests, () => {
        taken = true;
      });
      for (let patience = 0; patience < 100 && !taken; patience++) await isServed(other);
    }
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

  test('rejects when it can not listen', async () => {
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
