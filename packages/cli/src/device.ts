import type { AddressInfo } from 'node:net';
import {
  type ListenError,
  ModbusSerialServer,
  type ModbusServer,
  ModbusTcpServer,
  ModbusTlsServer,
  ModbusUdpServer,
  ModbusUnixServer,
  OptionsError,
  Unit,
} from 'busbar';
import type { PlacedProblem } from './config/problems.js';
import type { Config, Listener, SerialListener, UnixListener } from './config/types.js';
import type { GivenListener } from './listener-arguments.js';
import { problemText } from './options-problem.js';
import { formatListener, placeOf, placesConflict } from './place.js';
import { UsageError } from './usage-error.js';

/** A server made from one entry of `listen`, or from the command line. While it listens, `listener` has the port that it got. */
export interface BoundServer {
  listener: Listener;
  /** `tcp 127.0.0.1:5020` */
  name: string;
  /** What it serves. */
  units: readonly Unit[];
  /** Why its port isn't open yet. */
  awaits?: ListenError | undefined;
  server: ModbusServer<AddressInfo | string>;
}

/** What all listeners share. */
export interface SharedOptions extends Pick<Config, 'identity' | 'unknownUnit'> {
  /** Whether a serial port that is missing at the start is waited for. */
  wait: boolean;
}

/** What is to be served. */
export interface Device {
  units: Unit[];
  servers: BoundServer[];
  shared: SharedOptions;
  /** The config file; absent: the test device. */
  config?: string;
  /** Listeners of the config that those of the command line have replaced. */
  replaced: number;
  /** What of the config is most likely not meant so. */
  warnings: readonly PlacedProblem[];
}

export const DEFAULT_LISTENER: Listener = { type: 'tcp', port: 5020 };

/** The server of a listener. @throws OptionsError */
export function makeServer(listener: Listener, units: Unit[], shared: SharedOptions): BoundServer {
  const server = createServer(listener, { units, ...commonOptions(listener, shared) }, shared.wait);
  const bound: BoundServer = { listener, name: formatListener(listener), units, server };
  server.on('listening', () => {
    bound.listener = withAddress(listener, server.address());
    bound.name = formatListener(bound.listener);
  });
  server.on('portAwaited', ({ error }) => {
    bound.awaits = error;
  });
  server.on('portOpened', () => {
    bound.awaits = undefined;
  });
  return bound;
}

function withAddress(listener: Listener, at: AddressInfo | string | null): Listener {
  if ('path' in listener || typeof at !== 'object' || at === null) return listener;
  return { ...listener, host: at.address, port: at.port };
}

interface CommonOptions extends Pick<Config, 'identity' | 'unknownUnit'> {
  units: Unit[];
}

function createServer(listener: Listener, common: CommonOptions, wait: boolean): BoundServer['server'] {
  switch (listener.type) {
    case 'tcp':
      return new ModbusTcpServer({ ...common, ...ownOptions(listener) });
    case 'udp':
      return new ModbusUdpServer({ ...common, ...ownOptions(listener) });
    case 'tls':
      return new ModbusTlsServer({ ...common, ...ownOptions(listener) });
    case 'unix':
      return new ModbusUnixServer({ ...common, ...unixOptions(listener) });
    case 'serial':
      return new ModbusSerialServer({ ...common, ...serialOptions(listener, wait) });
  }
}

/** What the library takes of a listener. */
function ownOptions<T extends Listener>({ type, units, ...options }: T): Omit<T, 'type' | 'units'> {
  return options;
}

function unixOptions(listener: UnixListener) {
  const { mode, ...options } = ownOptions(listener);
  return mode === undefined ? options : { ...options, mode: Number.parseInt(mode.replace('o', ''), 8) };
}

function serialOptions(listener: SerialListener, wait: boolean) {
  const { reconnect, ...options } = ownOptions(listener);
  if (reconnect === false) return { ...options, reconnect };
  const { atStart = true, ...delays } = typeof reconnect === 'object' ? reconnect : {};
  return { ...options, reconnect: { ...delays, atStart: atStart && wait } };
}

/** A station of a line must stay silent on the requests to others, unless its own listener has it otherwise. */
function commonOptions({ framing, type }: Listener, { identity, unknownUnit }: SharedOptions) {
  const onLine = (framing ?? (type === 'serial' ? 'rtu' : 'mbap')) !== 'mbap';
  return { ...(identity && { identity }), ...(unknownUnit && !onLine && { unknownUnit }) };
}

/** Puts the listeners of the command line in place of those of the config, and the default one where there is none at all. */
export function placeListeners(device: Device, given: readonly GivenListener[]): void {
  const { units, servers, shared } = device;
  if (given.length > 0) device.replaced = servers.splice(0).length;
  for (const { flag, listener } of given) {
    const place = placeOf(listener);
    const other = servers.find((server) => placesConflict(placeOf(server.listener), place));
    if (other) throw new UsageError(`${flag} conflicts with the listener ${other.name}`);
    checkIds(units, flag);
    servers.push(makeGiven(listener, flag, units, shared));
  }
  if (servers.length === 0) servers.push(makeServer(DEFAULT_LISTENER, units, shared));
}

/** The command line has no way to say which unit of several is meant. */
function checkIds(units: readonly Unit[], flag: string): void {
  const twice = units.find(({ id }, place) => units.findIndex((other) => other.id === id) < place);
  if (twice === undefined) return;
  throw new UsageError(
    `${flag} serves all units, but the config has several with the id ${twice.id}: change its listeners instead`,
  );
}

/** The units that no listener serves. */
export function unservedUnits({ units, servers }: Device): Unit[] {
  return units.filter((unit) => !servers.some((bound) => bound.units.includes(unit)));
}

/** The options from which those of the library come. */
const FLAGS: Record<string, string> = {
  certFile: '--cert',
  keyFile: '--key',
  caFile: '--ca',
  passphrase: '--passphrase-file',
  baudRate: '--baud',
  silence: '--silence',
  parity: '--parity',
  stopBits: '--stop-bits',
};

function makeGiven(listener: Listener, flag: string, units: Unit[], shared: SharedOptions): BoundServer {
  try {
    return makeServer(listener, units, shared);
  } catch (error) {
    throw usageError(error, flag);
  }
}

/** What is wrong with an option that came from the command line. @param flag the one to name if it was none of its companions. */
export function usageError(error: unknown, flag: string): unknown {
  if (!(error instanceof OptionsError)) return error;
  return new UsageError(`${FLAGS[error.path[0] ?? ''] ?? flag}: ${problemText(error)}`);
}

/** Served where no config says what: everything that a client may try, all zero. */
export function testDevice(wait = true): Device {
  const whole = [{ start: 0, count: 65536 }];
  const tables = { coils: whole, discreteInputs: whole, holdingRegisters: whole, inputRegisters: whole };
  return {
    units: [new Unit({ id: 1, name: 'test device', ...tables })],
    servers: [],
    shared: { wait },
    replaced: 0,
    warnings: [],
  };
}
