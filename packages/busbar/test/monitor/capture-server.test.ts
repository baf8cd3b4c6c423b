import { channel } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestHandler, TraceMessage } from 'busbar';
import { captureFrames, captureServer, type KeptFrame } from 'busbar/monitor';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../../interop/helpers/folder.js';
import { readCapture } from '../../../../interop/helpers/pcapng.js';
import { hex, toHex } from '../helpers/hex.js';
import { connect as connectTo, create } from '../helpers/lifecycle.js';
import { frame } from '../helpers/mbap-client.js';
import { createCountingUnit, serve } from '../helpers/served.js';
import { captured, packetLine } from './captured.js';
import { talkInMemory, talkOverTcp, talkOverTls, talkOverUdp, talkOverUnix } from './talks.js';

const READ = hex('fc:03 start:0005 quantity:0001');
const READ_REPLY = hex('fc:03 bytes:02 value:0005');
const UNKNOWN = hex('fc:41');
const UNKNOWN_REPLY = hex('fc:C1 exception:01');
/** The same address as the sixteen bytes of IPv6. */
const LOOPBACK_6 = '00000000000000000000000000000001';

describe('the capture of a server', () => {
  test.each([
    ['TCP', () => talkOverTcp('127.0.0.1'), 'mbtcp', '127.0.0.1', '127.0.0.1'],
    ['TCP with IPv6', () => talkOverTcp('::1'), 'mbtcp', LOOPBACK_6, LOOPBACK_6],
    ['TCP on every address, which is none', () => talkOverTcp('127.0.0.1', '0.0.0.0'), 'mbtcp', '127.0.0.1', ''],
    ['TLS, in the clear', talkOverTls, 'mbtcp', '127.0.0.1', '127.0.0.1'],
    ['UDP', talkOverUdp, 'mbudp', '127.0.0.1', '127.0.0.1'],
    ['a Unix socket', talkOverUnix, 'mbtcp', '', ''],
    ['memory', talkInMemory, 'mbtcp', '', ''],
  ])('has each request and its reply over %s', async (_, start, dissector, clientAddress, serverAddress) => {
    const { server, client, port } = await start();
    const capture = await captured(async (file) => {
      captureServer(file, server, 'plant');
      for (const pdu of [READ, UNKNOWN]) await client.request(1, pdu);
      await client.close();
    });
    const [{ source }] = capture.packets;
    if (port !== undefined) expect(source.port).toBe(port);
    const [from, to] = [`${clientAddress}:${source.port}`, `${serverAddress}:502`];
    expect(capture.packets.map(packetLine)).toEqual([
      `in ${from}>${to} ${dissector} ${toHex(frame(1, 1, READ))}`,
      `out ${to}>${from} ${dissector} ${toHex(frame(1, 1, READ_REPLY))}`,
      `in ${from}>${to} ${dissector} ${toHex(frame(2, 1, UNKNOWN))}`,
      `out ${to}>${from} ${dissector} ${toHex(frame(2, 1, UNKNOWN_REPLY))}`,
    ]);
    expect(capture.packets.map(({ transport }) => transport)).toEqual(
      Array(4).fill(dissector === 'mbudp' ? 'udp' : 'tcp'),
    );
    expect(capture.interfaces).toEqual([
      { name: 'plant', description: 'Modbus server of Busbar; its port is written as 502' },
    ]);
  });

  test('has the transaction ids and the ports of several clients', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit()] });
    const clients = [await connect(), await connect()];
    const { packets } = await captured(async (file) => {
      captureServer(file, server, 'plant');
      for (let i = 1; i <= 3; i++) for (const client of clients) await client.request(1, Uint8Array.of(3, 0, i, 0, 1));
    });
    const ports = clients.map(({ socket }) => socket.localPort);
    const seen = packets.map(({ source, destination, bytes }) => {
      const port = [source.port, destination.port].find((each) => each !== 502);
      return [ports.indexOf(port), bytes.readUInt16BE(0), bytes.length];
    });
    expect(seen).toEqual(
      [1, 2, 3].flatMap((id) =>
        [0, 1].flatMap((i) => [
          [i, id, 12],
          [i, id, 11],
        ]),
      ),
    );
  });

  test('has the exception for a unit that there is none of', async () => {
    const { server, client } = await talkInMemory();
    const { packets } = await captured(async (file) => {
      captureServer(file, server, 'plant');
      await client.request(9, READ);
    });
    expect(packets.map(({ bytes }) => toHex(bytes))).toEqual([
      toHex(frame(1, 9, READ)),
      toHex(frame(1, 9, hex('fc:83 exception:0B'))),
    ]);
  });

  test('has what a hook has sent in place of a reply, as plain bytes', async () => {
    const handler: RequestHandler = {
      frame(reply, _request, wire) {
        if (reply.transactionId === 1) wire.send(reply.encode({ unitId: 2 }));
        wire.send(reply.encode());
      },
    };
    const { server, connect } = await serve({ units: [createCountingUnit()], handler });
    const client = await connect();
    const { packets } = await captured(async (file) => {
      captureServer(file, server, 'plant');
      for (const id of [1, 2]) client.write(frame(id, 1, READ));
      for (let i = 0; i < 3; i++) await client.next();
    });
    const [reply, second] = [1, 2].map((id) => toHex(frame(id, 1, READ_REPLY)));
    expect(
      packets
        .filter(({ direction }) => direction === 'out')
        .map(({ dissector, bytes, comment }) => [dissector, toHex(bytes), comment]),
    ).toEqual([
      [
        'data',
        reply.replace('050103', '050203'),
        'sent by a hook in place of the reply, unit 1: read holding registers 5 (40006) = 5',
      ],
      ['mbtcp', reply, undefined],
      ['mbtcp', second, undefined],
    ]);
  });

  test('has the times of what happened, in order', async () => {
    const { server, client } = await talkInMemory();
    const before = performance.timeOrigin + performance.now();
    const { packets } = await captured(async (file) => {
      captureServer(file, server, 'plant');
      for (let i = 0; i < 3; i++) await client.request(1, READ);
    });
    const times = packets.map(({ time }) => time);
    expect(times).toHaveLength(6);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    // A file holds whole microseconds.
    expect(times[0]).toBeGreaterThanOrEqual(before - 0.001);
    expect(times[5]).toBeLessThanOrEqual(performance.timeOrigin + performance.now() + 0.001);
  });

  test('has nothing of what is no intact request', async () => {
    const { server, connect } = await serve({ units: [createCountingUnit()] });
    const client = await connect();
    const { packets } = await captured(async (file) => {
      captureServer(file, server, 'plant');
      client.write(frame(7, 1, READ, 5));
      await client.request(1, READ);
    });
    expect(packets.map(({ bytes }) => bytes.readUInt16BE(0))).toEqual([1, 1]);
  });

  test('has nothing of another server, of the same unit and the same kind', async () => {
    const unit = createCountingUnit();
    const [one, other] = [await serve({ units: [unit] }), await serve({ units: [unit] })];
    const clients = [await one.connect(), await other.connect()];
    const { packets } = await captured(async (file) => {
      captureServer(file, one.server, 'one');
      for (let i = 0; i < 2; i++) for (const client of clients) await client.request(1, READ);
    });
    const ports = packets.flatMap(({ source, destination }) => [source.port, destination.port]);
    expect(new Set(ports)).toEqual(new Set([502, clients[0]?.socket.localPort]));
    expect(packets).toHaveLength(4);
  });

  test('may be that of several servers, each with its interface', async () => {
    const [one, other] = [await talkInMemory(), await talkOverTcp('127.0.0.1')];
    const { packets } = await captured(async (file) => {
      captureServer(file, one.server, 'one');
      captureServer(file, other.server, 'other');
      for (const { client } of [one, other, one]) await client.request(1, READ);
    });
    expect(packets.map(({ on }) => on)).toEqual(['one', 'one', 'other', 'other', 'one', 'one']);
  });

  test('ends when it is stopped', async () => {
    const { server, client } = await talkInMemory();
    const { packets } = await captured(async (file) => {
      const stop = captureServer(file, server, 'plant');
      await client.request(1, READ);
      stop();
      stop();
      await client.request(1, READ);
      expect(file.packets).toBe(2);
    });
    expect(packets).toHaveLength(2);
  });

  test('may begin before the server listens', async () => {
    const server = create();
    const { packets } = await captured(async (file) => {
      captureServer(file, server, 'later');
      await server.listen();
      const client = await connectTo(server);
      await client.request(1, READ);
      await client.close();
    });
    expect(packets).toHaveLength(2);
  });
});

