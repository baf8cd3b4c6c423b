import type { AddressInfo } from 'node:net';
import type { ModbusServer } from '../server/server.js';
import { ModbusSerialServer, type SerialServerOptions } from './serial.js';
import { ModbusTcpServer, type TcpServerOptions } from './tcp.js';
import { ModbusTlsServer, type TlsServerOptions } from './tls.js';
import { ModbusUdpServer, type UdpServerOptions } from './udp.js';

/** Options of the start functions in addition to the server's. */
export interface StartOptions {
  /** Only creates the server; call its `listen()` or `serveForever()`. */
  readonly deferStart?: boolean | undefined;
  /** When aborted, ends a start in progress, or closes the running server. */
  readonly signal?: AbortSignal | undefined;
}

/** The servers that `stopServer()` stops. */
const started = new Set<ModbusServer<AddressInfo> | ModbusServer<string>>();

async function start<S extends ModbusServer<AddressInfo> | ModbusServer<string>>(
  create: () => S,
  { deferStart = false, signal }: StartOptions,
): Promise<S> {
  signal?.throwIfAborted();
  const server = create();
  server.on('listening', () => started.add(server));
  server.on('close', () => started.delete(server));
  if (!deferStart) await server.listen({ signal });
  else signal?.addEventListener('abort', () => void server.close(), { once: true });
  return server;
}

/** Starts a Modbus/TCP server; resolves when it listens, rejects as the constructor and `listen()` do. */
export function startTcpServer(options: TcpServerOptions & StartOptions): Promise<ModbusTcpServer> {
  const { deferStart, signal, ...rest } = options;
  return start(() => new ModbusTcpServer(rest), { deferStart, signal });
}

/** Starts a Modbus/TCP Security server. */
export function startTlsServer(options: TlsServerOptions & StartOptions): Promise<ModbusTlsServer> {
  const { deferStart, signal, ...rest } = options;
  return start(() => new ModbusTlsServer(rest), { deferStart, signal });
}

/** Starts a Modbus server over UDP. */
export function startUdpServer(options: UdpServerOptions & StartOptions): Promise<ModbusUdpServer> {
  const { deferStart, signal, ...rest } = options;
  return start(() => new ModbusUdpServer(rest), { deferStart, signal });
}

/** Starts a Modbus server on a serial line. */
export function startSerialServer(options: SerialServerOptions & StartOptions): Promise<ModbusSerialServer> {
  const { deferStart, signal, ...rest } = options;
  return start(() => new ModbusSerialServer(rest), { deferStart, signal });
}

/**
 * Closes a server, or all that the start functions have started and that still listen; resolves when they have ended.
 */
export async function stopServer(server?: ModbusServer<AddressInfo> | ModbusServer<string>): Promise<void> {
  const servers = server === undefined ? [...started] : [server];
  await Promise.all(servers.map((each) => each.close()));
}
