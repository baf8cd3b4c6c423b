import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { busbar } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

const TABLE =
  'name;table;address;type;min;max;value;remark 2\nflow;input;0;int16;;;21;x\nsetpoint;holding;1;int16;30;80;55;\n';

describe('busbar import', () => {
  test('prints the config, and on the standard error what it leaves out', async () => {
    using folder = folderWith({ 'points.csv': TABLE });
    expect(await busbar(['import', 'csv', 'points.csv'], { cwd: folder.path })).toEqual({
      code: 0,
      stdout: `# Imported from points.csv by busbar import csv.
# columns that are left out: "remark 2"

units:
  - id: 1
    name: points
    points:
      flow: { at: input 0, type: int16, value: 21 }
      setpoint: { at: holding 1, type: int16, min: 30, max: 80, value: 55 }
`,
      stderr: 'points.csv: note: columns that are left out: "remark 2"\n',
    });
  });

  test('writes a config that can be served, but not over another file', async () => {
    using folder = folderWith({ 'points.csv': TABLE, 'mine.yaml': 'mine' });
    const run = (...args: string[]) => busbar(args, { cwd: folder.path });
    expect(await run('import', 'csv', 'points.csv', '-o', 'new.yaml')).toMatchObject({
      code: 0,
      stdout: 'new.yaml: 2 points in 1 unit\nServe it with: busbar serve --config new.yaml\n',
    });
    expect(await run('serve', '--config', 'new.yaml', '--check')).toMatchObject({ code: 0 });
    expect(await run('import', 'csv', 'points.csv', '-o', 'mine.yaml')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('busbar: there is mine.yaml already; --force replaces it\n'),
    });
    expect(readFileSync(join(folder.path, 'mine.yaml'), 'utf8')).toBe('mine');
  });

  test('reads a table in another encoding, if it is told which', async () => {
    using folder = folderWith({});
    writeFileSync(join(folder.path, 'x.csv'), Buffer.from('place;unit\nholding 0;\xb0C\n', 'latin1'));
    const run = (...args: string[]) => busbar(['import', 'csv', 'x.csv', ...args], { cwd: folder.path });
    expect(await run()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('x.csv: is neither UTF-8 nor UTF-16'),
    });
    expect(await run('--encoding', 'windows-1252')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('holding_0: { at: holding 0, unit: °C }'),
    });
  });

  test('says in which cell is what the config refuses', async () => {
    using folder = folderWith({
      'x.csv': [
        'name;table;address;type;scale;min;max;value',
        'c;holding;5;string;;;;',
        'd;holding;9;uint16;;;10;11',
        'e;coil;3;;0,1;;;',
      ].join('\n'),
      'overlap.csv': 'name;table;address;type\na;holding;0;float32\nb;holding;1;uint16',
    });
    const places = async (file: string) => {
      const { code, stdout, stderr } = await busbar(['import', 'csv', file], { cwd: folder.path });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr.split('\n').map((line) => line.split(' ', 2).join(' '));
    };
    expect(await places('x.csv')).toEqual([
      'x.csv:2:1: c.length:',
      'x.csv:3:8: d.value:',
      'x.csv:4:5: e.scale:',
      'busbar: 3',
      '',
    ]);
    expect(await places('overlap.csv')).toEqual(['overlap.csv:3:3: b.at:', 'busbar: 1', '']);
  });

  test('says that a file is missing, or is no JSON', async () => {
    using folder = folderWith({ 'x.json': '{ "id": ' });
    const run = (...args: string[]) => busbar(['import', ...args], { cwd: folder.path });
    expect(await run('csv', 'none.csv')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("none.csv: can't be read: there is no such file\n"),
    });
    expect(await run('sunspec', 'x.json')).toMatchObject({ code: 2, stderr: expect.stringContaining('x.json:1:') });
    expect(await run('pymodbus', 'x.json')).toMatchObject({ code: 2, stderr: expect.stringContaining('x.json:1:') });
  });
});
