import type { AddressInfo } from 'node:net';
import type { SerialServerOptions } from '../transport/serial-options.js';
import type { TcpServerOptions } from '../transport/tcp.js';
import type { TlsServerOptions } from '../transport/tls.js';
import type { UdpServerOptions } from '../transport/udp.js';
import { checkSyncOptions, type SyncOptions } from './sync-options.js';
import { running, SyncServer } from './sync-server.js';

/** Functions stay behind: of the framings, those that have a name can cross. */
type Crossing<Options extends { readonly framing?: unknown }> = Omit<
  Options,
  'customFunctions' | 'handler' | 'authorize' | 'port' | 'framing'
> & { readonly framing?: Extract<Options['framing'], string> };

export type TcpServerSyncOptions = Crossing<TcpServerOptions> & Pick<TcpServerOptions, 'port'> & SyncOptions;
export type TlsServerSyncOptions = Crossing<TlsServerOptions> & Pick<TlsServerOptions, 'port'> & SyncOptions;
export type UdpServerSyncOptions = Crossing<UdpServerOptions> & Pick<UdpServerOptions, 'port'> & SyncOptions;
export type SerialServerSyncOptions = Crossing<SerialServerOptions> & SyncOptions;

/**
 * Starts a Modbus/TCP server on a thread of its own; returns when it listens.
 * @throws OptionsError, ListenError as the constructor of `ModbusTcpServer` and its `listen()`.
 */
export function startTcpServerSync(options: TcpServerSyncOptions): SyncServer<AddressInfo> {
  const { units, code } = checkSyncOptions(options);
  return new SyncServer({ transport: 'tcp', options: withoutShared(options) }, units, code);
}

/** Starts a Modbus/TCP Security server on a thread of its own; returns when it listens. */
export function startTlsServerSync(options: TlsServerSyncOptions): SyncServer<AddressInfo> {
  const { units, code } = checkSyncOptions(options);
  return new SyncServer({ transport: 'tls', options: withoutShared(options) }, units, code);
}

/** Starts a Modbus server over UDP on a thread of its own; returns when it listens. */
export function startUdpServerSync(options: UdpServerSyncOptions): SyncServer<AddressInfo> {
  const { units, code } = checkSyncOptions(options);
  return new SyncServer({ transport: 'udp', options: withoutShared(options) }, units, code);
}

/** Starts a Modbus server on a serial line, on a thread of its own; returns when the port is open. `address()` is its path. */
export function startSerialServerSync(options: SerialServerSyncOptions): SyncServer<string> {
  const { units, code } = checkSyncOptions(options);
  return new SyncServer({ transport: 'serial', options: withoutShared(options) }, units, code);
}

/** Units are shared, and the files are run by the thread: neither is for the server. */
function withoutShared<O extends SyncOptions & { readonly units: unknown }>({
  units,
  module,
  workerFile,
  ...options
}: O) {
  return options;
}

/** Stops a server, or all that the start functions have started and that still run. Returns when they have ended. */
export function stopServerSync(server?: SyncServer<unknown>): void {
  const failures: unknown[] = [];
  for (const each of server === undefined ? [...running] : [server]) {
    try {
      each.stop();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
