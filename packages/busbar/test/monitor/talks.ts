import { join } from 'node:path';
import { ModbusStreamServer, ModbusTcpServer, ModbusUdpServer, ModbusUnixServer } from 'busbar';
import type { CapturedServer } from 'busbar/monitor';
import { createConnectionPair } from 'busbar/testing';
import { afterEach } from 'vitest';
import { temporaryFolder } from '../../../../interop/helpers/folder.js';
import { MbapClient } from '../helpers/mbap-client.js';
import { netStream } from '../helpers/net-stream.js';
import { createCountingUnit, portOf } from '../helpers/served.js';
import { udpStream } from '../helpers/udp-stream.js';
import { operator, serveSecurely } from '../tls/secured.js';

/** A server that listens, and a client of it whose transactions count from 1. */
export interface Talk {
  server: CapturedServer;
  client: Pick<MbapClient, 'request' | 'close'>;
  /** Of the client, where it has one. */
  port?: number | undefined;
}

const made: { shutdown(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((server) => server.shutdown()));
});

/** Shuts a server down when the test has ended. */
export function tidy<Server extends { shutdown(): Promise<void> }>(server: Server): Server {
  made.push(server);
  return server;
}

const units = () => [createCountingUnit(1), createCountingUnit(2)];

export async function talkOverTcp(host: string, listenOn = host): Promise<Talk> {
  const server = await tidy(new ModbusTcpServer({ units: units(), host: listenOn, port: 0 })).listen();
  const client = await MbapClient.connect({ host, port: portOf(server) });
  return { server, client, port: client.socket.localPort };
}

export async function talkOverTls(): Promise<Talk> {
  const { server, connect } = await serveSecurely();
  const client = await connect(operator);
  return { server, client, port: client.socket.localPort };
}

export async function talkOverUdp(): Promise<Talk> {
  const server = await tidy(new ModbusUdpServer({ units: units(), port: 0 })).listen();
  return { server, client: new MbapClient(udpStream(server.address()?.port ?? 0)) };
}

export async function talkOverUnix(): Promise<Talk> {
  const folder = temporaryFolder();
  const path = join(folder.path, 'socket');
  const server = await tidy(new ModbusUnixServer({ units: units(), path })).listen();
  server.once('close', folder.remove);
  return { server, client: new MbapClient(await netStream(path)) };
}

export async function talkInMemory(): Promise<Talk> {
  const server = await tidy(new ModbusStreamServer({ units: units() })).listen();
  const [line, accepted] = createConnectionPair();
  server.accept(accepted);
  return { server, client: new MbapClient(line) };
}
