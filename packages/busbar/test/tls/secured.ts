import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { ModbusTlsServer, type TlsServerOptions } from 'busbar';
import { afterEach } from 'vitest';
import { MbapClient } from '../helpers/mbap-client.js';
import { createCountingUnit } from '../helpers/served.js';
import { Authority, type Identity } from './pki.js';

export const authority = await Authority.create('Test CA');
export const serverIdentity = await authority.issue('server');
export const operator = await authority.issue('operator 7', { role: 'operator' });
/** A client whose certificate has no role. */
export const plain = await authority.issue('plain');

const servers: ModbusTlsServer[] = [];
const sockets: TLSSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => server.shutdown()));
});

/** Options of a server with the tests' certificates. */
export function secured(options: Partial<TlsServerOptions> = {}): TlsServerOptions {
  const { cert, key } = serverIdentity;
  const certificates = { cert, key, ca: authority.pem };
  return { units: [createCountingUnit()], host: '127.0.0.1', port: 0, ...certificates, ...options };
}

export interface SecureServed {
  server: ModbusTlsServer;
  port: number;
  /** A socket whose handshake is under way. */
  dial(identity: Identity | undefined, options?: ConnectionOptions): TLSSocket;
  connect(identity: Identity, options?: ConnectionOptions): Promise<MbapClient<TLSSocket>>;
}

/** Starts a server on a free port; it and its clients are gone when the test has ended. */
export async function serveSecurely(options: TlsServerOptions = secured()): Promise<SecureServed> {
  const server = new ModbusTlsServer(options);
  servers.push(server);
  // Tests that cause them look at them; elsewhere they would be process warnings.
  server.on('error', () => {});
  server.on('warning', () => {});
  await server.listen();
  const port = server.address()?.port ?? 0;
  const dial: SecureServed['dial'] = (identity, more) => {
    const socket = dialSecurely(port, { ...identity, ...more });
    sockets.push(socket);
    return socket;
  };
  const connectClient: SecureServed['connect'] = async (identity, more) => {
    const socket = dial(identity, more);
    const client = new MbapClient(socket);
    await once(socket, 'secureConnect');
    return client;
  };
  return { server, port, dial, connect: connectClient };
}

/** Resolves when a socket is closed, with an error or without. */
export async function closed(socket: Socket): Promise<void> {
  if (socket.closed) return;
  socket.resume().on('end', () => socket.destroy());
  await new Promise((resolve) => socket.once('close', resolve));
}

/** Begins a handshake; errors are left to who looks for them. */
export function dialSecurely(port: number, options: ConnectionOptions): TLSSocket {
  const trust = { ca: authority.pem, checkServerIdentity: () => undefined };
  const all: ConnectionOptions & { allowHalfOpen: boolean } = {
    port,
    host: '127.0.0.1',
    allowHalfOpen: true,
    ...trust,
    ...options,
  };
  return connect(all).on('error', () => {});
}
