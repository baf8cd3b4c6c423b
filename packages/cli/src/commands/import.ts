import type { Command } from 'commander';
import { listSetting, type Setting, switchSetting, textSetting, valueSetting } from '../ground/setting.js';
import { didYouMean } from '../ground/suggest.js';
import { UsageError } from '../ground/usage-error.js';
import { isEncoding } from '../import/input.js';
import { addCommand, addSettings } from './shared.js';

const OUT = textSetting('-o, --out FILE', 'the config to write. Without it, the config is printed');
const FORCE = switchSetting('--force', 'replace a file that exists');
const ENCODING = valueSetting(
  '--encoding NAME',
  'of a file that is not UTF-8 or UTF-16, such as windows-1252',
  encoding,
  undefined,
);
const FIRST_ADDRESS = valueSetting(
  '--first-address N',
  'what its addresses are counted from: 0 (default) or 1',
  firstAddress,
  0 as const,
);
const SERVER = textSetting('--server NAME', 'the server of its server_list (the only one, or "server")');
const DEVICE = textSetting('--device NAME', 'the device of its device_list (the only one, or "device")');
const BASE = valueSetting('--base N', 'the register where the device begins (40000)', base, 40_000);
const REPEAT = listSetting(
  '--repeat GROUP=N',
  'how often a group of a model stands there that may stand several times (1); may be given for several groups',
  repeat,
);

/** What can be imported, and the options of each kind alone. */
const KINDS = {
  csv: { heading: 'Options of csv:', settings: [ENCODING, FIRST_ADDRESS] },
  pymodbus: { heading: 'Options of pymodbus:', settings: [SERVER, DEVICE] },
  sunspec: { heading: 'Options of sunspec:', settings: [BASE, REPEAT] },
} satisfies Record<string, { heading: string; settings: readonly Setting<unknown>[] }>;

type Kind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as Kind[];

const DESCRIPTION =
  'Turns another description of a device into a config. What the config has otherwise is said on the standard error, ' +
  'and in a comment at the beginning of the config.';

const NOTES = `
Kinds:
  csv       a table of points, a line each; its first line names the columns
            (name, place, or table and address, type, scale, unit …). Excel's
            files are read as they are. FILE - is the standard input
  pymodbus  a setup of pymodbus' simulator, in JSON
  sunspec   information models of the SunSpec Alliance, in JSON; several files
            make a device with several models

docs/files.md has all columns, and what becomes of what.

Exit codes: 0 imported, 1 failed (such as a file that exists), 2 wrong usage or
something wrong in the file.

Examples:
  busbar import csv points.csv -o busbar.yaml
  busbar import pymodbus setup.json --device device_try
  busbar import sunspec model_103.json model_160.json --repeat module=2`;

/** `busbar import` */
export function addImport(program: Command): void {
  const command = addCommand(program, 'import', 'turn a CSV, a pymodbus setup or SunSpec models into a config');
  command
    .usage(`${KIND_NAMES.join('|')} FILE [options]`)
    .description(DESCRIPTION)
    .addHelpText('after', NOTES);
  addSettings(command, [OUT, FORCE]);
  for (const { settings, heading } of Object.values(KINDS)) addSettings(command, settings, heading);
  command.action(async () => {
    const options = importOptions(command);
    const { runImport } = await import('../import/run.js');
    process.exitCode = await runImport(options);
  });
}

/** Reads its words and options. @throws UsageError */
export function importOptions(command: Command) {
  const [word, ...files] = command.args;
  const kind = kindOf(word);
  checkOwn(command, kind);
  if (files.length === 0) throw new UsageError(`import ${kind} needs the file to import: busbar import ${kind} FILE`);
  if (kind !== 'sunspec' && files.length > 1)
    throw new UsageError(`unexpected "${files[1]}": import ${kind} takes one file`);
  return {
    kind,
    files,
    out: OUT.of(command),
    force: FORCE.of(command),
    encoding: ENCODING.of(command),
    firstAddress: FIRST_ADDRESS.of(command),
    server: SERVER.of(command),
    device: DEVICE.of(command),
    base: BASE.of(command),
    repeats: new Map(REPEAT.of(command).map(repeatOf)),
  };
}

function kindOf(word: string | undefined): Kind {
  const kind = KIND_NAMES.find((name) => name === word);
  if (kind !== undefined) return kind;
  const names = KIND_NAMES.join(', ');
  if (word === undefined)
    throw new UsageError(`import needs a kind and a file: ${names}, such as busbar import csv points.csv`);
  throw new UsageError(`import takes ${names}, not "${word}"${didYouMean(word, KIND_NAMES)}`);
}

function checkOwn(command: Command, kind: Kind): void {
  for (const other of KIND_NAMES.filter((name) => name !== kind)) {
    const given = KINDS[other].settings.find((setting) => setting.isGiven(command));
    if (given !== undefined)
      throw new UsageError(`${given.flag} is an option of import ${other}, not of import ${kind}`);
  }
}

function encoding(name: string, flag: string): string {
  if (isEncoding(name)) return name;
  throw new UsageError(
    `${flag} takes the name of an encoding, such as windows-1252, iso-8859-2 or shift_jis; not "${name}"`,
  );
}

function firstAddress(text: string, flag: string): 0 | 1 {
  if (text === '0') return 0;
  if (text === '1') return 1;
  throw new UsageError(`${flag} takes 0 or 1, not "${text}"`);
}

function base(text: string, flag: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_000) return number;
  throw new UsageError(`${flag} takes a register address from 0 to 65000, not "${text}"`);
}

function repeat(text: string, flag: string): string {
  if (/^[^=]+=[1-9]\d{0,2}$/.test(text)) return text;
  throw new UsageError(`${flag} takes a group and a number up to 999, such as module=2; not "${text}"`);
}

function repeatOf(text: string): [string, number] {
  const at = text.lastIndexOf('=');
  return [text.slice(0, at), Number(text.slice(at + 1))];
}
