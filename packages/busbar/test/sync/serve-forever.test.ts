import { OptionsError, StateError } from 'busbar';
import { type SyncServerHandle, startTcpServerSync, startUdpServerSync, stopServerSync } from 'busbar/sync';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { freePort } from '../../../../interop/helpers/free-port.js';
import { MbapClient } from '../helpers/mbap-client.js';
import { ask, createCountingUnit, registerReply } from '../helpers/served.js';
import { startProgram, tell } from './program.js';
import { thrownBy } from './thrown.js';

// A thread runs without vitest, so it needs the built library.
vi.mock('../../src/sync/worker-file.js', () => ({
  workerFile: new URL('../../dist/sync/busbar-worker.js', import.meta.url),
}));

afterEach(() => stopServerSync());

const options = () => ({ units: [createCountingUnit()], port: 0 });

describe('a deferred server', () => {
  test('listens when it is asked to, and again after it was stopped', async () => {
    const server = startTcpServerSync({ ...options(), deferStart: true });
    for (let time = 0; time < 2; time++) {
      expect([server.listening, server.address()]).toEqual([false, null]);
      expect(server.listen()).toBe(server);
      const client = await MbapClient.connect({ host: '127.0.0.1', port: server.address()?.port ?? 0 });
      expect(await ask(client, 1, 'fc:03 start:0005 quantity:0001')).toBe(registerReply(5));
      expect(thrownBy(() => server.listen())).toMatchObject({ code: 'ALREADY_LISTENING' });
      await client.close();
      server.stop();
      expect(server.counters.requests).toBe(1);
    }
  });

  test('does nothing until then', () => {
    const server = startUdpServerSync({ ...options(), deferStart: true });
    expect(server.counters).toMatchObject({ requests: 0, messages: 0 });
    for (const use of [() => server.takeWrites(), () => server.waitForWrite(0), () => server.handle]) {
      expect(thrownBy(use)).toMatchObject({ code: 'NOT_LISTENING' });
    }
    server.stop();
  });

  test('throws what keeps it from listening, and can be asked again', async () => {
    const port = await freePort();
    const first = startTcpServerSync({ ...options(), port });
    const second = startTcpServerSync({ ...options(), port, deferStart: true });
    expect(thrownBy(() => second.listen())).toMatchObject({ code: 'EADDRINUSE' });
    first.stop();
    expect(second.listen().listening).toBe(true);
  });

  test('has its options checked at once, as far as this thread knows them', () => {
    const wrong = { ...options(), ...Object.fromEntries([['deferStart', 'yes']]) };
    expect(thrownBy(() => startTcpServerSync(wrong))).toMatchObject({ path: ['deferStart'] });
  });
});

describe('serving for ever', () => {
  test('ends when another thread stops the server by its handle', async () => {
    const { client, ended } = await startProgram('./programs/forever.mjs');
    await tell(client);
    expect(await ended).toEqual({ code: 0, lines: ['false null true', 'true'] });
  });

  test('ends when code of the module closes the server', () => {
    const source = `export default {
      setUp: (server) => void server.on('listening', () => void setImmediate(() => server.close())),
    }`;
    const module = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
    const server = startTcpServerSync({ ...options(), module, deferStart: true });
    server.serveForever();
    expect([server.listening, server.address(), server.counters.requests]).toEqual([false, null, 0]);
    stopServerSync();
  });

  test('throws when a fault ends the server', () => {
    const source = `export default { setUp: () => void setTimeout(() => { throw new TypeError('broken'); }, 1) }`;
    const module = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
    const server = startTcpServerSync({ ...options(), module, deferStart: true });
    expect(thrownBy(() => server.serveForever())).toMatchObject({ code: 'SERVER_THREAD_ENDED' });
    expect(server.listening).toBe(false);
  });
});

describe('a handle', () => {
  test('stops the server of this thread as well, which then says so', () => {
    const server = startTcpServerSync(options());
    stopServerSync(structuredClone(server.handle));
    expect(server.listening).toBe(false);
    expect(thrownBy(() => server.waitForWrite(0))).toBeInstanceOf(StateError);
    expect(thrownBy(() => server.waitForWrite(0)).message).toContain('another thread');
    server.stop();
    expect(server.counters.requests).toBe(0);
  });

  test('that is none is refused', () => {
    for (const handle of [5, {}, { channel: 'x', words: new Int32Array(8) }]) {
      expect(thrownBy(() => stopServerSync(handle as SyncServerHandle))).toBeInstanceOf(OptionsError);
    }
  });
});

test('a unit is the program’s alone when another thread has stopped its server', () => {
  const unit = createCountingUnit();
  const server = startTcpServerSync({ units: [unit], port: 0 });
  stopServerSync(server.handle);
  server.stop();
  unit.files.create(1, { start: 0, count: 1 });
  expect(unit.files.numbers).toEqual([1]);
});
