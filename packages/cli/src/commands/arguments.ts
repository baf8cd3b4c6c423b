import { parseArgs } from 'node:util';
import { didYouMean } from '../ground/suggest.js';
import { UsageError } from '../ground/usage-error.js';
import { choice, type GivenListener, givenListeners, LISTENER_OPTIONS } from '../listeners/arguments.js';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from '../log/logger.js';
import { CERTS_OPTIONS, type CertsOptions, certsOptions } from './certs-arguments.js';
import { MONITOR_OPTIONS, type MonitorOptions, monitorOptions } from './monitor-arguments.js';

export interface ServeOptions {
  config?: string;
  listeners: GivenListener[];
  check: boolean;
  printSchema: boolean;
  /** The capture file. */
  pcap?: string;
  logFormat: LogFormat;
  logLevel: LogLevel;
  /** For a serial port that is missing at the start. */
  wait: boolean;
}

export type Invocation =
  | { command: 'help'; topic?: string }
  | { command: 'version' }
  | { command: 'serve'; options: ServeOptions }
  | { command: 'monitor'; options: MonitorOptions }
  | { command: 'certs'; options: CertsOptions };

const COMMANDS = ['serve', 'monitor', 'certs', 'help'];

const SERVE_OPTIONS = {
  config: { type: 'string' },
  ...LISTENER_OPTIONS,
  'no-wait': { type: 'boolean' },
  check: { type: 'boolean' },
  'print-schema': { type: 'boolean' },
  pcap: { type: 'string' },
  'log-format': { type: 'string' },
  'log-level': { type: 'string' },
} as const;

const GENERAL_OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const OPTIONS = { ...SERVE_OPTIONS, ...MONITOR_OPTIONS, ...CERTS_OPTIONS, ...GENERAL_OPTIONS } as const;

type OptionName = keyof typeof OPTIONS;

/** What each command takes; help and the lack of a command take all. */
const OPTIONS_OF: Readonly<Record<string, readonly string[]>> = {
  serve: Object.keys({ ...SERVE_OPTIONS, ...GENERAL_OPTIONS }),
  monitor: Object.keys({ ...MONITOR_OPTIONS, ...GENERAL_OPTIONS }),
  certs: Object.keys({ ...CERTS_OPTIONS, ...GENERAL_OPTIONS }),
};

/** Turns what follows `busbar` on the command line into what is to be done; throws a UsageError. */
export function parseInvocation(argv: string[]): Invocation {
  const { options, words } = readTokens(argv);
  const [command, ...rest] = words;
  if (command !== undefined && !COMMANDS.includes(command)) {
    throw new UsageError(`unknown command "${command}"${didYouMean(command, COMMANDS)}`);
  }
  if (options.has('version')) return { command: 'version' };
  if (options.has('help')) return command === undefined ? { command: 'help' } : { command: 'help', topic: command };
  if (command === 'help') return helpOn(rest);
  if (command === undefined) throw new UsageError('a command is missing: busbar serve');
  if (command === 'certs') return certsInvocation(options, rest);
  if (command === 'monitor') return monitorInvocation(options, rest);
  if (rest.length > 0) throw new UsageError(`unexpected "${rest[0]}": a config file is given with --config FILE`);
  return { command: 'serve', options: serveOptions(options) };
}

function certsInvocation(given: Map<OptionName, string[]>, [word]: string[]): Invocation {
  if (word !== undefined) throw new UsageError(`unexpected "${word}": a folder for the files is given with --out DIR`);
  return { command: 'certs', options: certsOptions(given) };
}

function monitorInvocation(given: Map<OptionName, string[]>, [word]: string[]): Invocation {
  if (word !== undefined) throw new UsageError(`unexpected "${word}": the line is given with --serial PORT`);
  return { command: 'monitor', options: monitorOptions(given) };
}

function helpOn(words: string[]): Invocation {
  const [topic, more] = words;
  if (more !== undefined) throw new UsageError(`unexpected "${more}" after help ${topic}`);
  if (topic === undefined) return { command: 'help' };
  if (!COMMANDS.includes(topic)) throw new UsageError(`no help on "${topic}"${didYouMean(topic, COMMANDS)}`);
  return { command: 'help', topic };
}

