import type { AddressInfo } from 'node:net';
import type { SerialServerOptions } from '../servers/serial.js';
import type { TcpServerOptions } from '../servers/tcp.js';
import type { TlsServerOptions } from '../servers/tls.js';
import type { UdpServerOptions } from '../servers/udp.js';
import { type SyncServerHandle, stopByHandle } from './handle.js';
import type { ServerStart } from './messages.js';
import { checkSyncOptions, type SyncOptions } from './sync-options.js';
import { running, SyncServer } from './sync-server.js';

/** Functions cannot be passed to a thread; of the framings, only names can. */
type Crossing<Options extends { readonly framing?: unknown }> = Omit<
  Options,
  'customFunctions' | 'handler' | 'authorize' | 'port' | 'framing'
> & { readonly framing?: Extract<Options['framing'], string> };

export type TcpServerSyncOptions = Crossing<TcpServerOptions> & Pick<TcpServerOptions, 'port'> & SyncOptions;
export type TlsServerSyncOptions = Crossing<TlsServerOptions> & Pick<TlsServerOptions, 'port'> & SyncOptions;
export type UdpServerSyncOptions = Crossing<UdpServerOptions> & Pick<UdpServerOptions, 'port'> & SyncOptions;
export type SerialServerSyncOptions = Crossing<SerialServerOptions> & SyncOptions;

/**
 * Starts a Modbus/TCP server on a separate thread; returns when it listens.
 * @throws OptionsError, ListenError as the constructor of `ModbusTcpServer` and its `listen()`.
 */
export function startTcpServerSync(options: TcpServerSyncOptions): SyncServer<AddressInfo> {
  const checked = checkSyncOptions(options);
  return start({ transport: 'tcp', options: withoutShared(options) }, checked);
}

/** Starts a Modbus/TCP Security server on a separate thread; returns when it listens. */
export function startTlsServerSync(options: TlsServerSyncOptions): SyncServer<AddressInfo> {
  const checked = checkSyncOptions(options);
  return start({ transport: 'tls', options: withoutShared(options) }, checked);
}

/** Starts a Modbus server over UDP on a separate thread; returns when it listens. */
export function startUdpServerSync(options: UdpServerSyncOptions): SyncServer<AddressInfo> {
  const checked = checkSyncOptions(options);
  return start({ transport: 'udp', options: withoutShared(options) }, checked);
}

/**
 * Starts a Modbus server on a serial line, on a separate thread; returns when the port is open. `address()` is its
 * path.
 */
export function startSerialServerSync(options: SerialServerSyncOptions): SyncServer<string> {
  const checked = checkSyncOptions(options);
  return start({ transport: 'serial', options: withoutShared(options) }, checked);
}

function start<Address>(
  server: ServerStart,
  { units, code, deferStart }: ReturnType<typeof checkSyncOptions>,
): SyncServer<Address> {
  const made = new SyncServer<Address>(server, units, code);
  return deferStart ? made : made.listen();
}

/** Removes the options that are not the server's: the units are shared, and the thread runs the files. */
function withoutShared<O extends SyncOptions & { readonly units: unknown }>({
  units,
  module,
  workerFile,
  deferStart,
  ...options
}: O) {
  return options;
}

/**
 * Stops a server, a server of another thread by its `handle`, or all running servers that the start functions have
 * started in this thread. Returns when they have ended.
 */
export function stopServerSync(server?: SyncServer<unknown> | SyncServerHandle): void {
  if (server === undefined) stopAll([...running]);
  else if (server instanceof SyncServer) server.stop();
  else stopByHandle(server);
}

function stopAll(servers: readonly SyncServer<unknown>[]): void {
  const failures: unknown[] = [];
  for (const each of servers) {
    try {
      each.stop();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
