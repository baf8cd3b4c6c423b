import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type CustomFunction, ModbusStreamServer, ModbusUdpServer, type UdpServerOptions, Unit } from 'busbar';
import { afterEach, describe, expect, test } from 'vitest';
import { record } from '../helpers/events.js';
import { hex, toHex } from '../helpers/hex.js';
import { asciiClient, rtuClient } from '../helpers/line-client.js';
import { onMessage, udpSocket } from '../helpers/udp-peer.js';

// Attacks: datagrams that two servers answer to each other, without end.

const WRITE = '06 0001 0007';
const ECHO = '08 0000 A537';
/** With these coils on, the reply is a request for the same coils. */
const CRAFTED = '01 0300 0018';
const CRAFTED_COILS = [19, 20];

const servers: { shutdown(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.shutdown()));
});

async function serve(options: Partial<UdpServerOptions> = {}): Promise<{ server: ModbusUdpServer; port: number }> {
  const coils = [{ start: 0x0300, values: Array.from({ length: 32 }, (_, i) => CRAFTED_COILS.includes(i)) }];
  const unit = new Unit({ id: 1, coils, holdingRegisters: [{ start: 0, count: 10 }] });
  const server = await new ModbusUdpServer({ units: [unit], host: '127.0.0.1', port: 0, ...options }).listen();
  server.on('warning', () => undefined);
  servers.push(server);
  return { server, port: server.address()?.port ?? 0 };
}

function mbap(pdu: string, transaction = 1): Uint8Array {
  const bytes = hex(pdu);
  return Uint8Array.of(transaction >> 8, transaction & 0xff, 0, 0, 0, bytes.length + 1, 1, ...bytes);
}

const rtu = (pdu: string) => rtuClient.encode({ unit: 1, pdu: hex(pdu) });
const ascii = (pdu: string) => asciiClient().encode({ unit: 1, pdu: hex(pdu) });

/** Resolves when so many datagrams were left unanswered: each loop ends with one. */
async function ended(loops: number, ...servers: { counters: { datagramsRefused: number } }[]): Promise<void> {
  const refused = () => servers.reduce((sum, { counters }) => sum + counters.datagramsRefused, 0);
  await expect.poll(refused).toBe(loops);
}

/** Two sockets that hand on to each other what comes, so that each of two servers takes the other for a client. */
async function relay(first: number, second: number): Promise<{ passed: () => number; kick(bytes: Uint8Array): void }> {
  const [left, right] = [await udpSocket(), await udpSocket()];
  const counts = [
    onMessage(left, (bytes) => right.send(bytes, second, '127.0.0.1')),
    onMessage(right, (bytes) => left.send(bytes, first, '127.0.0.1')),
  ];
  return {
    passed: () => counts.reduce((sum, { count }) => sum + count, 0),
    kick: (bytes) => left.send(bytes, first, '127.0.0.1'),
  };
}

async function echoServer(): Promise<{ socket: Socket; seen: { count: number } }> {
  const socket = await udpSocket();
  return { socket, seen: onMessage(socket, (bytes, { port, address }) => socket.send(bytes, port, address)) };
}

async function ask(socket: Socket, port: number, bytes: Uint8Array): Promise<string> {
  const reply = once(socket, 'message');
  socket.send(bytes, port, '127.0.0.1');
  const [message]: Uint8Array[] = await reply;
  return toHex(message);
}

const custom: CustomFunction = { code: 0x41, execute: () => [Math.floor(Math.random() * 256)] };

describe('a loop of two servers ends by itself', () => {
  test.each([
    ['a write of a register', WRITE, {}],
    ['a returned query', ECHO, {}],
    ['a mask write', '16 0001 FFFF 0000', {}],
    ['a read whose reply reads on', CRAFTED, {}],
    ['a custom function without a length', '41 00', { customFunctions: [custom] }],
    ['a read', '03 0000 0002', {}],
    ['a refused request', '03 0100 0002', {}],
  ])('begun by %s', async (_, pdu, options) => {
    const [first, second] = [await serve(options), await serve(options)];
    const { passed, kick } = await relay(first.port, second.port);
    for (let transaction = 1; transaction <= 20; transaction++) kick(mbap(pdu, transaction));
    await ended(20, first.server, second.server);
    expect(passed()).toBeLessThan(10_000);
    expect(await ask(await udpSocket(), first.port, mbap(WRITE))).toBe(toHex(mbap(WRITE)));
  });

  test.each([
    ['rtu', rtu(WRITE)],
    ['ascii', ascii(WRITE)],
  ] as const)('in frames of %s', async (framing, bytes) => {
    const [first, second] = [await serve({ framing }), await serve({ framing })];
    const { passed, kick } = await relay(first.port, second.port);
    kick(bytes);
    await ended(1, first.server, second.server);
    expect(passed()).toBeLessThan(5000);
  });
});

