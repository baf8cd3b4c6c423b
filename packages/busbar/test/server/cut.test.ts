import { once } from 'node:events';
import { ModbusUdpServer, type ServerOptions, Unit } from 'busbar';
import { afterEach, describe, expect, test } from 'vitest';
import { hex, toHex } from '../helpers/hex.js';
import { frame } from '../helpers/mbap-client.js';
import { ask, createCountingUnit, registerReply, serve } from '../helpers/served.js';
import { udpSocket } from '../helpers/udp-peer.js';

// Programs that cut a client off while one of its requests is being carried out.

const WRITE = 'fc:06 address:0001 value:0007';
const READ = 'fc:03 start:0005 quantity:0001';

/** Writes in one piece, so that they come in one chunk. */
function writes(count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, i) => frame(i, 1, hex(WRITE))));
}

describe('a client that is cut off from within a listener', () => {
  test('has nothing more carried out, nor an answer, and the next client gets its own', async () => {
    const unit = createCountingUnit();
    const { server, connect } = await serve({ units: [unit] });
    let carriedOut = 0;
    unit.on('write', () => {
      carriedOut++;
      server.disconnect(() => true);
    });
    const client = await connect();
    client.write(writes(1000));
    expect(await client.next()).toBeUndefined();
    expect(await ask(await connect(), 1, READ)).toBe(registerReply(5));
    expect(carriedOut).toBe(1);
  });

  test('has nothing more carried out that waits for the turn of other connections', async () => {
    const unit = createCountingUnit();
    const { server, connect } = await serve({ units: [unit] });
    let carriedOut = 0;
    unit.on('write', () => {
      carriedOut++;
      if (carriedOut === 256) process.nextTick(() => server.disconnect(() => true));
    });
    const client = await connect();
    client.write(writes(1000));
    while ((await client.next()) !== undefined);
    expect(await ask(await connect(), 1, READ)).toBe(registerReply(5));
    expect(carriedOut).toBe(256);
  });
});

describe('over UDP', () => {
  const servers: ModbusUdpServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.shutdown()));
  });

  async function serveUdp(options: ServerOptions) {
    const server = await new ModbusUdpServer({ host: '127.0.0.1', port: 0, ...options }).listen();
    servers.push(server);
    return { server, port: server.address()?.port ?? 0 };
  }

  test('an answer that is left out goes to nobody else', async () => {
    const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 10 }] });
    const { server, port } = await serveUdp({ units: [unit] });
    unit.once('write', () => server.disconnect(() => true));
    const [cut, other] = [await udpSocket(), await udpSocket()];
    cut.send(frame(1, 1, hex(WRITE)), port, '127.0.0.1');
    await expect.poll(() => server.counters.replies).toBe(1);
    other.send(frame(2, 1, hex('03 0001 0001')), port, '127.0.0.1');
    const [reply] = await once(other, 'message');
    expect(toHex(reply)).toBe(toHex(frame(2, 1, hex('03 02 0007'))));
  });
});