test('a capture of kept frames has what that of the server has, and the times of the frames', async () => {
  const servers = [await talkInMemory(), await talkOverTcp('127.0.0.1')];
  const kept: KeptFrame[] = [];
  for (const [name, isRequest] of [['busbar:request', true] as const, ['busbar:reply', false] as const]) {
    const keep = (traced: unknown) => {
      const message = traced as TraceMessage;
      const at = servers.findIndex(({ server }) => server === message.server);
      kept.push({ server: servers[at].server, name: `plant ${at}`, time: 1000 + kept.length, isRequest, message });
    };
    channel(name).subscribe(keep);
    onTestFinished(() => void channel(name).unsubscribe(keep));
  }
  const live = await captured(async (file) => {
    for (const [i, { server }] of servers.entries()) captureServer(file, server, `plant ${i}`);
    for (const { client } of servers) for (const pdu of [READ, UNKNOWN]) await client.request(1, pdu);
  });
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, 'kept.pcapng'), Buffer.concat([...captureFrames(kept)]));
  const { packets, interfaces } = readCapture(join(folder.path, 'kept.pcapng'));
  expect(interfaces).toEqual(live.interfaces);
  expect(packets).toEqual(live.packets.map((packet, i) => ({ ...packet, time: 1000 + i })));
  expect(packets).toHaveLength(8);
});