describe('a loop with another server that echoes ends by itself', () => {
  test.each([WRITE, ECHO, '03 0000 0002', '10 0000 0001 02 0001'])('begun by %s', async (pdu) => {
    const { server, port } = await serve();
    const { socket, seen } = await echoServer();
    socket.send(mbap(pdu), port, '127.0.0.1');
    await ended(1, server);
    expect(seen.count).toBeLessThan(5000);
  });

  test('also through a stream server that is handed datagrams', async () => {
    const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, count: 10 }] });
    const server = await new ModbusStreamServer({ units: [unit] }).listen();
    servers.push(server);
    let replies = 0;
    const hand = (bytes: Uint8Array) =>
      server.datagram(bytes, (reply) => {
        replies++;
        setImmediate(hand, reply);
      });
    hand(mbap(WRITE));
    await ended(1, server);
    expect(replies).toBeLessThan(5000);
  });
});

describe('a client that asks the same again and again', () => {
  test.each([
    ['writes with one transaction id', {}, mbap(WRITE)],
    ['queries with one transaction id', {}, mbap(ECHO)],
    ['writes in RTU frames', { framing: 'rtu' }, rtu(WRITE)],
    ['writes in ASCII frames', { framing: 'ascii' }, ascii(WRITE)],
  ] as const)('is answered each time: %s', async (_, options, bytes) => {
    const { server, port } = await serve(options);
    const socket = await udpSocket();
    for (let i = 0; i < 1000; i++) expect(await ask(socket, port, bytes)).toBe(toHex(bytes));
    expect(server.counters.datagramsRefused).toBe(0);
  });

  test('is answered without a bound when it counts its transactions', async () => {
    const { server, port } = await serve();
    const socket = await udpSocket();
    for (let i = 0; i < 3000; i++) expect(await ask(socket, port, mbap(WRITE, i))).toBe(toHex(mbap(WRITE, i)));
    expect(server.counters.datagramsRefused).toBe(0);
  });

  test('is answered when it asks again after it was left unanswered once', async () => {
    const { server, port } = await serve();
    const socket = await udpSocket();
    onMessage(socket, () => socket.send(mbap(WRITE), port, '127.0.0.1'));
    socket.send(mbap(WRITE), port, '127.0.0.1');
    await ended(1, server);
    socket.removeAllListeners('message');
    await expect.poll(() => tried(socket, port)).toBe(toHex(mbap(WRITE)));
  });

  /** One attempt, given up after a while. */
  async function tried(socket: Socket, port: number): Promise<string | undefined> {
    const giveUp = new AbortController();
    const timeout = delay(200, undefined, { signal: giveUp.signal }).catch(() => undefined);
    const reply = await Promise.race([ask(socket, port, mbap(WRITE)), timeout]);
    giveUp.abort();
    return reply ?? undefined;
  }

  test('costs others nothing when it has asked too often', async () => {
    const { server, port } = await serve();
    const { socket } = await echoServer();
    socket.send(mbap(WRITE), port, '127.0.0.1');
    await ended(1, server);
    const other = await udpSocket();
    for (let i = 0; i < 10; i++) expect(await ask(other, port, mbap(WRITE))).toBe(toHex(mbap(WRITE)));
  });
});

describe('replies are never answered', () => {
  test.each([
    ['mbap', mbap, '83 02'],
    ['mbap', mbap, 'FF'],
    ['rtu', rtu, '83 02'],
    ['ascii', ascii, '83 02'],
  ] as const)('exceptions in frames of %s', async (framing, encode, pdu) => {
    const { server, port } = await serve({ framing });
    const socket = await udpSocket();
    socket.send(encode(pdu), port, '127.0.0.1');
    expect(await ask(socket, port, encode(WRITE))).toBe(toHex(encode(WRITE)));
    const { datagramsRefused, foreignFrames } = server.counters;
    expect(datagramsRefused + foreignFrames).toBe(1);
  });

  test('exceptions for units that do not exist', async () => {
    const { server, port } = await serve();
    const socket = await udpSocket();
    const foreign = mbap('83 02');
    foreign[6] = 9;
    socket.send(foreign, port, '127.0.0.1');
    expect(await ask(socket, port, mbap(WRITE))).toBe(toHex(mbap(WRITE)));
    expect(server.counters).toMatchObject({ datagramsRefused: 1, exceptions: 0 });
  });

  test("nothing is answered that comes from the server's own port, which is told once", async () => {
    const { server, port } = await serve();
    const warnings = record(server, 'warning');
    const other = await serve();
    // The own port at another address, and that of another server of the program.
    const twins = [await udpSocket(port, '127.0.0.2'), await udpSocket(other.port, '127.0.0.2')];
    for (const twin of twins) for (let i = 0; i < 3; i++) twin.send(mbap(WRITE), port, '127.0.0.1');
    await ended(6, server);
    expect(await ask(await udpSocket(), port, mbap(WRITE))).toBe(toHex(mbap(WRITE)));
    expect(server.counters.requests).toBe(1);
    expect(warnings.all.map(({ message }) => message)).toEqual([expect.stringContaining('allowServerPorts')]);
  });

  test('but those of clients on such ports are, where the option says so', async () => {
    const other = await serve();
    const { port } = await serve({ allowServerPorts: true });
    const twin = await udpSocket(other.port, '127.0.0.2');
    expect(await ask(twin, port, mbap(WRITE))).toBe(toHex(mbap(WRITE)));
  });

  test('a port is free for clients again when its server has closed', async () => {
    const other = await serve();
    const { port } = await serve();
    await other.server.close();
    const client = await udpSocket(other.port);
    expect(await ask(client, port, mbap(WRITE))).toBe(toHex(mbap(WRITE)));
  });
});
