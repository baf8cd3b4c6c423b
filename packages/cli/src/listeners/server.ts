import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import {
  type ListenError,
  ModbusSerialServer,
  type ModbusServer,
  ModbusTcpServer,
  ModbusTlsServer,
  ModbusUdpServer,
  ModbusUnixServer,
  type ServerOptions,
  type Unit,
} from 'busbar';
import { formatListener } from './place.js';
import type { Listener, SerialListener, UnixListener } from './schema.js';

/**
 * A server made from one entry of `listen`, or from the command line. While it listens, `listener` has the port that it
 * got.
 */
export interface BoundServer {
  listener: Listener;
  /** The entry as it was given. */
  entry: Listener;
  /** What it shares with the others. */
  shared: SharedOptions;
  /** `tcp 127.0.0.1:5020`, or `tcp 127.0.0.1:5020 (field bus)`. */
  name: string;
  /** Where it stands among the others, by which faults tell it. */
  place: ListenerPlace;
  /** What it serves. */
  units: readonly Unit[];
  /** Why its port isn't open yet. */
  awaits?: ListenError | undefined;
  server: ModbusServer<AddressInfo | string>;
}

/** How a config tells listeners apart. */
interface ListenerPlace {
  /** Its name, if it has one. */
  listener: string | undefined;
  /** From 1. */
  index: number;
}

/** What the listeners get that is not in the config: from the command line, and from a module. */
export interface GivenOptions extends Pick<ServerOptions, 'customFunctions'> {
  /** Whether a serial port that is missing at the start is waited for. */
  wait: boolean;
  /** Hooks around the requests of a listener, whose place may change. */
  handlerOf?: (place: Readonly<ListenerPlace>) => ServerOptions['handler'];
}

/** What all listeners share. */
export interface SharedOptions extends GivenOptions, Pick<ServerOptions, 'identity' | 'unknownUnit'> {}

export const DEFAULT_LISTENER: Listener = { type: 'tcp', port: 5020 };

/** The server of a listener. @param index among the listeners, from 1. @throws OptionsError */
export function makeServer(listener: Listener, units: Unit[], shared: SharedOptions, index = 1): BoundServer {
  const place = { listener: listener.name, index };
  const handler = shared.handlerOf?.(place);
  const options = { units, ...commonOptions(listener, shared), ...(handler && { handler }) };
  const server = createServer(listener, options, shared.wait);
  const name = formatListener(listener);
  const bound: BoundServer = { listener, entry: listener, shared, name, place, units, server };
  server.on('listening', () => rename(bound, bound.entry));
  if (server instanceof ModbusSerialServer) {
    server.on('portAwaited', ({ error }) => {
      bound.awaits = error;
    });
    server.on('portOpened', () => {
      bound.awaits = undefined;
    });
  }
  return bound;
}

function withAddress(listener: Listener, at: AddressInfo | string | null): Listener {
  if ('path' in listener || typeof at !== 'object' || at === null) return listener;
  return { ...listener, host: at.address, port: at.port };
}

interface CommonOptions extends Pick<ServerOptions, 'identity' | 'unknownUnit' | 'customFunctions' | 'handler'> {
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

/** Whether two servers differ at most in what can change while they run: their names and units. */
export function isSameServer({ entry, shared }: BoundServer, other: BoundServer): boolean {
  const options = (listener: Listener, all: SharedOptions) => [
    listener.type,
    ownOptions(listener),
    commonOptions(listener, all),
  ];
  return isDeepStrictEqual(options(entry, shared), options(other.entry, other.shared));
}

/** Gives a server the name that its entry has by now. */
export function rename(bound: BoundServer, entry: Listener): void {
  bound.entry = entry;
  bound.place.listener = entry.name;
  bound.listener = withAddress(entry, bound.server.address());
  bound.name = formatListener(bound.listener);
}

/** What the library takes of a listener. */
function ownOptions<T extends Listener>({ type, name, units, ...options }: T): Omit<T, 'type' | 'name' | 'units'> {
  return options;
}

function unixOptions(listener: UnixListener) {
  const { mode, ...options } = ownOptions(listener);
  return mode === undefined ? options : { ...options, mode: Number.parseInt(String(mode).replace('o', ''), 8) };
}

function serialOptions(listener: SerialListener, wait: boolean) {
  const { reconnect, ...options } = ownOptions(listener);
  if (reconnect === false) return { ...options, reconnect };
  const { atStart = true, ...delays } = typeof reconnect === 'object' && reconnect !== null ? reconnect : {};
  return { ...options, reconnect: { ...delays, atStart: atStart && wait } };
}

/** A station must stay silent on requests to others on its line, unless its own listener says otherwise. */
function commonOptions({ framing, type }: Listener, { identity, unknownUnit, customFunctions }: SharedOptions) {
  const onLine = (framing ?? (type === 'serial' ? 'rtu' : 'mbap')) !== 'mbap';
  return {
    ...(identity && { identity }),
    ...(unknownUnit && !onLine && { unknownUnit }),
    ...(customFunctions && { customFunctions }),
  };
}
