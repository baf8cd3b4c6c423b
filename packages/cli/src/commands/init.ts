import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { writeNewFile } from '../ground/new-file.js';
import { print } from '../ground/output.js';
import { choiceSetting, switchSetting } from '../ground/setting.js';
import { UsageError } from '../ground/usage-error.js';
import { readTemplate, TEMPLATE_NAMES, TEMPLATES } from '../templates/templates.js';
import { addCommand, addSettings } from './shared.js';

const DEFAULT_FILE = 'busbar.yaml';
const SCHEMA_FILE = 'busbar.schema.json';

const TEMPLATE = choiceSetting('--template NAME', `${TEMPLATE_NAMES.join(', ')}; see below`, TEMPLATE_NAMES, 'boiler');
const FORCE = switchSetting('--force', 'replace a file that exists');

const DESCRIPTION =
  'Writes a config to begin with: a device with a real register layout, whose values move. The comment at its ' +
  `beginning says which manual the layout is from, and what to try. Beside it ${SCHEMA_FILE} is written, with which ` +
  'editors complete and check the config.';

const NOTES = `
Templates:
${TEMPLATE_NAMES.map((name) => `  ${name.padEnd(10)}${TEMPLATES[name]}`).join('\n')}

Exit codes: 0 written, 1 failed (such as a file that exists), 2 wrong usage.

Examples:
  busbar init && busbar serve
  busbar init meter.yaml --template meter`;

/** `busbar init` */
export function addInit(program: Command): void {
  const command = addCommand(program, 'init', 'write a config to begin with');
  command.usage('[FILE] [options]').description(DESCRIPTION).addHelpText('after', NOTES);
  addSettings(command, [TEMPLATE, FORCE]);
  command.action(async () => {
    process.exitCode = await init(initOptions(command));
  });
}

/** Reads its words and options. @throws UsageError */
export function initOptions(command: Command) {
  const [file = DEFAULT_FILE, more] = command.args;
  if (more !== undefined) throw new UsageError(`unexpected "${more}": init writes one file`);
  if (!/\.ya?ml$/i.test(file))
    throw new UsageError(`init writes YAML: expected a name such as ${DEFAULT_FILE}, found "${file}"`);
  return { file, template: TEMPLATE.of(command), force: FORCE.of(command) };
}

/** @returns the exit code. */
async function init({ file, template, force }: ReturnType<typeof initOptions>): Promise<number> {
  const text = `# yaml-language-server: $schema=./${SCHEMA_FILE}\n${readTemplate(template)}`;
  const problem = writeNewFile(file, text, force) ?? (await writeSchema(join(dirname(file), SCHEMA_FILE), force));
  if (problem !== undefined) {
    process.stderr.write(`busbar: ${problem}\n`);
    return 1;
  }
  const serve = basename(file) === file && file === DEFAULT_FILE ? 'busbar serve' : `busbar serve --config ${file}`;
  return await print(`${file}: ${TEMPLATES[template]}\nServe it with: ${serve}\n`);
}

/** A schema that is there is left as it is: it may be of another version, or somebody's own. */
async function writeSchema(path: string, force: boolean): Promise<string | undefined> {
  if (existsSync(path) && !force) return undefined;
  const { configJsonSchema } = await import('../config/json-schema.js');
  return writeNewFile(path, `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`, force);
}
