import { ListenError, ModbusTcpServer, OptionsError, Unit } from 'busbar';
import {
  startSerialServerSync,
  startTcpServerSync,
  startTlsServerSync,
  startUdpServerSync,
  stopServerSync,
  type TcpServerSyncOptions,
} from 'busbar/sync';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { hex } from '../helpers/hex.js';
import { MbapClient } from '../helpers/mbap-client.js';
import { ask, createCountingUnit } from '../helpers/served.js';
import { thrownBy } from './thrown.js';

// A thread runs without vitest, so it needs the built library.
vi.mock('../../src/sync/worker-file.js', () => ({
  workerFile: new URL('../../dist/sync/busbar-worker.js', import.meta.url),
}));

afterEach(() => stopServerSync());

async function connect(port = 0): Promise<MbapClient> {
  return MbapClient.connect({ host: '127.0.0.1', port });
}

test('clients are listed, and cut by choice', async () => {
  const server = startTcpServerSync({ units: [createCountingUnit()], port: 0 });
  const [first, second] = [await connect(server.address()?.port), await connect(server.address()?.port)];
  for (const client of [first, second]) await ask(client, 1, 'fc:03 start:0002 quantity:0001');
  const { localPort } = first.socket;
  expect(server.peers().map(({ port }) => port)).toEqual([localPort, second.socket.localPort]);
  expect(server.disconnect(() => false)).toBe(0);
  for (const choose of [async () => false, () => Promise.resolve(false)]) {
    expect(() => server.disconnect(choose as never)).toThrow('which: expected a synchronous function');
  }
  expect(server.disconnect(({ port }) => port === localPort, 'maintenance')).toBe(1);
  expect(await first.next()).toBeUndefined();
  expect(await ask(second, 1, 'fc:03 start:0002 quantity:0001')).toBe('03020002');
  await second.close();
  server.stop();
  expect(server.peers()).toEqual([]);
});

describe('diagnostics', () => {
  const LISTEN_ONLY = 'fc:08 subFunction:0004 data:0000';
  const READ = 'fc:03 start:0002 quantity:0001';

  test('change nothing by default, as clients come over a network', async () => {
    const server = startTcpServerSync({ units: [createCountingUnit()], port: 0 });
    const client = await connect(server.address()?.port);
    expect(await ask(client, 1, LISTEN_ONLY)).toBe('8801');
    expect(server.listenOnly).toEqual([]);
    await client.close();
  });

  test('may put a unit into listen-only mode, which the program sees and ends', async () => {
    const units = [createCountingUnit(), createCountingUnit(2)];
    const server = startTcpServerSync({ units, port: 0, diagnostics: 'all' });
    const client = await connect(server.address()?.port);
    client.send(1, hex(LISTEN_ONLY));
    expect(await ask(client, 2, READ)).toBe('03020002');
    expect(server.listenOnly).toEqual([units[0]]);
    server.endListenOnly(units[1]);
    expect(server.listenOnly).toEqual([units[0]]);
    server.endListenOnly(units[0]);
    expect(await ask(client, 1, READ)).toBe('03020002');
    expect(server.counters.diagnosticActions).toBe(1);
    await client.close();
  });
});

describe('starting', () => {
  test('returns a server that listens', async () => {
    const unit = createCountingUnit();
    const server = startTcpServerSync({ units: [unit], port: 0 });
    expect(server.listening).toBe(true);
    expect(server.address()).toMatchObject({ address: '127.0.0.1', family: 'IPv4' });
    const client = await connect(server.address()?.port);
    expect(await ask(client, 1, 'fc:03 start:0002 quantity:0002')).toBe('030400020003');
    await client.close();
  });

  test('throws what the system says if the port is in use', () => {
    const unit = createCountingUnit();
    const { port = 0 } = startTcpServerSync({ units: [unit], port: 0 }).address() ?? {};
    const error = thrownBy(() => startTcpServerSync({ units: [createCountingUnit()], port }));
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({ name: 'ListenError', code: 'EADDRINUSE', cause: { code: 'EADDRINUSE', port } });
    expect(error.message).toContain(`127.0.0.1:${port}`);
    expect(error.stack).toContain('server.test.ts');
  });

  test('throws what the system says of a serial port that is not there', () => {
    const error = thrownBy(() => startSerialServerSync({ units: [createCountingUnit()], path: '/dev/no-such-port' }));
    expect(error).toBeInstanceOf(ListenError);
  });

  test('throws what is wrong with a certificate', () => {
    const options = { units: [createCountingUnit()], port: 0, certFile: '/no/such.pem', keyFile: '/no/such.key' };
    const error = thrownBy(() => startTlsServerSync(options));
    expect(error).toBeInstanceOf(OptionsError);
    expect(error.message).toContain('/no/such.');
  });

  test('leaves the units as they were when it fails', () => {
    const unit = createCountingUnit();
    thrownBy(() => startTcpServerSync({ units: [unit], port: 70_000 }));
    expect(unit.files.create(1, { start: 0, count: 1 }).get(0)).toBe(0);
    expect(unit.holdingRegisters.get(3)).toBe(3);
  });

  test('serves over UDP', async () => {
    const server = startUdpServerSync({ units: [createCountingUnit()], port: 0 });
    expect(server.address()?.port).toBeGreaterThan(0);
    expect(server.counters.requests).toBe(0);
  });
});

