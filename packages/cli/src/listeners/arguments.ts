import { fileProblem, readFile } from '../ground/files.js';
import { didYouMean } from '../ground/suggest.js';
import { UsageError } from '../ground/usage-error.js';
import { everyAddress, parseEndpoint } from './endpoint.js';
import { type Listener, PARITIES, type SerialListener, type TlsListener } from './types.js';

/** Those of serial lines, as `parseArgs` takes them. */
export const LINE_OPTIONS = {
  serial: { type: 'string', multiple: true },
  baud: { type: 'string' },
  parity: { type: 'string' },
  'stop-bits': { type: 'string' },
  ascii: { type: 'boolean' },
  silence: { type: 'string' },
} as const;

/** The options that make listeners, as `parseArgs` takes them. */
export const LISTENER_OPTIONS = {
  tcp: { type: 'string', multiple: true },
  udp: { type: 'string', multiple: true },
  tls: { type: 'string', multiple: true },
  unix: { type: 'string', multiple: true },
  cert: { type: 'string' },
  key: { type: 'string' },
  ca: { type: 'string' },
  'passphrase-file': { type: 'string' },
  'no-client-certificate': { type: 'boolean' },
  ...LINE_OPTIONS,
} as const;

type ListenerOption = keyof typeof LISTENER_OPTIONS;

/** What is given of them: the values of each, in their order. */
export type GivenOptions = ReadonlyMap<string, readonly string[]>;

/** A listener of the command line, and how it was asked for. */
export interface GivenListener {
  flag: string;
  listener: Listener;
}

const TLS_ONLY = ['cert', 'key', 'ca', 'passphrase-file', 'no-client-certificate'] as const;
const SERIAL_ONLY = ['baud', 'parity', 'stop-bits', 'ascii', 'silence'] as const;

/** Turns the options into listeners; throws a UsageError. */
export function givenListeners(given: GivenOptions): GivenListener[] {
  checkCompanions(given, 'tls', TLS_ONLY);
  checkCompanions(given, 'serial', SERIAL_ONLY);
  return [
    ...each(given, 'tcp', (text) => ({ type: 'tcp', ...endpoint('tcp', text) })),
    ...each(given, 'udp', (text) => ({ type: 'udp', ...endpoint('udp', text) })),
    ...tlsListeners(given),
    ...each(given, 'unix', (path) => ({ type: 'unix', path })),
    ...serialListeners(given).map((listener) => ({ flag: `--serial ${listener.path}`, listener })),
  ];
}

function checkCompanions(given: GivenOptions, owner: ListenerOption, names: readonly ListenerOption[]): void {
  const lost = names.find((name) => given.has(name));
  if (lost !== undefined && !given.has(owner)) throw new UsageError(`--${lost} is given without --${owner}`);
}

function each(given: GivenOptions, name: ListenerOption, make: (text: string) => Listener): GivenListener[] {
  return (given.get(name) ?? []).map((text) => ({ flag: `--${name} ${text}`, listener: make(text) }));
}

function endpoint(name: ListenerOption, text: string): { host: string; port: number } {
  const parsed = parseEndpoint(text);
  if (typeof parsed === 'string') throw new UsageError(`--${name} takes HOST:PORT; ${parsed}`);
  return { host: parsed.host ?? everyAddress(), port: parsed.port };
}

function tlsListeners(given: GivenOptions): GivenListener[] {
  if (!given.has('tls')) return [];
  const options = tlsOptions(given);
  return each(given, 'tls', (text) => ({ type: 'tls', ...endpoint('tls', text), ...options }));
}

function tlsOptions(given: GivenOptions): Omit<TlsListener, 'type' | 'host' | 'port'> {
  const open = given.has('no-client-certificate');
  const [certFile, keyFile, caFile] = [value(given, 'cert'), value(given, 'key'), value(given, 'ca')];
  if (certFile === undefined || keyFile === undefined || (caFile === undefined && !open)) {
    throw new UsageError(`--tls needs ${tlsNeeds(given).join('; ')}. For a first try, busbar certs makes them`);
  }
  return {
    certFile,
    keyFile,
    ...(caFile !== undefined && { caFile }),
    ...(open && { requireClientCertificate: false }),
    ...passphrase(given),
  };
}

/** What --tls lacks, all of it at once. */
function tlsNeeds(given: GivenOptions): string[] {
  const authority = '(or --no-client-certificate, to let in everyone)';
  const needs = {
    cert: '--cert FILE, the certificate of this server',
    key: '--key FILE, the private key of that certificate',
    ca: `--ca FILE, the certificate authority of the clients ${authority}`,
  };
  return Object.entries(needs).flatMap(([name, need]) =>
    given.has(name) || (name === 'ca' && given.has('no-client-certificate')) ? [] : [need],
  );
}

/** From a file, since every user of the machine can read a command line. */
function passphrase(given: GivenOptions): { passphrase?: string } {
  const file = value(given, 'passphrase-file');
  if (file === undefined) return {};
  try {
    return {
      passphrase: readFile(file)
        .toString()
        .replace(/\r?\n$/, ''),
    };
  } catch (error) {
    throw new UsageError(`--passphrase-file ${file}: can't be read: ${fileProblem(error)}`);
  }
}

/** The lines that are asked for. */
export function serialListeners(given: GivenOptions): SerialListener[] {
  const [baud, stop] = [value(given, 'baud'), value(given, 'stop-bits')];
  const [parity, silence] = [value(given, 'parity'), value(given, 'silence')];
  const options: Omit<SerialListener, 'type' | 'path'> = {
    ...(baud !== undefined && { baudRate: baudRate(baud) }),
    ...(parity !== undefined && { parity: choice('parity', parity, PARITIES) }),
    ...(stop !== undefined && { stopBits: choice('stop-bits', stop, ['1', '2']) === '1' ? 1 : 2 }),
    ...(given.has('ascii') && { framing: 'ascii' }),
    ...(silence !== undefined && { silence: milliseconds(silence) }),
  };
  return (given.get('serial') ?? []).map((path) => ({ type: 'serial', path, ...options }));
}

function baudRate(text: string): number {
  const rate = Number(text);
  if (/^\d{1,8}$/.test(text) && rate > 0) return rate;
  throw new UsageError(`--baud takes bits per second, such as 19200, not "${text}"`);
}

function milliseconds(text: string): number {
  if (/^\d{1,8}$/.test(text)) return Number(text);
  throw new UsageError(`--silence takes milliseconds, such as 50, not "${text}"`);
}

/** One of the words that an option takes. */
export function choice<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new UsageError(`--${name} takes ${allowed.join(', ')}, not "${value}"${didYouMean(value, allowed)}`);
}

function value(given: GivenOptions, name: ListenerOption): string | undefined {
  return given.get(name)?.[0];
}
