import { PARITIES } from 'busbar';
import type { Command } from 'commander';
import { fileProblem, readFile } from '../ground/files.js';
import { choice, type Setting } from '../ground/setting.js';
import { UsageError } from '../ground/usage-error.js';
import { everyAddress, parseEndpoint } from './endpoint.js';
import {
  ASCII,
  BAUD,
  CA,
  CERT,
  CLIENT_CERTIFICATE,
  KEY,
  OF_SERIAL,
  OF_TLS,
  PARITY,
  PASSPHRASE_FILE,
  SERIAL,
  type SettingGroup,
  SILENCE,
  STOP_BITS,
  TCP,
  TLS,
  UDP,
  UNIX,
} from './flags.js';
import type { Listener, SerialListener, TlsListener } from './schema.js';

/** A listener of the command line, and how it was asked for; or one of a program. */
export interface GivenListener {
  flag?: string;
  listener: Listener;
}

/** The listeners that the options of a command ask for. @throws UsageError */
export function givenListeners(command: Command): GivenListener[] {
  checkCompanions(command, TLS, OF_TLS);
  checkCompanions(command, SERIAL, OF_SERIAL);
  const line = lineOptions(command);
  return [
    ...each(command, TCP, (text) => ({ type: 'tcp', ...endpoint(TCP, text) })),
    ...each(command, UDP, (text) => ({ type: 'udp', ...endpoint(UDP, text) })),
    ...tlsListeners(command),
    ...each(command, UNIX, (path) => ({ type: 'unix', path })),
    ...each(command, SERIAL, (path) => ({ type: 'serial', path, ...line })),
  ];
}

function checkCompanions(command: Command, owner: Setting<readonly string[]>, { settings }: SettingGroup): void {
  const lost = settings.find((setting) => setting.isGiven(command));
  if (lost !== undefined && !owner.isGiven(command)) {
    throw new UsageError(`${lost.flag} is given without ${owner.flag}`);
  }
}

function each(
  command: Command,
  setting: Setting<readonly string[]>,
  make: (text: string) => Listener,
): GivenListener[] {
  return setting.of(command).map((text) => ({ flag: `${setting.flag} ${text}`, listener: make(text) }));
}

function endpoint({ flag }: Setting<readonly string[]>, text: string): { host: string; port: number } {
  const parsed = parseEndpoint(text);
  if (typeof parsed === 'string') throw new UsageError(`${flag} takes HOST:PORT; ${parsed}`);
  return { host: parsed.host ?? everyAddress(), port: parsed.port };
}

function tlsListeners(command: Command): GivenListener[] {
  if (!TLS.isGiven(command)) return [];
  const options = tlsOptions(command);
  return each(command, TLS, (text) => ({ type: 'tls', ...endpoint(TLS, text), ...options }));
}

function tlsOptions(command: Command): Omit<TlsListener, 'type' | 'host' | 'port'> {
  const open = !CLIENT_CERTIFICATE.of(command);
  const [certFile, keyFile, caFile] = [CERT.of(command), KEY.of(command), CA.of(command)];
  if (certFile === undefined || keyFile === undefined || (caFile === undefined && !open)) {
    throw new UsageError(`${TLS.flag} needs ${tlsNeeds(command).join('; ')}. For a first try, busbar certs makes them`);
  }
  return {
    certFile,
    keyFile,
    ...(caFile !== undefined && { caFile }),
    ...(open && { requireClientCertificate: false }),
    ...passphrase(command),
  };
}

/** Everything that --tls lacks. */
function tlsNeeds(command: Command): string[] {
  const open = !CLIENT_CERTIFICATE.of(command);
  const authority = `(or ${CLIENT_CERTIFICATE.flag}, to let in everyone)`;
  return [
    ...(CERT.isGiven(command) ? [] : ['--cert FILE, the certificate of this server']),
    ...(KEY.isGiven(command) ? [] : ['--key FILE, the private key of that certificate']),
    ...(CA.isGiven(command) || open ? [] : [`--ca FILE, the certificate authority of the clients ${authority}`]),
  ];
}

/** Read from a file, since every user of the machine can see a command line. */
function passphrase(command: Command): { passphrase?: string } {
  const file = PASSPHRASE_FILE.of(command);
  if (file === undefined) return {};
  try {
    return { passphrase: String(readFile(file)).replace(/\r?\n$/, '') };
  } catch (error) {
    throw new UsageError(`${PASSPHRASE_FILE.flag} ${file}: can't be read: ${fileProblem(error)}`);
  }
}

/** The settings that all serial lines of the command line share. @throws UsageError */
export function lineOptions(command: Command): Omit<SerialListener, 'type' | 'path'> {
  const [baudRate, parity] = [BAUD.of(command), PARITY.of(command)];
  const [stopBits, silence] = [STOP_BITS.of(command), SILENCE.of(command)];
  return {
    ...(baudRate !== undefined && { baudRate }),
    ...(parity !== undefined && { parity: choice(PARITY.flag, parity, PARITIES) }),
    ...(stopBits !== undefined && { stopBits }),
    ...(ASCII.of(command) && { framing: 'ascii' as const }),
    ...(silence !== undefined && { silence }),
  };
}
