import { createServer } from 'node:net';
import { ListenError, StateError } from 'busbar';
import { describe, expect, test } from 'vitest';
import { freePort } from '../../../../interop/helpers/free-port.js';
import { record } from '../helpers/events.js';
import { hex, toHex } from '../helpers/hex.js';
import { connect, create, isServed } from '../helpers/lifecycle.js';
import { createCountingUnit, portOf, readRegister, registerReply } from '../helpers/served.js';

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
    expect(connected.all[0]?.peer.address).toBe('::1');
  });

  test('on :: names IPv4 clients by their IPv4 address', async () => {
    const server = create({ host: '::' });
    await server.listen();
    const connected = record(server, 'connect');
    await isServed(await connect(server, '127.0.0.1'));
    expect(connected.all[0]?.peer.address).toBe('127.0.0.1');
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
    const port = await freePort();
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(port, '127.0.0.1', resolve));
    const server = create({ port });
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
    expect(error).not.toMatchObject({ message: expect.stringContaining('getaddrinfo') });
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

test('serveForever rejects if the listen that it waits for fails', async () => {
  const first = await create().listen();
  const second = create({ port: portOf(first) });
  const results = await Promise.allSettled([second.listen(), second.serveForever()]);
  expect(results.map((result) => result.status === 'rejected' && result.reason.code)).toEqual([
    'EADDRINUSE',
    'EADDRINUSE',
  ]);
});
