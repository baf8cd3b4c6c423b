import type { Command } from 'commander';
import { choiceSetting, type Setting, textSetting } from '../ground/setting.js';
import { UsageError } from '../ground/usage-error.js';
import { LOG_LEVELS } from '../log/event.js';
import { LOG_FORMATS } from '../log/logger.js';

export const PCAP = textSetting('--pcap FILE', 'write all requests and replies to a capture that Wireshark opens');
export const LOG_FORMAT = choiceSetting(
  '--log-format FORMAT',
  'pretty (default), or json: one JSON object a line',
  LOG_FORMATS,
  'pretty',
);
export const LOG_LEVEL = choiceSetting(
  '--log-level LEVEL',
  'error, warn, info (default) or debug (with every request and its reply)',
  LOG_LEVELS,
  'info',
);

/** Adds a command. Commander lets unknown words pass, since `refuseUnknown` and `refuseWords` have better messages. */
export function addCommand(program: Command, name: string, summary: string): Command {
  return program.command(name).summary(summary).allowUnknownOption().allowExcessArguments();
}

/** Adds options, under a heading if one is given. */
export function addSettings(command: Command, settings: readonly Setting<unknown>[], heading?: string): void {
  for (const setting of settings) command.addOption(heading === undefined ? setting : setting.helpGroup(heading));
}

/** For commands that take no words. @param instead what to write. */
export function refuseWords(command: Command, instead: string): void {
  command.hook('preAction', () => {
    const [word] = command.args;
    if (word !== undefined) throw new UsageError(`unexpected "${word}": ${instead}`);
  });
}
