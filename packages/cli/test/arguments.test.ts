import { describe, expect, test } from 'vitest';
import { parseInvocation } from '../src/arguments.js';
import { UsageError } from '../src/usage-error.js';

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

describe('what is understood', () => {
  test('serve without options has defaults', () => {
    expect(options()).toEqual({ tcp: [], check: false, printSchema: false, logFormat: 'pretty', logLevel: 'info' });
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
    expect(options(...given).tcp).toEqual([
      { host: '127.0.0.1', port: 5020 },
      { host: 'localhost', port: 1 },
      { port: 502 },
      { host: '::1', port: 65535 },
      { host: '::', port: 0 },
    ]);
  });

  test('a value that begins with a dash, behind an equals sign', () => {
    expect(options('--config=-odd.yaml').config).toBe('-odd.yaml');
  });

  test('help in all its forms', () => {
    expect(parseInvocation(['--help'])).toEqual({ command: 'help' });
    expect(parseInvocation(['help'])).toEqual({ command: 'help' });
    expect(parseInvocation(['help', 'serve'])).toEqual({ command: 'help', topic: 'serve' });
    expect(parseInvocation(['serve', '-h'])).toEqual({ command: 'help', topic: 'serve' });
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
    [['serve', '--log', 'json'], 'unknown option --log; did you mean --log-format?'],
    [['serve', '--zzz'], 'unknown option --zzz'],
    [['serve', '--no-check'], 'unknown option --no-check; did you mean --check?'],
    [['serve', '-x'], 'unknown option -x'],
    [['serve', '--constructor'], 'unknown option --constructor'],
    [['serve', '--config'], '--config needs a value'],
    [['serve', '--config='], '--config needs a value'],
    [['serve', '--config', '--check'], '--config needs a value'],
    [['serve', '--config', 'a', '--config', 'b'], '--config is given twice'],
    [['serve', '--check=yes'], '--check takes no value, but "yes" is given'],
    [['serve', '--check'], '--check needs the file to check: --config FILE'],
    [['serve', '--log-format', 'jsno'], '--log-format takes pretty, json, not "jsno"; did you mean json?'],
    [['serve', '--log-level', 'loud'], '--log-level takes error, warn, info, debug, not "loud"'],
    [
      ['serve', '--print-schema', '--check', '--config', 'a'],
      '--print-schema prints the schema and nothing else: give it without --config, --tcp and --check',
    ],
  ])('%j', (argv, message) => {
    expect(problem(...argv)).toBe(message);
  });

  test.each([
    ['5020', '"5020" has no host: write 127.0.0.1:5020, or :5020 for every address'],
    ['localhost', '"localhost" has no port: write localhost:5020'],
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
