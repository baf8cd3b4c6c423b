import { mkdirSync, rmdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Emitter, ListenError, type PortEvents } from 'busbar';
import { BusMonitor } from 'busbar/monitor';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createPtyPair, type PtyPair } from '../../../../interop/helpers/pty.js';
import { record } from '../helpers/events.js';
import { createSerial } from '../helpers/serial.js';

let pair: PtyPair;
/** Where nothing is, yet. */
let path: string;
beforeEach(async () => {
  pair = await createPtyPair();
  path = join(dirname(pair.a), 'later');
});
afterEach(() => pair.remove());

const soon = { initialDelay: 1, maxDelay: 20, atStart: true };

function told(server: Emitter<PortEvents>) {
  return { awaited: record(server, 'portAwaited'), opened: record(server, 'portOpened') };
}

describe('a port that is not there at the start', () => {
  test('is not waited for, unless an option says so', async () => {
    await expect(createSerial({ path }).listen()).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(createSerial({ path, reconnect: {} }).listen()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('is waited for with reconnect.atStart, which tells why once, and when it is open', async () => {
    const server = createSerial({ path, reconnect: soon });
    const { awaited, opened } = told(server);
    const connects = record(server, 'connect');
    await server.listen();
    expect(server).toMatchObject({ listening: true, connections: 0 });
    expect(server.address()).toBe(path);
    expect(awaited.all).toEqual([{ path, error: expect.any(ListenError) }]);
    expect(awaited.all[0]?.error).toMatchObject({ code: 'ENOENT', message: expect.stringContaining(path) });
    symlinkSync(pair.a, path);
    expect(await opened.reached(1)).toEqual([{ path }]);
    expect(awaited.all).toHaveLength(1);
    expect(connects.all).toEqual([{ peer: { transport: 'serial', address: path } }]);
    expect(server.connections).toBe(1);
  });

  test('is told of again where it comes but cannot be opened for another reason', async () => {
    const server = createSerial({ path, reconnect: soon });
    const { awaited, opened } = told(server);
    await server.listen();
    mkdirSync(path);
    expect((await awaited.reached(2)).map(({ error }) => error.code)).toEqual(['ENOENT', 'ENOTTY']);
    rmdirSync(path);
    expect((await awaited.reached(3))[2]?.error.code).toBe('ENOENT');
    symlinkSync(pair.a, path);
    await opened.reached(1);
  });

  test('is lost and opened again later as any other', async () => {
    const server = createSerial({ path, reconnect: soon });
    const { opened } = told(server);
    const lost = record(server, 'portLost');
    await server.listen();
    symlinkSync(pair.a, path);
    await opened.reached(1);
    await pair.unplug();
    await lost.reached(1);
    await pair.plug();
    await opened.reached(2);
  });

  test.each(['close', 'shutdown'] as const)('is waited for until %s()', async (end) => {
    const server = createSerial({ path, reconnect: { ...soon, initialDelay: 1_000_000, maxDelay: 1_000_000 } });
    await server.listen();
    const closed = record(server, 'close');
    await server[end]();
    expect(server.listening).toBe(false);
    expect(closed.all).toHaveLength(1);
    await server.listen();
    expect(server.listening).toBe(true);
  });

  test('is not waited for by a server that is closed when it is told', async () => {
    const server = createSerial({ path, reconnect: soon });
    const { opened } = told(server);
    let closing: Promise<void> | undefined;
    server.on('portAwaited', () => {
      closing = server.close();
    });
    await server.listen();
    await closing;
    expect(server.listening).toBe(false);
    symlinkSync(pair.a, path);
    expect(opened.all).toEqual([]);
  });

  test('is waited for by a monitor, too', async () => {
    const monitor = new BusMonitor({ path, reconnect: soon });
    const { awaited, opened } = told(monitor);
    await monitor.listen();
    expect(awaited.all).toHaveLength(1);
    symlinkSync(pair.a, path);
    await opened.reached(1);
    await monitor.close();
  });
});

test('what is no serial port is not waited for', async () => {
  writeFileSync(path, '');
  await expect(createSerial({ path, reconnect: soon }).listen()).rejects.toMatchObject({ code: 'ENOTTY' });
  rmSync(path);
});