interface Tokens {
  options: Map<OptionName, string[]>;
  words: string[];
}

/** Strict reading of the tokens: parseArgs' own strict mode can't suggest the option that was meant. */
function readTokens(argv: string[]): Tokens {
  const { tokens } = parseArgs({ args: argv, options: OPTIONS, strict: false, allowPositionals: true, tokens: true });
  const options = new Map<OptionName, string[]>();
  const words = tokens.filter((token) => token.kind === 'positional').map(({ value }) => value);
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const name = knownOption(token.name, token.rawName, words[0]);
    const value = checkedValue(name, token.value, token.inlineValue === true);
    const earlier = options.get(name);
    if (earlier && !('multiple' in OPTIONS[name])) throw new UsageError(`--${name} is given twice`);
    options.set(name, [...(earlier ?? []), value]);
  }
  return { options, words };
}

function knownOption(name: string, rawName: string, command = ''): OptionName {
  const names = OPTIONS_OF[command] ?? Object.keys(OPTIONS);
  if (isOptionName(name) && names.includes(name)) return name;
  const known = names.map((each) => `--${each}`);
  const meant = MEANT.get(name)?.find((option) => known.includes(option.split(' ', 1)[0]));
  const hint = meant === undefined ? undefined : `; did you mean ${meant}?`;
  if (isOptionName(name)) {
    throw new UsageError(`${command} has no option --${name}${hint ?? `; see busbar ${command} --help`}`);
  }
  throw new UsageError(`unknown option ${rawName}${hint ?? didYouMean(rawName, known)}`);
}

const PLACES = ['--tcp HOST:PORT', '--serial PORT'];
const LINES = ['--serial PORT'];

/** Options that other programs have for the same, by what they are called there. The first that the command knows is meant. */
const MEANT = new Map<string, readonly string[]>([
  ...['port', 'p', 'host', 'bind', 'listen', 'address'].map((name) => [name, PLACES] as const),
  ...['device', 'tty'].map((name) => [name, LINES] as const),
  ['baudrate', ['--baud N']],
  ...['file', 'f', 'c'].map((name) => [name, ['--config FILE']] as const),
  ...['verbose', 'v', 'debug'].map((name) => [name, ['--log-level debug']] as const),
  ['json', ['--log-format json']],
]);

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}

function checkedValue(name: OptionName, value: string | undefined, inline: boolean): string {
  if (OPTIONS[name].type === 'boolean') {
    if (value !== undefined) throw new UsageError(`--${name} takes no value, but "${value}" is given`);
    return '';
  }
  // A value that looks like an option is most likely a forgotten value; `--config=-x` still works.
  if (value === undefined || value === '' || (!inline && value.startsWith('-'))) {
    throw new UsageError(`--${name} needs a value`);
  }
  return value;
}

function serveOptions(given: Map<OptionName, string[]>): ServeOptions {
  const options: ServeOptions = {
    listeners: givenListeners(given),
    check: given.has('check'),
    printSchema: given.has('print-schema'),
    logFormat: oneOf('log-format', given, LOG_FORMATS, 'pretty'),
    logLevel: oneOf('log-level', given, LOG_LEVELS, 'info'),
    wait: !given.has('no-wait'),
  };
  const [config, pcap] = [given.get('config')?.[0], given.get('pcap')?.[0]];
  if (config !== undefined) options.config = config;
  if (pcap !== undefined) options.pcap = pcap;
  checkCombination(options);
  return options;
}

function oneOf<T extends string>(
  name: OptionName,
  given: Map<OptionName, string[]>,
  allowed: readonly T[],
  otherwise: T,
): T {
  const value = given.get(name)?.[0];
  return value === undefined ? otherwise : choice(name, value, allowed);
}

function checkCombination({ config, listeners, check, printSchema, pcap }: ServeOptions): void {
  if (printSchema && (config !== undefined || check || pcap !== undefined || listeners.length > 0)) {
    throw new UsageError(
      '--print-schema prints the schema and nothing else: give it without --config, --check, --pcap and listeners',
    );
  }
  if (check && pcap !== undefined) throw new UsageError('--check serves nothing that --pcap could write down');
  if (check && config === undefined) throw new UsageError('--check needs the file to check: --config FILE');
}
