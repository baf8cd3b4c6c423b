import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import {
  ModbusSerialServer,
  type ModbusServer,
  ModbusStreamServer,
  ModbusTcpServer,
  ModbusTlsServer,
  ModbusUdpServer,
  ModbusUnixServer,
  type ServerOptions,
} from 'busbar';
import { createConnectionPair } from 'busbar/testing';
import { onTestFinished } from 'vitest';
import { openPort } from '../../../../interop/helpers/open-port.js';
import { createPtyPair } from '../../../../interop/helpers/pty.js';
import { dialSecurely, operator, secured } from '../tls/secured.js';
import { socketFolder } from '../unix/socket-folder.js';
import { toHex } from './hex.js';
import { asciiClient, rtuClient } from './line-client.js';
import { frame } from './mbap-client.js';
import { netStream } from './net-stream.js';
import { portOf } from './served.js';
import { closeStream } from './stream-connector.js';
import { udpStream } from './udp-stream.js';

export type FramingName = 'mbap' | 'rtu' | 'ascii';

/** What a frame of a test has in it; the transaction is 1 where the framing has one. */
interface RawFrame {
  transactionId?: number;
  unit?: number;
  pdu: Uint8Array;
}

const ENCODE: Record<FramingName, (frame: Required<RawFrame>) => Uint8Array> = {
  mbap: ({ transactionId, unit, pdu }) => frame(transactionId, unit, pdu),
  rtu: rtuClient.encode,
  ascii: asciiClient().encode,
};

/** The bytes of a frame, made by the tests themselves. */
export function encodeRaw(framing: FramingName, { transactionId = 1, unit = 1, pdu }: RawFrame): Uint8Array {
  return ENCODE[framing]({ transactionId, unit, pdu });
}

/** A client that knows nothing but bytes. */
class RawClient {
  readonly #stream: Duplex;
  #received = Buffer.alloc(0);
  #looked: () => void = () => {};
  ended = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('error', () => {});
    stream.on('data', (chunk: Buffer) => this.#note(chunk));
    for (const event of ['end', 'close']) stream.on(event, () => this.#note(Buffer.alloc(0), true));
  }

  #note(chunk: Buffer, ended = this.ended): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    this.ended = ended;
    this.#looked();
  }

  write(...bytes: readonly Uint8Array[]): void {
    for (const each of bytes) this.#stream.write(each);
  }

  /** Resolves with the next so many bytes in hex, or with all that came when the server has closed the connection. */
  async take(count = Number.POSITIVE_INFINITY): Promise<string> {
    while (this.#received.length < count && !this.ended) {
      await new Promise<void>((resolve) => {
        this.#looked = resolve;
      });
    }
    const taken = this.#received.subarray(0, Math.min(count, this.#received.length));
    this.#received = this.#received.subarray(taken.length);
    return toHex(taken);
  }

  close(): Promise<void> {
    return closeStream(this.#stream);
  }
}

/** A server of one test, which is gone when the test has ended, as are its clients. */
export interface RawServed<Server extends ModbusServer = ModbusServer> {
  server: Server;
  connect(): Promise<RawClient>;
}

/** One transport with one framing. */
export interface RawWire {
  name: string;
  framing: FramingName;
  /** Each client has a connection of its own. */
  connections: boolean;
  serve(options: ServerOptions): Promise<RawServed>;
}

interface Dialled<Server> {
  server: Server;
  dial(): Duplex | Promise<Duplex>;
}

async function started<Server extends ModbusServer>({ server, dial }: Dialled<Server>): Promise<RawServed<Server>> {
  // Tests that cause them look at them.
  server.on('error', () => {});
  await server.listen();
  onTestFinished(() => server.shutdown());
  const connect = async () => {
    const client = new RawClient(await dial());
    onTestFinished(() => client.close());
    return client;
  };
  return { server, connect };
}

const host = '127.0.0.1';

export function serveTcp(options: ServerOptions, framing: FramingName = 'mbap'): Promise<RawServed<ModbusTcpServer>> {
  const server = new ModbusTcpServer({ host, port: 0, framing, ...options });
  return started({ server, dial: () => netStream(portOf(server)) });
}

/** Connections in memory. */
export function serveStream(
  options: ServerOptions,
  framing: FramingName = 'mbap',
): Promise<RawServed<ModbusStreamServer>> {
  const server = new ModbusStreamServer({ framing, ...options });
  const dial = () => {
    const [client, served] = createConnectionPair();
    server.accept(served);
    return client;
  };
  return started({ server, dial });
}

export function serveUdp(options: ServerOptions, framing: FramingName = 'mbap'): Promise<RawServed<ModbusUdpServer>> {
  const server = new ModbusUdpServer({ host, port: 0, framing, ...options });
  return started({ server, dial: () => udpStream(server.address()?.port ?? 0) });
}

/** A serial line, made of two pseudo-terminals. */
export async function servePty(
  options: ServerOptions,
  framing: 'rtu' | 'ascii' = 'rtu',
): Promise<RawServed<ModbusSerialServer>> {
  const pair = await createPtyPair();
  onTestFinished(() => pair.remove());
  const server = new ModbusSerialServer({ path: pair.a, framing, ...options });
  return started({ server, dial: () => openPort(pair.b) });
}

function serveTls(options: ServerOptions): Promise<RawServed> {
  const server = new ModbusTlsServer(secured(options));
  server.on('warning', () => {});
  const dial = async () => {
    const socket = dialSecurely(server.address()?.port ?? 0, operator);
    await once(socket, 'secureConnect');
    return socket;
  };
  return started({ server, dial });
}

function serveUnix(options: ServerOptions): Promise<RawServed> {
  const folder = socketFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const path = `${folder.path}/busbar.sock`;
  return started({ server: new ModbusUnixServer({ path, ...options }), dial: () => netStream(path) });
}

const wire = (name: string, framing: FramingName, serve: RawWire['serve'], connections = true): RawWire => ({
  name,
  framing,
  connections,
  serve,
});

/** Every transport, and every framing on those of bytes, of datagrams and of lines. */
export const RAW_WIRES: readonly RawWire[] = [
  wire('TCP', 'mbap', (options) => serveTcp(options)),
  wire('TLS', 'mbap', serveTls),
  wire('a Unix domain socket', 'mbap', serveUnix),
  wire('a stream in memory', 'mbap', (options) => serveStream(options)),
  wire('RTU over TCP', 'rtu', (options) => serveTcp(options, 'rtu')),
  wire('ASCII over TCP', 'ascii', (options) => serveTcp(options, 'ascii')),
  wire('UDP', 'mbap', (options) => serveUdp(options), false),
  wire('RTU over UDP', 'rtu', (options) => serveUdp(options, 'rtu'), false),
  wire('RTU on a serial line', 'rtu', (options) => servePty(options, 'rtu'), false),
  wire('ASCII on a serial line', 'ascii', (options) => servePty(options, 'ascii'), false),
];
