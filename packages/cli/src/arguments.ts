import { parseArgs } from 'node:util';
import { type Endpoint, parseEndpoint } from './endpoint.js';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from './log.js';
import { didYouMean } from './suggest.js';
import { UsageError } from './usage-error.js';

export interface ServeOptions {
  config?: string;
  tcp: Endpoint[];
  check: boolean;
  printSchema: boolean;
  logFormat: LogFormat;
  logLevel: LogLevel;
}

export type Invocation =
  | { command: 'help'; topic?: string }
  | { command: 'version' }
  | { command: 'serve'; options: ServeOptions };

const COMMANDS = ['serve', 'help'];

const OPTIONS = {
  config: { type: 'string' },
  tcp: { type: 'string', multiple: true },
  check: { type: 'boolean' },
  'print-schema': { type: 'boolean' },
  'log-format': { type: 'string' },
  'log-level': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type OptionName = keyof typeof OPTIONS;
const OPTION_NAMES = Object.keys(OPTIONS).map((name) => `--${name}`);

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
  if (rest.length > 0) throw new UsageError(`unexpected "${rest[0]}": a config file is given with --config FILE`);
  return { command: 'serve', options: serveOptions(options) };
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
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const name = knownOption(token.name, token.rawName);
    const value = checkedValue(name, token.value, token.inlineValue === true);
    const earlier = options.get(name);
    if (earlier && name !== 'tcp') throw new UsageError(`--${name} is given twice`);
    options.set(name, [...(earlier ?? []), value]);
  }
  return { options, words };
}

function knownOption(name: string, rawName: string): OptionName {
  if (isOptionName(name)) return name;
  throw new UsageError(`unknown option ${rawName}${didYouMean(rawName, OPTION_NAMES)}`);
}

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
    tcp: (given.get('tcp') ?? []).map(endpoint),
    check: given.has('check'),
    printSchema: given.has('print-schema'),
    logFormat: oneOf('log-format', given, LOG_FORMATS, 'pretty'),
    logLevel: oneOf('log-level', given, LOG_LEVELS, 'info'),
  };
  const config = given.get('config')?.[0];
  if (config !== undefined) options.config = config;
  checkCombination(options);
  return options;
}

function endpoint(text: string): Endpoint {
  const parsed = parseEndpoint(text);
  if (typeof parsed === 'string') throw new UsageError(`--tcp takes HOST:PORT; ${parsed}`);
  return parsed;
}

function oneOf<T extends string>(
  name: OptionName,
  given: Map<OptionName, string[]>,
  allowed: readonly T[],
  otherwise: T,
): T {
  const value = given.get(name)?.[0];
  if (value === undefined) return otherwise;
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new UsageError(`--${name} takes ${allowed.join(', ')}, not "${value}"${didYouMean(value, allowed)}`);
}

function checkCombination({ config, tcp, check, printSchema }: ServeOptions): void {
  if (printSchema && (config !== undefined || check || tcp.length > 0)) {
    throw new UsageError(
      '--print-schema prints the schema and nothing else: give it without --config, --tcp and --check',
    );
  }
  if (check && config === undefined) throw new UsageError('--check needs the file to check: --config FILE');
}