class Settings {
  readonly functions = [3];
}

describe('wrong options', () => {
  const units = [createCountingUnit()];
  const handled = new Unit({ id: 2, holdingRegisters: { read: () => [1] } });
  const filed = new Unit({ id: 3, files: { read: () => [] } });
  const queued = new Unit({ id: 4, fifos: { read: () => [] } });
  const execute = () => [];

  test.each<[string, object | undefined, (string | number)[], string]>([
    ['no options', undefined, [], 'expected an options object'],
    ['what is no unit', { units: [{ id: 1 }] }, ['units', 0], 'expected a Unit'],
    ['a port that there is not', { units, port: 70_000 }, ['port'], '70000'],
    ['an unknown option', { units, prot: 1 }, ['prot'], 'unknown option'],
    ['a unit with handlers', { units: [...units, handled] }, ['units', 1, 'holdingRegisters'], '`module`'],
    ['a unit with handlers of files', { units: [filed] }, ['units', 0, 'files'], '`module`'],
    ['a unit with handlers of queues', { units: [queued] }, ['units', 0, 'fifos'], '`module`'],
    ['functions', { units, customFunctions: [{ code: 65, execute }] }, ['customFunctions', 0, 'execute'], '`module`'],
    ['a handler', { units, handler: () => ({}) }, ['handler'], '`module`'],
    ['an object of a class', { units, limits: new Settings() }, ['limits'], 'plain values'],
    ['a module that is neither path nor URL', { units, module: 1 }, ['module'], 'found 1'],
    ['a module that there is not', { units, module: '/no/such.mjs' }, ['module'], '/no/such.mjs'],
  ])('%s is refused', (_, options, path, says) => {
    const error = thrownBy(() => startTcpServerSync(options as TcpServerSyncOptions));
    expect(error).toBeInstanceOf(OptionsError);
    expect(error).toMatchObject({ code: 'INVALID_OPTION', path });
    expect(error.message).toContain(says);
  });
});

describe('stopping', () => {
  test('closes the port before it returns', async () => {
    const server = startTcpServerSync({ units: [createCountingUnit()], port: 0 });
    const { port = 0 } = server.address() ?? {};
    const client = await connect(port);
    await ask(client, 1, 'fc:03 start:0002 quantity:0002');
    server.stop();
    expect(server.listening).toBe(false);
    expect(server.address()).toBeNull();
    expect(await client.next()).toBeUndefined();
    await client.close();
    await using next = new ModbusTcpServer({ units: [createCountingUnit()], port });
    await next.listen();
    expect(next.address()?.port).toBe(port);
  });

  test('keeps the last counters', async () => {
    const server = startTcpServerSync({ units: [createCountingUnit()], port: 0 });
    const client = await connect(server.address()?.port);
    await ask(client, 1, 'fc:03 start:0002 quantity:0002');
    server.stop();
    expect(server.counters).toMatchObject({ connectionsAccepted: 1, requests: 1, replies: 1 });
  });

  test('does nothing the second time', () => {
    const server = startTcpServerSync({ units: [createCountingUnit()], port: 0 });
    server.stop();
    server.stop();
    stopServerSync(server);
    expect(server.listening).toBe(false);
  });

  test('by stopServerSync stops one server, or all that there are', () => {
    const servers = [1, 2, 3].map((id) => startTcpServerSync({ units: [createCountingUnit(id)], port: 0 }));
    stopServerSync(servers[1]);
    expect(servers.map(({ listening }) => listening)).toEqual([true, false, true]);
    stopServerSync();
    expect(servers.map(({ listening }) => listening)).toEqual([false, false, false]);
  });

  test('happens at the end of a using block', () => {
    const started = [];
    {
      using server = startTcpServerSync({ units: [createCountingUnit()], port: 0 });
      started.push(server);
    }
    expect(started[0].listening).toBe(false);
  });

  test('leaves nothing to wait for', () => {
    const server = startTcpServerSync({ units: [createCountingUnit()], port: 0 });
    server.stop();
    expect(thrownBy(() => server.waitForWrite())).toMatchObject({ name: 'StateError', code: 'NOT_LISTENING' });
    expect(server.takeWrites()).toEqual({ events: [], dropped: 0 });
    expect(server.takeErrors()).toEqual({ errors: [], dropped: 0 });
  });

  test('gives the units back to the program alone', async () => {
    const unit = createCountingUnit();
    startTcpServerSync({ units: [unit], port: 0 }).stop();
    unit.holdingRegisters.setFloat32(0, 21.5);
    unit.fifos.create(1, [1]);
    const server = startTcpServerSync({ units: [unit], port: 0 });
    const client = await connect(server.address()?.port);
    expect(await ask(client, 1, 'fc:03 start:0000 quantity:0002')).toBe('030441AC0000');
    expect(await ask(client, 1, 'fc:18 pointer:0001')).toBe('18000400010001');
    await client.close();
  });
});
