import { describe, expect, test } from 'vitest';
import { UsageError } from '../src/ground/usage-error.js';
import { busbar } from './helpers/command.js';
import { parseInvocation } from './helpers/invocation.js';

function problem(...argv: string[]): string {
  try {
    parseInvocation(argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('accepted');
}

describe('what is understood', () => {
  test.each([
    [['init'], { file: 'busbar.yaml', template: 'boiler', force: false }],
    [['init', 'x.yml', '--template=meter', '--force'], { file: 'x.yml', template: 'meter', force: true }],
    [['import', 'csv', '-'], { kind: 'csv', files: ['-'], force: false, firstAddress: 0, base: 40_000 }],
    [
      ['import', 'csv', 'a.csv', '-o', 'b.yaml', '--encoding', 'windows-1252', '--first-address', '1'],
      { kind: 'csv', files: ['a.csv'], out: 'b.yaml', encoding: 'windows-1252', firstAddress: 1 },
    ],
    [['import', 'pymodbus', 'a.json', '--server', 's', '--device=d'], { kind: 'pymodbus', server: 's', device: 'd' }],
    [
      ['import', 'sunspec', 'a.json', 'b.json', '--base', '0', '--repeat', 'module=2', '--repeat', 'Pt=4', '--out=c'],
      {
        files: ['a.json', 'b.json'],
        base: 0,
        out: 'c',
        repeats: new Map([
          ['module', 2],
          ['Pt', 4],
        ]),
      },
    ],
    [['export', 'csv', 'a.yaml'], { format: 'csv', file: 'a.yaml', force: false }],
    [['export', 'markdown', 'a.yaml', '-o', 'a.md', '--force'], { format: 'markdown', out: 'a.md', force: true }],
    [['print', '--config', 'a.yaml'], { config: 'a.yaml' }],
  ])('%j', (argv, options) => {
    expect(parseInvocation(argv)).toMatchObject({ command: argv[0], options });
  });
});

describe('what is refused', () => {
  test.each([
    [['init', 'a.yaml', 'b.yaml'], 'unexpected "b.yaml": init writes one file'],
    [['init', 'a.json'], 'init writes YAML: expected a name such as busbar.yaml, found "a.json"'],
    [
      ['init', '--template', 'metre'],
      '--template takes boiler, meter, inverter, drive, plc, not "metre"; did you mean meter?',
    ],
    [['init', '--templates', 'x'], 'unknown option --templates; did you mean --template?'],
    [['import'], 'import needs a kind and a file: csv, pymodbus, sunspec, such as busbar import csv points.csv'],
    [['import', 'xlsx', 'a'], 'import takes csv, pymodbus, sunspec, not "xlsx"'],
    [['import', 'csv'], 'import csv needs the file to import: busbar import csv FILE'],
    [['import', 'csv', 'a', 'b'], 'unexpected "b": import csv takes one file'],
    [['import', 'csv', 'a', '--base', '0'], '--base is an option of import sunspec, not of import csv'],
    [['import', 'sunspec', 'a', '--device', 'x'], '--device is an option of import pymodbus, not of import sunspec'],
    [
      ['import', 'csv', 'a', '--encoding', 'x'],
      '--encoding takes the name of an encoding, such as windows-1252, iso-8859-2 or shift_jis; not "x"',
    ],
    [['import', 'csv', 'a', '--first-address', '2'], '--first-address takes 0 or 1, not "2"'],
    [['import', 'sunspec', 'a', '--base', '-1'], '--base takes a register address from 0 to 65000, not "-1"'],
    [
      ['import', 'sunspec', 'a', '--repeat', 'x'],
      '--repeat takes a group and a number up to 999, such as module=2; not "x"',
    ],
    [['import', 'csv', 'a', '-o'], '--out needs a value'],
    [['import', 'csv', 'a', '--output', 'b'], 'unknown option --output; did you mean --out?'],
    [['export'], 'export needs a format and a config, such as busbar export csv busbar.yaml'],
    [['export', 'md', 'a'], 'export takes csv, markdown, not "md"'],
    [['export', 'csv'], 'export csv needs a config: busbar export csv FILE'],
    [['export', 'csv', 'a', 'b'], 'unexpected "b": export takes one config'],
    [['print', 'a.yaml'], 'unexpected "a.yaml": a config file is given with --config FILE'],
    [['print'], 'print needs a config: --config FILE, or busbar.yaml in the current folder'],
  ])('%j', (argv, message) => {
    expect(problem(...argv)).toBe(message);
  });
});

test.each([
  ['init', ['--template', '--force', 'boiler', 'meter', 'inverter', 'drive', 'plc']],
  ['import', ['-o, --out', '--force', '--encoding', '--first-address', '--server', '--device', '--base', '--repeat']],
  ['export', ['csv', 'markdown', '-o, --out', '--force']],
  ['print', ['--config']],
])('%s is explained by its help, within 80 columns', async (name, words) => {
  const { code, stdout } = await busbar([name, '--help']);
  expect(code).toBe(0);
  for (const word of words) expect(stdout).toContain(word);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
