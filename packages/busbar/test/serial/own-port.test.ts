import { once } from 'node:events';
import { createConnectionPair } from 'busbar/testing';
import { SerialPort } from 'serialport';
import { describe, expect, test } from 'vitest';
import { createPtyPair } from '../../../../interop/helpers/pty.js';
import { createGate, record } from '../helpers/events.js';
import { FakePort } from '../helpers/fake-port.js';
import { createHandledUnit } from '../helpers/handled-unit.js';
import { toHex } from '../helpers/hex.js';
import { createSerial, rtuRead, rtuReply } from '../helpers/serial.js';
import { closeStream } from '../helpers/stream-connector.js';

describe('on a port that the program opened, a server', () => {
  test('serves any Duplex, under the name it is given', async () => {
    const [line, port] = createConnectionPair();
    const server = await createSerial({ port, path: 'radio' }).listen();
    expect(server.address()).toBe('radio');
    line.write(rtuRead(4));
    const [reply] = await once(line, 'data');
    expect(toHex(reply)).toBe(toHex(rtuReply(4)));
  });

  test('is known by the path of the port', async () => {
    const server = createSerial({ port: new FakePort() });
    const connects = record(server, 'connect');
    await server.listen();
    expect(server.address()).toBe('/dev/fake');
    expect(connects.all).toEqual([{ peer: { transport: 'serial', address: '/dev/fake' } }]);
  });

  test.each(['close', 'shutdown'] as const)('leaves it open after %s(), and can serve it again', async (end) => {
    const port = new FakePort();
    const server = createSerial({ port });
    for (let time = 1; time <= 3; time++) {
      await server.listen();
      port.receive(rtuRead(time));
      await expect.poll(() => port.steps).toContain(`write ${toHex(rtuReply(time))}`);
      await server[end]();
      expect(port).toMatchObject({ destroyed: false, closed: false });
      for (const event of ['data', 'end', 'error', 'close']) expect(port.listenerCount(event), event).toBe(0);
    }
  });

  test('keeps a changed ASCII delimiter as long as the port is served, however often', async () => {
    const port = new FakePort();
    const server = createSerial({ port, framing: 'ascii' });
    await server.listen();
    port.receive(Buffer.from(':010800032300D1\r\n'));
    await port.done(1);
    await server.close();
    await server.listen();
    port.receive(Buffer.from(':010300070001F4\r#'));
    await expect.poll(() => port.steps).toContain(`write ${toHex(Buffer.from(':0103020007F3\r#'))}`);
  });

  test('answers what is in progress before close() is done', async () => {
    const port = new FakePort();
    const [asked, answer] = [createGate(), createGate<number[]>()];
    const unit = createHandledUnit(() => {
      asked.open();
      return answer.opened;
    });
    const server = await createSerial({ port, units: [unit] }).listen();
    port.receive(rtuRead(1));
    await asked.opened;
    const closed = server.close();
    answer.open([1]);
    await closed;
    expect(port.steps).toEqual([`write ${toHex(rtuReply(1))}`, 'drained']);
  });

  test('drops what is in progress by shutdown()', async () => {
    const port = new FakePort();
    const [asked, answer] = [createGate(), createGate<number[]>()];
    const unit = createHandledUnit(() => {
      asked.open();
      return answer.opened;
    });
    const server = await createSerial({ port, units: [unit] }).listen();
    port.receive(rtuRead(1));
    await asked.opened;
    await server.shutdown();
    answer.open([1]);
    await answer.opened;
    expect(port.steps).toEqual([]);
  });

  test.each([
    ['is closed', (port: FakePort) => void port.destroy(), undefined],
    ['fails', (port: FakePort) => void port.destroy(new Error('unplugged')), new Error('unplugged')],
    ['ends', (port: FakePort) => void port.push(null), undefined],
  ])('ends when it %s', async (_title, lose, error) => {
    const port = new FakePort();
    const server = createSerial({ port });
    const [disconnects, lost] = [record(server, 'disconnect'), record(server, 'portLost')];
    await server.listen();
    const forever = server.serveForever();
    lose(port);
    await forever;
    expect(lost.all).toEqual([{ path: '/dev/fake', error, reopening: false }]);
    expect(disconnects.all).toEqual([{ peer: { transport: 'serial', address: '/dev/fake' }, error }]);
    expect(server.listening).toBe(false);
  });

  test('cannot listen on one that is closed', async () => {
    const port = new FakePort();
    await closeStream(port);
    await expect(createSerial({ port }).listen()).rejects.toMatchObject({ code: 'PORT_CLOSED' });
  });

  test('waits for a port of the package serialport that is being opened', async () => {
    const pair = await createPtyPair();
    const port = new SerialPort({ path: pair.a, baudRate: 19_200 });
    const server = await createSerial({ port }).listen();
    expect(server.address()).toBe(pair.a);
    expect(port.isOpen).toBe(true);
    await server.close();
    expect(port.isOpen).toBe(true);
    await closeStream(port);
    await expect(server.listen()).rejects.toMatchObject({ code: 'PORT_CLOSED' });
    await pair.remove();
  });

  test('cannot listen on one that could not be opened', async () => {
    const port = new SerialPort({ path: '/dev/no-such-port', baudRate: 19_200 });
    await expect(createSerial({ port }).listen()).rejects.toMatchObject({
      code: 'ENOENT',
      message: expect.stringContaining('cannot open /dev/no-such-port'),
    });
  });
});

test('a line that is busy with rubbish is not closed for it, whatever the limits', async () => {
  const port = new FakePort();
  const limits = { frameTimeout: 5, idleTimeout: 5, closeTimeout: 5 };
  const server = await createSerial({ port, limits }).listen();
  const disconnects = record(server, 'disconnect');
  const end = performance.now() + 50;
  while (performance.now() < end) {
    port.receive(Uint8Array.of(1, 0x10, 0, 0, 0, 100, 200));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(disconnects.all).toEqual([]);
  expect(server.connections).toBe(1);
});
