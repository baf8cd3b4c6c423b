import { choice, listSetting, type Setting, switchSetting, textSetting, valueSetting } from '../ground/setting.js';
import { UsageError } from '../ground/usage-error.js';

// The options that make listeners. `given.ts` reads them with the help of the library, which `--help` does not load.

export const TCP = places(
  '--tcp HOST:PORT',
  'Modbus/TCP. 127.0.0.1:5020, [::1]:5020, localhost:5020, :5020 (every address); port 0 takes any free one',
);
export const UDP = places('--udp HOST:PORT', 'the same over UDP');
export const UNIX = places('--unix PATH', 'the same over a Unix domain socket; on Windows a named pipe');
export const TLS = places('--tls HOST:PORT', 'Modbus/TCP Security; needs the options below');
export const SERIAL = places('--serial PORT', 'a serial line: /dev/ttyUSB0, COM3; see the options below');

export const CERT = textSetting('--cert FILE', 'the certificate of this server, in PEM');
export const KEY = textSetting('--key FILE', 'its private key, in PEM');
export const PASSPHRASE_FILE = textSetting('--passphrase-file FILE', 'what the key is encrypted with');
export const CA = textSetting('--ca FILE', 'the authorities that client certificates must come from, in PEM');
export const CLIENT_CERTIFICATE = switchSetting('--no-client-certificate', 'let in clients without a certificate, too');

export const BAUD = valueSetting('--baud N', 'bits per second (19200)', baudRate, undefined);
export const PARITY = textSetting('--parity PARITY', 'even (default), odd or none');
export const STOP_BITS = valueSetting(
  '--stop-bits N',
  '1 (default), or 2 (default without parity)',
  stopBits,
  undefined,
);
export const ASCII = switchSetting('--ascii', 'ASCII rather than RTU');
export const SILENCE = valueSetting(
  '--silence MS',
  'milliseconds without a byte after which a begun frame is given up (50; on slow lines more)',
  milliseconds,
  undefined,
);

/** Options that stand together in the help. */
export interface SettingGroup {
  heading: string;
  settings: readonly Setting<unknown>[];
}

export const LISTENERS: SettingGroup = {
  heading:
    'Listeners, which replace all those of the config. Each may be given several\ntimes. Without any, here or there: --tcp 127.0.0.1:5020',
  settings: [TCP, UDP, UNIX, TLS, SERIAL],
};

export const OF_TLS: SettingGroup = {
  heading: 'With --tls:',
  settings: [CERT, KEY, PASSPHRASE_FILE, CA, CLIENT_CERTIFICATE],
};

export const OF_SERIAL: SettingGroup = {
  heading: 'With --serial:',
  settings: [BAUD, PARITY, STOP_BITS, ASCII, SILENCE],
};

function places(flags: string, description: string): Setting<readonly string[]> {
  return listSetting(flags, description, (text) => text);
}

function baudRate(text: string, flag: string): number {
  const rate = Number(text);
  if (/^\d{1,8}$/.test(text) && rate > 0) return rate;
  throw new UsageError(`${flag} takes bits per second, such as 19200, not "${text}"`);
}

function stopBits(text: string, flag: string): 1 | 2 {
  return choice(flag, text, ['1', '2']) === '1' ? 1 : 2;
}

function milliseconds(text: string, flag: string): number {
  if (/^\d{1,8}$/.test(text)) return Number(text);
  throw new UsageError(`${flag} takes milliseconds, such as 50, not "${text}"`);
}
