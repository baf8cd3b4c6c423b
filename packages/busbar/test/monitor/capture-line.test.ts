import { setImmediate as nextTurn } from 'node:timers/promises';
import { ModbusTcpServer, type SerialServerOptions, type Unit } from 'busbar';
import { captureServer } from 'busbar/monitor';
import { describe, expect, test } from 'vitest';
import { createGate } from '../helpers/events.js';
import { FakePort } from '../helpers/fake-port.js';
import { createHandledUnit } from '../helpers/handled-unit.js';
import { toHex } from '../helpers/hex.js';
import { netStream } from '../helpers/net-stream.js';
import { createSerial } from '../helpers/serial.js';
import { createCountingUnit, portOf } from '../helpers/served.js';
import { captured, packetLine } from './captured.js';
import { ascii, rtu } from './listening.js';
import { tidy } from './talks.js';

const READ = 'fc:03 start:0005 quantity:0001';
const READ_REPLY = 'fc:03 bytes:02 value:0005';
const OTHER = 'fc:04 start:0000 quantity:0001';
const OTHER_REPLY = 'fc:04 bytes:02 value:0007';

const inbound = (bytes: Uint8Array) => `in :49152>:502 mbrtu ${toHex(bytes)}`;
const outbound = (bytes: Uint8Array) => `out :502>:49152 mbrtu ${toHex(bytes)}`;
/** The reply of another station: it comes in, too. */
const passing = (bytes: Uint8Array) => `in :502>:49152 mbrtu ${toHex(bytes)}`;

/** What is captured of a serial server while bytes come, a piece after another. */
async function capturedOf(pieces: Uint8Array[], options: Partial<SerialServerOptions> = {}) {
  const port = new FakePort();
  const server = await createSerial({ port, ...options }).listen();
  return captured(async (file) => {
    captureServer(file, server, 'line');
    for (const piece of pieces) {
      port.receive(piece);
      await nextTurn();
    }
  });
}

describe('the capture of a server on a serial line', () => {
  test('has its requests and replies, and the frames of other stations between them', async () => {
    const { packets } = await capturedOf([
      rtu(1, READ),
      rtu(2, OTHER),
      rtu(2, OTHER_REPLY),
      rtu(0, 'fc:06 address:0005 value:0001'),
      rtu(3, 'fc:07'),
      rtu(3, 'fc:87 exception:01'),
      rtu(1, 'fc:03 start:FFFF quantity:0001'),
    ]);
    expect(packets.map(packetLine)).toEqual([
      inbound(rtu(1, READ)),
      outbound(rtu(1, READ_REPLY)),
      inbound(rtu(2, OTHER)),
      passing(rtu(2, OTHER_REPLY)),
      inbound(rtu(0, 'fc:06 address:0005 value:0001')),
      inbound(rtu(3, 'fc:07')),
      passing(rtu(3, 'fc:87 exception:01')),
      inbound(rtu(1, 'fc:03 start:FFFF quantity:0001')),
      outbound(rtu(1, 'fc:83 exception:02')),
    ]);
    expect(packets.map(({ comment }) => comment)).toEqual([
      'request, unit 1: read holding registers 5 (40006)',
      'reply, unit 1: read holding registers 5 (40006) = 5',
      'request, unit 2: read input registers 0 (30001)',
      'reply, unit 2: read input registers 0 (30001) = 7',
      'request, unit 0: write single register 5 (40006) = 1',
      'request, unit 3: read exception status',
      'reply, unit 3: exception 01 illegal function (read exception status)',
      'request, unit 1: read holding registers 65535 (465536)',
      'reply, unit 1: exception 02 illegal data address (read holding registers)',
    ]);
  });

  test('tells an echo of another station from its request', async () => {
    const write = rtu(2, 'fc:06 address:0005 value:0001');
    const { packets } = await capturedOf([write, write, write, write]);
    expect(packets.map(packetLine)).toEqual([inbound(write), passing(write), inbound(write), passing(write)]);
  });

  test('has ASCII frames as the RTU frames that say the same', async () => {
    const { packets } = await capturedOf([ascii(1, READ), ascii(2, OTHER), ascii(2, OTHER_REPLY)], {
      framing: 'ascii',
    });
    expect(packets.map(packetLine)).toEqual([
      inbound(rtu(1, READ)),
      outbound(rtu(1, READ_REPLY)),
      inbound(rtu(2, OTHER)),
      passing(rtu(2, OTHER_REPLY)),
    ]);
  });

  test('has no reply that came too late to be sent', async () => {
    const asked = createGate();
    const answer = createGate<number[]>();
    const unit = createHandledUnit(() => {
      asked.open();
      return answer.opened;
    });
    const port = new FakePort();
    const server = await createSerial({ port, units: [unit] }).listen();
    const { packets } = await captured(async (file) => {
      captureServer(file, server, 'line');
      port.receive(rtu(1, READ));
      await asked.opened;
      port.receive(rtu(2, OTHER));
      await nextTurn();
      answer.open([5]);
      await expect.poll(() => server.counters.staleReplies, { interval: 1 }).toBe(1);
    });
    expect(port.steps).toEqual([]);
    expect(packets.map(packetLine)).toEqual([inbound(rtu(1, READ)), inbound(rtu(2, OTHER))]);
  });

  test('has nothing of noise, nor of frames that were hurt', async () => {
    const port = new FakePort();
    const server = await createSerial({ port, silence: 1 }).listen();
    const { packets } = await captured(async (file) => {
      captureServer(file, server, 'line');
      for (const [i, noise] of [Uint8Array.of(0xff, 0xfe), rtu(1, READ).with(-1, 0)].entries()) {
        port.receive(noise);
        await expect.poll(() => server.counters.communicationErrors, { interval: 1 }).toBe(i + 1);
        port.receive(rtu(1, READ));
        await expect.poll(() => file.packets, { interval: 1 }).toBe(2 * (i + 1));
      }
    });
    const exchange = [inbound(rtu(1, READ)), outbound(rtu(1, READ_REPLY))];
    expect(packets.map(packetLine)).toEqual([...exchange, ...exchange]);
  });
});

