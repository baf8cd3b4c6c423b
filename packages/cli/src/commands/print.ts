import type { Command } from 'commander';
import { defaultFile } from '../config/default-file.js';
import { shownName } from '../config/text.js';
import { print } from '../ground/output.js';
import { textSetting } from '../ground/setting.js';
import { UsageError } from '../ground/usage-error.js';
import { addCommand, addSettings, refuseWords } from './shared.js';

const CONFIG = textSetting(
  '--config FILE',
  'the config; - is the standard input. Default: busbar.yaml (or busbar.yml, busbar.json) in the current folder',
);

const DESCRIPTION =
  'Prints the config as it is served: with the values of the environment, without YAML anchors and merge keys, and ' +
  'with the defaults of listeners and units. Tokens and passwords are not printed: variables of the environment stand in ' +
  'their places. With these set, what it prints can be served in its place.';

const NOTES = `
Paths in a config are relative to its folder: keep the output there.

Exit codes: 0 printed, 1 failed, 2 wrong usage or config.

Example:
  busbar print --config boiler.yaml > effective.yaml`;

/** `busbar print` */
export function addPrint(program: Command): void {
  const command = addCommand(program, 'print', 'print the effective config, with its defaults');
  command.description(DESCRIPTION).addHelpText('after', NOTES);
  addSettings(command, [CONFIG]);
  refuseWords(command, 'a config file is given with --config FILE');
  command.action(async () => {
    process.exitCode = await printConfig(printOptions(command).config);
  });
}

/** Reads its options. @throws UsageError */
export function printOptions(command: Command): { config: string } {
  const config = CONFIG.of(command) ?? defaultFile();
  if (config === undefined)
    throw new UsageError('print needs a config: --config FILE, or busbar.yaml in the current folder');
  return { config };
}

/** @returns the exit code. */
async function printConfig(file: string): Promise<number> {
  const { readEffective } = await import('../config/effective.js');
  const { configYaml } = await import('../draft/yaml.js');
  return await print(configYaml(readEffective(file), [`${shownName(file)}, as busbar serve takes it.`]));
}
