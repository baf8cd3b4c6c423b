import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../src/ground/usage-error.js';
import { folderWith } from './helpers/files.js';
import { parseInvocation } from './helpers/invocation.js';

function problem(...argv: string[]): string {
  try {
    parseInvocation(argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('accepted');
}

function options(...argv: string[]) {
  const invocation = parseInvocation(['serve', ...argv]);
  return invocation.command === 'serve' ? invocation.options : expect.unreachable();
}

function monitorOptions(...argv: string[]) {
  const invocation = parseInvocation(['monitor', ...argv]);
  return invocation.command === 'monitor' ? invocation.options : expect.unreachable();
}

function listeners(...argv: string[]) {
  return options(...argv).listeners.map(({ listener }) => listener);
}

describe('what is understood', () => {
  test('serve without options has defaults', () => {
    expect(options()).toEqual({
      listeners: [],
      check: false,
      printSchema: false,
      wait: true,
      reset: false,
      watch: false,
      logFormat: 'pretty',
      logLevel: 'info',
    });
  });

  test('every option of serve, with a space or an equals sign', () => {
    const expected = { config: 'a.yaml', check: true, logFormat: 'json', logLevel: 'debug' };
    expect(options('--config', 'a.yaml', '--check', '--log-format', 'json', '--log-level', 'debug')).toMatchObject(
      expected,
    );
    expect(options('--config=a.yaml', '--check', '--log-format=json', '--log-level=debug')).toMatchObject(expected);
    expect(options('--print-schema')).toMatchObject({ printSchema: true });
  });

  test('--tcp several times, in every notation', () => {
    const given = ['127.0.0.1:5020', 'localhost:1', ':502', '[::1]:65535', '[::]:0'].flatMap((text) => ['--tcp', text]);
    expect(listeners(...given)).toEqual([
      { type: 'tcp', host: '127.0.0.1', port: 5020 },
      { type: 'tcp', host: 'localhost', port: 1 },
      { type: 'tcp', host: expect.stringMatching(/^(::|0\.0\.0\.0)$/), port: 502 },
      { type: 'tcp', host: '::1', port: 65535 },
      { type: 'tcp', host: '::', port: 0 },
    ]);
  });

  test('--udp and --unix, and how each was asked for', () => {
    expect(options('--unix', 'a.sock', '--udp', '127.0.0.1:0', '--unix', '/run/b').listeners).toEqual([
      { flag: '--udp 127.0.0.1:0', listener: { type: 'udp', host: '127.0.0.1', port: 0 } },
      { flag: '--unix a.sock', listener: { type: 'unix', path: 'a.sock' } },
      { flag: '--unix /run/b', listener: { type: 'unix', path: '/run/b' } },
    ]);
  });

  test('--tls with what belongs to it, shared by all', () => {
    using folder = folderWith({ secret: 'open sesame\n' });
    const passphraseFile = join(folder.path, 'secret');
    const files = ['--cert', 's.pem', '--key', 's.key', '--ca', 'ca.pem', '--passphrase-file', passphraseFile];
    const options = { certFile: 's.pem', keyFile: 's.key', caFile: 'ca.pem', passphrase: 'open sesame' };
    expect(listeners('--tls', '127.0.0.1:802', '--tls', '[::1]:802', ...files)).toEqual([
      { type: 'tls', host: '127.0.0.1', port: 802, ...options },
      { type: 'tls', host: '::1', port: 802, ...options },
    ]);
  });

  test('--tls that lets in clients without a certificate', () => {
    const files = ['--cert', 's.pem', '--key', 's.key'];
    expect(listeners('--tls', '127.0.0.1:802', ...files, '--no-client-certificate')).toEqual([
      {
        type: 'tls',
        host: '127.0.0.1',
        port: 802,
        certFile: 's.pem',
        keyFile: 's.key',
        requireClientCertificate: false,
      },
    ]);
  });

  test('--serial with line settings, or with the usual ones', () => {
    expect(listeners('--serial', 'COM3', '--serial', '/dev/ttyS0')).toEqual([
      { type: 'serial', path: 'COM3' },
      { type: 'serial', path: '/dev/ttyS0' },
    ]);
    const settings = ['--baud', '9600', '--parity', 'none', '--stop-bits', '1', '--ascii', '--silence', '500'];
    expect(listeners('--serial', 'COM3', ...settings)).toEqual([
      { type: 'serial', path: 'COM3', baudRate: 9600, parity: 'none', stopBits: 1, framing: 'ascii', silence: 500 },
    ]);
  });

  test('serve with the seed and the speed of the simulation', () => {
    expect(options('--seed', '42', '--speed', '0.5')).toMatchObject({ seed: 42, speed: 0.5 });
    expect(options()).toMatchObject({ seed: undefined, speed: undefined });
  });

  test('serve with a capture', () => {
    expect(options('--pcap', 'a.pcapng')).toMatchObject({ pcap: 'a.pcapng' });
    expect(options('--pcap=-odd')).toMatchObject({ pcap: '-odd' });
  });

  test('monitor of a line with the usual settings, and every option of it', () => {
    expect(monitorOptions('--serial', 'COM3')).toEqual({ line: { type: 'serial', path: 'COM3' }, logFormat: 'pretty' });
    const settings = ['--baud', '9600', '--parity', 'none', '--stop-bits', '1', '--ascii', '--silence', '500'];
    expect(monitorOptions('--serial', 'COM3', ...settings, '--pcap', 'bus.pcapng', '--log-format', 'json')).toEqual({
      line: {
        type: 'serial',
        path: 'COM3',
        baudRate: 9600,
        parity: 'none',
        stopBits: 1,
        framing: 'ascii',
        silence: 500,
      },
      pcap: 'bus.pcapng',
      logFormat: 'json',
    });
  });

  test('a value that begins with a dash, behind an equals sign', () => {
    expect(options('--config=-odd.yaml').config).toBe('-odd.yaml');
  });

  test('help in all its forms', () => {
    expect(parseInvocation(['--help'])).toEqual({ command: 'help' });
    expect(parseInvocation(['help'])).toEqual({ command: 'help' });
    expect(parseInvocation(['help', 'serve'])).toEqual({ command: 'help', topic: 'serve' });
    expect(parseInvocation(['serve', '-h'])).toEqual({ command: 'help', topic: 'serve' });
    expect(parseInvocation(['monitor', '--help'])).toEqual({ command: 'help', topic: 'monitor' });
    expect(parseInvocation(['help', 'monitor'])).toEqual({ command: 'help', topic: 'monitor' });
  });

  test('the version, with a command or without', () => {
    expect(parseInvocation(['--version'])).toEqual({ command: 'version' });
    expect(parseInvocation(['serve', '--version'])).toEqual({ command: 'version' });
  });
});

describe('what is refused, and how', () => {
  test.each([
    [[], 'a command is missing: busbar serve'],
    [['serv'], 'unknown command "serv"; did you mean serve?'],
    [['frobnicate'], 'unknown command "frobnicate"'],
    [['help', 'srve'], 'no help on "srve"; did you mean serve?'],
    [['help', 'serve', 'now'], 'unexpected "now" after help serve'],
    [['serve', 'boiler.yaml'], 'unexpected "boiler.yaml": a config file is given with --config FILE'],
    [['serve', '--cofnig', 'a'], 'unknown option --cofnig; did you mean --config?'],
    [['serve', '--vers'], 'unknown option --vers; did you mean --version?'],
    [['serve', '--log', 'json'], 'unknown option --log; did you mean --log-format?'],
    [['serve', '--port', '5020'], 'unknown option --port; did you mean --tcp HOST:PORT?'],
    [['serve', '--port=5020'], 'unknown option --port; did you mean --tcp HOST:PORT?'],
    [['--port', '5020', 'serve'], 'unknown option --port; did you mean --tcp HOST:PORT?'],
    [['serve', '-p', '5020'], 'unknown option -p; did you mean --tcp HOST:PORT?'],
    [['serve', '--host', '0.0.0.0'], 'serve has no option --host; did you mean --tcp HOST:PORT?'],
    [['serve', '--device', '/dev/ttyS0'], 'serve has no option --device; did you mean --serial PORT?'],
    [['serve', '--serial', 'COM3', '--baudrate', '9600'], 'unknown option --baudrate; did you mean --baud N?'],
    [['serve', '-c', 'a.yaml'], 'unknown option -c; did you mean --config FILE?'],
    [['serve', '--verbose'], 'unknown option --verbose; did you mean --log-level debug?'],
    [['monitor', '--port', 'COM3'], 'unknown option --port; did you mean --serial PORT?'],
    [['certs', '--listen', ':1'], 'unknown option --listen'],
    [['serve', '--zzz'], 'unknown option --zzz'],
    [['serve', '--no-check'], 'unknown option --no-check; did you mean --check?'],
    [['serve', '-x'], 'unknown option -x'],
    [['serve', '--constructor'], 'unknown option --constructor'],
    [['serve', '--config'], '--config needs a value'],
    [['serve', '--config='], '--config needs a value'],
    [['serve', '--config', '--check'], '--config needs a value'],
    [['serve', '--config', 'a', '--config', 'b'], '--config is given twice'],
    [['serve', '--check=yes'], '--check takes no value, but "yes" is given'],
    [['serve', '--check'], '--check needs the file to check: --config FILE, or a busbar.yaml in this folder'],
    [['serve', '--seed', '1.5'], '--seed takes a whole number, not "1.5"'],
    [['serve', '--speed', '0'], '--speed takes a number up to 100000, such as 60, not "0"'],
    [['serve', '--speed', 'fast'], '--speed takes a number up to 100000, such as 60, not "fast"'],
    [['serve', '--log-format', 'jsno'], '--log-format takes pretty, json, not "jsno"; did you mean json?'],
    [['serve', '--log-level', 'loud'], '--log-level takes error, warn, info, debug, not "loud"'],
    [
      ['serve', '--print-schema', '--check', '--config', 'a'],
      '--print-schema prints the schema and nothing else: give it without --config, --check, --pcap and listeners',
    ],
    [
      ['serve', '--print-schema', '--udp', ':1'],
      '--print-schema prints the schema and nothing else: give it without --config, --check, --pcap and listeners',
    ],
    [
      ['serve', '--udp', '5020'],
      '--udp takes HOST:PORT; "5020" has no host: write 127.0.0.1:5020, or :5020 for every address',
    ],
    [['serve', '--unix'], '--unix needs a value'],
    [['serve', '--cert', 's.pem'], '--cert is given without --tls'],
    [['serve', '--no-client-certificate'], '--no-client-certificate is given without --tls'],
    [
      ['serve', '--no-client-certificate=yes', '--tls', ':1'],
      '--no-client-certificate takes no value, but "yes" is given',
    ],
    [
      ['serve', '--tls', ':802'],
      '--tls needs --cert FILE, the certificate of this server; --key FILE, the private key of that certificate; ' +
        '--ca FILE, the certificate authority of the clients (or --no-client-certificate, to let in everyone). ' +
        'For a first try, busbar certs makes them',
    ],
    [
      ['serve', '--tls', ':802', '--cert', 's', '--key', 'k'],
      '--tls needs --ca FILE, the certificate authority of the clients (or --no-client-certificate, to let in everyone). ' +
        'For a first try, busbar certs makes them',
    ],
    [
      ['serve', '--tls', ':802', '--no-client-certificate'],
      '--tls needs --cert FILE, the certificate of this server; --key FILE, the private key of that certificate. ' +
        'For a first try, busbar certs makes them',
    ],
    [
      ['serve', '--tls', ':802', '--ca', 'ca', '--cert', 's'],
      '--tls needs --key FILE, the private key of that certificate. For a first try, busbar certs makes them',
    ],
    [
      ['serve', '--tls', ':802', '--ca', 'c', '--cert', 's', '--key', 'k', '--passphrase-file', '/no/such'],
      "--passphrase-file /no/such: can't be read: there is no such file",
    ],
    [['serve', '--baud', '9600'], '--baud is given without --serial'],
    [['serve', '--serial', 'COM3', '--baud', 'fast'], '--baud takes bits per second, such as 19200, not "fast"'],
    [['serve', '--serial', 'COM3', '--baud', '0'], '--baud takes bits per second, such as 19200, not "0"'],
    [['serve', '--serial', 'COM3', '--parity', 'evn'], '--parity takes even, odd, none, not "evn"; did you mean even?'],
    [['serve', '--serial', 'COM3', '--stop-bits', '3'], '--stop-bits takes 1, 2, not "3"'],
    [['serve', '--serial', 'COM3', '--silence', '5s'], '--silence takes milliseconds, such as 50, not "5s"'],
    [['serve', '--silence', '50'], '--silence is given without --serial'],
    [['serve', '--serial', 'COM3', '--baud', '1', '--baud', '2'], '--baud is given twice'],
    [['serve', '--pcap'], '--pcap needs a value'],
    [['serve', '--pcap', '--check'], '--pcap needs a value'],
    [['serve', '--pcap', 'a', '--pcap', 'b'], '--pcap is given twice'],
    [['serve', '--pcpa', 'a'], 'unknown option --pcpa; did you mean --pcap?'],
    [['certs', '--pcap', 'a'], 'certs has no option --pcap; see busbar certs --help'],
    [['montior'], 'unknown command "montior"; did you mean monitor?'],
    [['monitor'], 'monitor needs --serial PORT, the line to listen to'],
    [['monitor', '--baud', '9600'], 'monitor needs --serial PORT, the line to listen to'],
    [['monitor', 'COM3'], 'unexpected "COM3": the line is given with --serial PORT'],
    [['monitor', '--serial', 'COM3', '--serial', 'COM4'], '--serial is given twice: start a monitor for each line'],
    [['monitor', '--serial'], '--serial needs a value'],
    [['monitor', '--serial', 'COM3', '--pcap'], '--pcap needs a value'],
    [['monitor', '--serial', 'COM3', '--baud', 'fast'], '--baud takes bits per second, such as 19200, not "fast"'],
    [
      ['monitor', '--serial', 'COM3', '--parity', 'evn'],
      '--parity takes even, odd, none, not "evn"; did you mean even?',
    ],
    [['monitor', '--serial', 'COM3', '--stop-bits', '3'], '--stop-bits takes 1, 2, not "3"'],
    [['monitor', '--serial', 'COM3', '--silence=-1'], '--silence takes milliseconds, such as 50, not "-1"'],
    [['monitor', '--serial', 'COM3', '--ascii=yes'], '--ascii takes no value, but "yes" is given'],
    [['monitor', '--serial', 'COM3', '--log-format', 'xml'], '--log-format takes pretty, json, not "xml"'],
    [['monitor', '--tcp', ':1'], 'monitor has no option --tcp; see busbar monitor --help'],
    [['monitor', '--log-level', 'debug'], 'monitor has no option --log-level; see busbar monitor --help'],
    [['monitor', '--seral', 'COM3'], 'unknown option --seral; did you mean --serial?'],
    [['help', 'monitor', 'now'], 'unexpected "now" after help monitor'],
  ])('%j', (argv, message) => {
    expect(problem(...argv)).toBe(message);
  });

  test.each([
    ['5020', '"5020" has no host: write 127.0.0.1:5020, or :5020 for every address'],
    ['localhost', '"localhost" has no port: write localhost:5020'],
    ['70000', '"70000" is no port: the highest is 65535'],
    ['[::1]', '"[::1]" has no port: write [::1]:5020'],
    ['::1:5020', '"::1:5020": write an IPv6 address in brackets, as in [::1]:5020'],
    ['[host]:5020', '"host" is no IPv6 address'],
    ['a b:5020', '"a b" is no host name or address'],
    ['127.0.0.1:', 'the port must be a whole number from 0 to 65535, not ""'],
    ['127.0.0.1:65536', 'the port must be a whole number from 0 to 65535, not "65536"'],
    ['127.0.0.1:5e3', 'the port must be a whole number from 0 to 65535, not "5e3"'],
  ])('--tcp %s', (text, message) => {
    expect(problem('serve', '--tcp', text)).toBe(`--tcp takes HOST:PORT; ${message}`);
  });
});