describe('the capture of a server of RTU frames over TCP', () => {
  async function serveRtu(units: Unit[]) {
    const server = tidy(new ModbusTcpServer({ units, host: '127.0.0.1', port: 0, framing: 'rtu' }));
    await server.listen();
    return { server, connect: () => netStream(portOf(server)) };
  }

  test('has addresses and ports', async () => {
    const { server, connect } = await serveRtu([createCountingUnit()]);
    const socket = await connect();
    const { packets } = await captured(async (file) => {
      captureServer(file, server, 'gateway');
      socket.write(rtu(1, READ));
      await expect.poll(() => file.packets, { interval: 1 }).toBe(2);
    });
    const [client, own] = [`127.0.0.1:${socket.localPort}`, '127.0.0.1:502'];
    expect(packets.map(packetLine)).toEqual([
      `in ${client}>${own} mbrtu ${toHex(rtu(1, READ))}`,
      `out ${own}>${client} mbrtu ${toHex(rtu(1, READ_REPLY))}`,
    ]);
    socket.destroy();
  });

  test('has to each reply the request of its own client, whoever was asked and answered in between', async () => {
    const gates = new Map([1, 5].map((address) => [address, createGate<number[]>()]));
    const unit = createHandledUnit(({ address }) => gates.get(address)?.opened);
    const { server, connect } = await serveRtu([unit]);
    const [one, other] = [await connect(), await connect()];
    const { packets } = await captured(async (file) => {
      captureServer(file, server, 'gateway');
      const has = (count: number) => expect.poll(() => file.packets, { interval: 1 }).toBe(count);
      one.write(rtu(1, 'fc:03 start:0001 quantity:0001'));
      await has(1);
      other.write(rtu(1, 'fc:03 start:0005 quantity:0001'));
      await has(2);
      for (const [i, address] of [1, 5].entries()) {
        gates.get(address)?.open([10 * address]);
        await has(3 + i);
      }
    });
    expect(packets.map(({ comment }) => comment)).toEqual([
      'request, unit 1: read holding registers 1 (40002)',
      'request, unit 1: read holding registers 5 (40006)',
      'reply, unit 1: read holding registers 1 (40002) = 10',
      'reply, unit 1: read holding registers 5 (40006) = 50',
    ]);
    for (const socket of [one, other]) socket.destroy();
  });
});

describe('the capture of a server that is being closed', () => {
  test('has the last replies with all addresses', async () => {
    const [asked, answer] = [createGate(), createGate<number[]>()];
    const unit = createHandledUnit(() => {
      asked.open();
      return answer.opened;
    });
    const server = tidy(new ModbusTcpServer({ units: [unit], host: '127.0.0.1', port: 0, framing: 'rtu' }));
    await server.listen();
    const socket = await netStream(portOf(server));
    const { packets } = await captured(async (file) => {
      captureServer(file, server, 'plant');
      socket.resume().write(rtu(1, READ));
      await asked.opened;
      const closed = server.close();
      answer.open([5]);
      await closed;
    });
    const [request, reply] = packets;
    expect(reply).toMatchObject({ source: request?.destination, destination: request?.source });
  });
});
