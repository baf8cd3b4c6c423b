import { once } from 'node:events';
import { connect } from 'node:net';
import { HandlerError, OptionsError, Unit } from 'busbar';
import { type SyncServer, startTcpServerSync, stopServerSync, type TcpServerSyncOptions } from 'busbar/sync';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import { MbapClient } from '../helpers/mbap-client.js';
import { ask, createCountingUnit } from '../helpers/served.js';
import { thrownBy } from './thrown.js';

// A thread runs without vitest, so it needs the built library.
vi.mock('../../src/sync/worker-file.js', () => ({
  workerFile: new URL('../../dist/sync/busbar-worker.js', import.meta.url),
}));

const moduleFile = (name: string) => new URL(`./modules/${name}.mjs`, import.meta.url);

afterEach(() => stopServerSync());

describe('a module', () => {
  let unit: Unit;
  let server: SyncServer<unknown>;
  let client: MbapClient;

  beforeEach(async () => {
    unit = new Unit({ id: 1, coils: [{ start: 0, count: 1 }], holdingRegisters: [{ start: 0, values: [5, 6] }] });
    const started = startTcpServerSync({ units: [unit, new Unit({ id: 2 })], port: 0, module: moduleFile('full') });
    server = started;
    client = await MbapClient.connect({ host: '127.0.0.1', port: started.address()?.port ?? 0 });
  });
  afterEach(() => client.close());

  test('gives custom functions, which see what the program has', async () => {
    unit.coils.set(0, true);
    expect(await ask(client, 1, 'fc:41')).toBe('410501');
  });

  test('can change what the program has', async () => {
    expect(await ask(client, 1, 'fc:42')).toBe('42');
    expect(unit.holdingRegisters.getUint32(0)).toBe(0x12345678);
  });

  test('gives handlers of tables, which may answer later', async () => {
    expect(await ask(client, 2, 'fc:03 start:0003 quantity:0002')).toBe('030400030004');
    expect(await ask(client, 2, 'fc:06 address:0003 value:0002')).toBe('8606');
    expect(await ask(client, 2, 'fc:03 start:000A quantity:0001')).toBe('8302');
    expect(await ask(client, 2, 'fc:18 pointer:0003')).toBe('180006000200010002');
  });

  test('gives a request handler, and listeners of the server', async () => {
    await ask(client, 1, 'fc:43');
    expect(await ask(client, 1, 'fc:44')).toBe('440301');
  });

  test('is not allowed to make files of a unit that is shared', async () => {
    expect(await ask(client, 1, 'fc:47')).toBe('C704');
    expect(unit.files.numbers).toEqual([]);
  });

  test('that fails is told by takeErrors', async () => {
    expect(await ask(client, 1, 'fc:43')).toBe('C304');
    const { errors, dropped } = server.takeErrors();
    expect(dropped).toBe(0);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(HandlerError);
    expect(errors[0]).toMatchObject({ code: 'HANDLER_FAILED', unit: 1, functionCode: 67 });
    expect(errors[0].message).toContain('broken on purpose');
    expect(errors[0].cause).toMatchObject({ message: 'broken on purpose' });
    expect(server.takeErrors()).toEqual({ errors: [], dropped: 0 });
    expect(server.counters.handlerErrors).toBe(1);
  });

  test('that fails again and again fills a bounded queue', async () => {
    for (let i = 0; i < 1003; i++) await ask(client, 1, 'fc:43');
    const { errors, dropped } = server.takeErrors();
    expect({ errors: errors.length, dropped }).toEqual({ errors: 1000, dropped: 3 });
  });

  test.each([
    ['throws where nobody catches it', 'fc:45', 'out of reach'],
    ['ends the thread', 'fc:46', 'exited with code 3'],
  ])('that %s ends the server, and the next call says so', async (_, request, says) => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    onTestFinished(() => warn.mockRestore());
    client.send(1, Uint8Array.of(Number.parseInt(request.slice(3), 16)));
    for (let reply = await client.next(); reply !== undefined; ) reply = await client.next();
    const error = thrownBy(() => server.waitForWrite());
    expect(error).toMatchObject({ name: 'StateError', code: 'SERVER_THREAD_ENDED' });
    expect(error.message).toContain(says);
    expect(server.listening).toBe(false);
    expect(server.address()).toBeNull();
    for (const call of [() => server.counters, () => server.takeWrites(), () => server.takeErrors()])
      expect(thrownBy(call)).toMatchObject({ code: 'SERVER_THREAD_ENDED' });
    expect(unit.holdingRegisters.get(0)).toBe(5);
  });

  test('that ends the server makes a warning, when the program lets it be known', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    onTestFinished(() => warn.mockRestore());
    client.send(1, Uint8Array.of(0x46));
    await expect.poll(() => warn.mock.calls).toHaveLength(1);
    expect(warn.mock.lastCall?.[0]).toMatchObject({ code: 'SERVER_THREAD_ENDED' });
    server.stop();
  });
});

test('a module gives a framing', async () => {
  const started = startTcpServerSync({ units: [createCountingUnit()], port: 0, module: moduleFile('framing') });
  const socket = connect({ host: '127.0.0.1', port: started.address()?.port ?? 0 });
  socket.write(hex('fc:03 start:0005 quantity:0001'));
  const [reply] = await once(socket, 'data');
  expect(toHex(reply)).toBe('03020005');
  socket.destroy();
});

test('a framing that is not in a module is refused', () => {
  const options: object = { units: [createCountingUnit()], port: 0, framing: { name: 'mine', seal: () => 0 } };
  const error = thrownBy(() => startTcpServerSync(options as TcpServerSyncOptions));
  expect(error).toMatchObject({ path: ['framing', 'seal'] });
  expect(error.message).toContain('`module`');
});

describe('a wrong module', () => {
  test.each<[string, (string | number)[], string]>([
    ['broken', ['module'], 'cannot be loaded'],
    ['missing', ['module'], 'missing.mjs'],
    ['number', ['module'], 'found 5'],
    ['unknown-key', ['module', 'unit'], 'unknown option'],
    ['other-unit', ['module', 'units', '7'], 'no unit with this id'],
    ['held-twice', ['module', 'units', 1, 'holdingRegisters'], 'in memory'],
    ['blocks', ['module', 'units', 1, 'inputRegisters'], 'expected an object with handlers'],
    ['authorize', ['module', 'authorize'], 'TLS'],
    ['set-up', ['module', 'setUp'], 'a function'],
  ])('%s is refused', (name, path, says) => {
    const error = thrownBy(() =>
      startTcpServerSync({ units: [createCountingUnit()], port: 0, module: moduleFile(name) }),
    );
    expect(error).toBeInstanceOf(OptionsError);
    expect(error).toMatchObject({ path });
    expect(error.message).toContain(says);
  });
});
