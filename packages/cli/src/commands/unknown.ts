import type { Command } from 'commander';
import { didYouMean } from '../ground/suggest.js';
import { UsageError } from '../ground/usage-error.js';

/** Names of options in other programs, and ours for the same; the first that the command has is suggested. */
const MEANT = new Map<string, readonly string[]>([
  ...words('--port -p --host --bind --listen --address', ['--tcp HOST:PORT', '--serial PORT']),
  ...words('--device --tty', ['--serial PORT']),
  ...words('--baudrate', ['--baud N']),
  ...words('--file -f -c', ['--config FILE']),
  ...words('--verbose -v --debug', ['--log-level debug']),
  ...words('--output', ['--out']),
  ...words('--json', ['--log-format json']),
]);

function words(flags: string, meant: readonly string[]): [string, readonly string[]][] {
  return flags.split(' ').map((flag) => [flag, meant]);
}

/** Refuses words that look like options and that commander did not recognise, with a suggestion. */
export function refuseUnknown(command: Command, program: Command): void {
  const word = command.args.find((arg) => /^-[^\d.]/.test(arg));
  if (word === undefined) return;
  const [flag, value] = word.split('=', 2);
  const known = command === program ? program.commands.flatMap(flagsOf) : flagsOf(command);
  if (!known.includes(flag)) throw new UsageError(unknown(flag, known, command, program));
  const owner = program.commands.find((each) => flagsOf(each).includes(flag));
  if (command === program) throw new UsageError(`${flag} comes behind its command: busbar ${owner?.name()} ${flag}`);
  if (value !== undefined) throw new UsageError(`${flag} takes no value, but "${value}" is given`);
}

function flagsOf(command: Command): string[] {
  return [...command.options.flatMap(({ long }) => long ?? []), '--help', '--version'];
}

function unknown(flag: string, known: readonly string[], command: Command, program: Command): string {
  const meant = MEANT.get(flag)?.find((option) => known.includes(option.split(' ', 1)[0]));
  const hint = meant === undefined ? undefined : `; did you mean ${meant}?`;
  const isElsewhere = program.commands.some((other) => flagsOf(other).includes(flag));
  if (!isElsewhere) return `unknown option ${flag}${hint ?? didYouMean(flag, known)}`;
  return `${command.name()} has no option ${flag}${hint ?? `; see busbar ${command.name()} --help`}`;
}
