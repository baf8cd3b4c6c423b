import { networkInterfaces } from 'node:os';
import { ModbusTcpServer, Unit } from 'busbar';
import type { Config, Listener } from './config/types.js';
import { type Endpoint, endpointsConflict, formatEndpoint } from './endpoint.js';
import { UsageError } from './usage-error.js';

/** A server made from one entry of `listen`, or from one --tcp. */
export interface BoundServer extends Required<Endpoint> {
  type: Listener['type'];
  /** As it was asked for: `tcp 127.0.0.1:5020`. */
  name: string;
  server: ModbusTcpServer;
}

/** What the listeners of a config share. */
export type SharedOptions = Pick<Config, 'identity' | 'unknownUnit'>;

/** What is to be served. */
export interface Device {
  units: Unit[];
  servers: BoundServer[];
  shared: SharedOptions;
  /** The config file; absent: the test device. */
  config?: string;
}

const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_LISTENER: Listener = { type: 'tcp', host: DEFAULT_HOST, port: 5020 };

/** The server of a listener; another type of listener is another case. */
export function makeServer(listener: Listener, units: Unit[], { identity, unknownUnit }: SharedOptions): BoundServer {
  const { type, host = DEFAULT_HOST, ...options } = listener;
  const shared = { ...(identity && { identity }), ...(unknownUnit && { unknownUnit }) };
  const server = new ModbusTcpServer({ ...shared, ...options, host, units });
  return { type, name: `${type} ${formatEndpoint(host, options.port)}`, host, port: options.port, server };
}

/** Adds the listeners of the command line, and the default one where there is none at all. */
export function addListeners({ units, servers, shared }: Device, tcp: readonly Endpoint[]): void {
  for (const { host = everyAddress(), port } of tcp) {
    const added = makeServer({ type: 'tcp', host, port }, units, shared);
    const other = servers.find((server) => endpointsConflict(server, added));
    if (other) throw new UsageError(`--tcp ${formatEndpoint(host, port)} conflicts with the listener ${other.name}`);
    servers.push(added);
  }
  if (servers.length === 0) servers.push(makeServer(DEFAULT_LISTENER, units, shared));
}

/** The host that stands for every address, IPv6 included where the machine has it. */
function everyAddress(): string {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return interfaces.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}

/** Served where no config says what: everything that a client may try, all zero. */
export function testDevice(): Device {
  const whole = [{ start: 0, count: 65536 }];
  const tables = { coils: whole, discreteInputs: whole, holdingRegisters: whole, inputRegisters: whole };
  return { units: [new Unit({ id: 1, name: 'test device', ...tables })], servers: [], shared: {} };
}
