import { type Command, Option } from 'commander';
import { didYouMean } from './suggest.js';
import { UsageError } from './usage-error.js';

/** An option of the command line, declared once for all commands that have it. `of` reads its value. */
export class Setting<T> extends Option {
  /** The flag as people type it: `--pcap`. */
  readonly flag: string;
  readonly #fallback: T;

  /** @param flags the flag, with the name of its value if it has one: `--pcap FILE`, `-o, --out FILE`. */
  constructor(flags: string, description: string, fallback: T) {
    // In brackets, the value is optional, so that commander does not take the next option as the value.
    super(flags.replace(/ (\S+)$/, ' [$1]'), description);
    this.flag = /--\S+/.exec(flags)?.[0] ?? flags;
    this.#fallback = fallback;
  }

  /** The value that was given, or the default. */
  of(command: Command): T {
    return command.getOptionValue(this.attributeName()) ?? this.#fallback;
  }

  isGiven(command: Command): boolean {
    return command.getOptionValueSource(this.attributeName()) === 'cli';
  }
}

/** Turns the text of a value into what it means; throws a UsageError that names the flag. */
type Read<T> = (text: string, flag: string) => T;

/** An option without a value. One that begins with `--no-` is true until it is given. */
export function switchSetting(flag: string, description: string): Setting<boolean> {
  const setting = new Setting(flag, description, false);
  return setting.argParser<boolean | undefined>((_, before) => {
    if (before === !setting.negate) throw new UsageError(`${flag} is given twice`);
    return !setting.negate;
  });
}

export function textSetting(flags: string, description: string): Setting<string | undefined> {
  return valueSetting(flags, description, (text) => text, undefined);
}

/** One of the words that an option takes. */
export function choiceSetting<T extends string>(
  flags: string,
  description: string,
  allowed: readonly T[],
  fallback: T,
): Setting<T> {
  return valueSetting(flags, description, (text, flag) => choice(flag, text, allowed), fallback);
}

/** @throws UsageError unless `text` is one of `allowed`. */
export function choice<T extends string>(flag: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === text);
  if (found !== undefined) return found;
  throw new UsageError(`${flag} takes ${allowed.join(', ')}, not "${text}"${didYouMean(text, allowed)}`);
}

export function valueSetting<V, F>(flags: string, description: string, read: Read<V>, fallback: F): Setting<V | F> {
  const setting = new Setting<V | F>(flags, description, fallback);
  setting.preset('').argParser<V | undefined>((text, before) => {
    if (before !== undefined) throw new UsageError(`${setting.flag} is given twice`);
    return read(present(text, setting.flag), setting.flag);
  });
  return setting;
}

/** An option that may be given several times. */
export function listSetting(flags: string, description: string, read: Read<string>): Setting<readonly string[]> {
  const setting = new Setting<readonly string[]>(flags, description, []);
  setting.preset('').argParser<readonly string[] | undefined>((text, before = []) => {
    return [...before, read(present(text, setting.flag), setting.flag)];
  });
  return setting;
}

function present(text: string, flag: string): string {
  if (text === '') throw new UsageError(`${flag} needs a value`);
  return text;
}
