import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import type { UnitRows } from '../export/rows.js';
import { writeNewFile } from '../ground/new-file.js';
import { print } from '../ground/output.js';
import { switchSetting, textSetting } from '../ground/setting.js';
import { shown } from '../ground/shown.js';
import { didYouMean } from '../ground/suggest.js';
import { UsageError } from '../ground/usage-error.js';
import { addCommand, addSettings } from './shared.js';

const FORMATS = ['csv', 'markdown'] as const;

const OUT = textSetting('-o, --out FILE', 'the file to write. Without it, the table is printed');
const FORCE = switchSetting('--force', 'replace a file that exists');

const DESCRIPTION =
  'Writes the points of a config as a table: addresses in both forms, types, scales, units, access, limits, labels ' +
  'and descriptions.';

const NOTES = `
Formats:
  csv        for spreadsheets; busbar import csv reads it again. It has all of
             the points but how they move
  markdown   for manuals, a table for each unit and kind of register

Exit codes: 0 exported, 1 failed (such as a file that exists), 2 wrong usage or
config.

Examples:
  busbar export csv busbar.yaml -o points.csv
  busbar export markdown busbar.yaml > registers.md`;

/** `busbar export` */
export function addExport(program: Command): void {
  const command = addCommand(program, 'export', 'write the points of a config as CSV or Markdown');
  command
    .usage(`${FORMATS.join('|')} FILE [options]`)
    .description(DESCRIPTION)
    .addHelpText('after', NOTES);
  addSettings(command, [OUT, FORCE]);
  command.action(async () => {
    process.exitCode = await exportPoints(exportOptions(command));
  });
}

/** Reads its words and options. @throws UsageError */
export function exportOptions(command: Command) {
  const [word, file, more] = command.args;
  const format = FORMATS.find((each) => each === word);
  if (word === undefined)
    throw new UsageError('export needs a format and a config, such as busbar export csv busbar.yaml');
  if (format === undefined)
    throw new UsageError(`export takes ${FORMATS.join(', ')}, not "${word}"${didYouMean(word, FORMATS)}`);
  if (file === undefined) throw new UsageError(`export ${format} needs a config: busbar export ${format} FILE`);
  if (more !== undefined) throw new UsageError(`unexpected "${more}": export takes one config`);
  return { format, file, out: OUT.of(command), force: FORCE.of(command) };
}

/** @returns the exit code. */
async function exportPoints({ format, file, out, force }: ReturnType<typeof exportOptions>): Promise<number> {
  const { readRows } = await import('../export/rows.js');
  const units = readRows(file);
  const blocks = units.flatMap((unit) => unit.blocks);
  if (blocks.length > 0) {
    process.stderr.write(`${shown(file)}: note: blocks have no names, so they are left out: ${blocks.join(', ')}\n`);
  }
  const text = await formatted(format, units, basename(file, extname(file)));
  if (out === undefined || out === '-') return await print(text);
  const problem = writeNewFile(out, text, force);
  if (problem === undefined) return 0;
  process.stderr.write(`busbar: ${problem}\n`);
  return 1;
}

async function formatted(format: (typeof FORMATS)[number], units: readonly UnitRows[], title: string): Promise<string> {
  if (format === 'csv') return (await import('../export/csv.js')).csvText(units);
  return (await import('../export/markdown.js')).markdownText(units, title);
}
