import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Simulator } from 'busbar-simulator';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readEffective } from '../src/config/effective.js';
import { configJsonSchema } from '../src/config/json-schema.js';
import { parseConfig } from '../src/config/load.js';
import { configYaml } from '../src/draft/yaml.js';
import { csvText } from '../src/export/csv.js';
import { readRows } from '../src/export/rows.js';
import { importCsv } from '../src/import/csv/import.js';
import { readTemplate, TEMPLATE_NAMES, type Template } from '../src/templates/templates.js';
import { busbar } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

describe('busbar init', () => {
  test('writes busbar.yaml, which busbar serve takes, and its schema', async () => {
    using folder = folderWith({});
    const read = (file: string) => readFileSync(join(folder.path, file), 'utf8');
    expect(await busbar(['init'], { cwd: folder.path })).toEqual({
      code: 0,
      stdout: 'busbar.yaml: a condensing boiler: Triangle Tube (ACV) Prestige\nServe it with: busbar serve\n',
      stderr: '',
    });
    expect(read('busbar.yaml')).toMatch(
      /^# yaml-language-server: \$schema=\.\/busbar\.schema\.json\n# A condensing boiler /,
    );
    const { stdout } = await busbar(['serve', '--print-schema']);
    expect(read('busbar.schema.json')).toBe(stdout);
  });

  test('replaces nothing, unless it is told to', async () => {
    using folder = folderWith({ 'busbar.yaml': 'mine', 'busbar.schema.json': 'mine' });
    const read = (file: string) => readFileSync(join(folder.path, file), 'utf8');
    expect(await busbar(['init'], { cwd: folder.path })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'busbar: there is busbar.yaml already; --force replaces it\n',
    });
    expect(read('busbar.yaml')).toBe('mine');
    expect(await busbar(['init', 'other.yaml'], { cwd: folder.path })).toMatchObject({ code: 0 });
    expect(read('busbar.schema.json')).toBe('mine');
    expect(await busbar(['init', '--force', '--template', 'meter'], { cwd: folder.path })).toMatchObject({ code: 0 });
    expect(read('busbar.yaml')).toContain('SDM630');
    expect(read('busbar.schema.json')).not.toBe('mine');
  });

  test('says why it cannot write', async () => {
    using folder = folderWith({});
    expect(await busbar(['init', 'none/x.yaml'], { cwd: folder.path })).toEqual({
      code: 1,
      stdout: '',
      stderr: "busbar: none/x.yaml can't be written: there is no such folder\n",
    });
  });
});

/** Points that move only when a client has written something. */
const WAITING: Partial<Record<Template, string[]>> = {
  boiler: ['boilerSetpoint'],
  drive: ['frequency', 'current', 'speedReference', 'temperature'],
};

describe.each(TEMPLATE_NAMES)('the template %s', (template) => {
  const text = readTemplate(template);

  test('is a sound config, without a warning, for the command and for editors', () => {
    const { units, warnings } = parseConfig(text, 'x.yaml');
    expect({ units: units.length, warnings }).toEqual({ units: 1, warnings: [] });
    const ajv = new Ajv({ strict: false });
    expect(ajv.validate(configJsonSchema(), parse(text)), ajv.errorsText()).toBe(true);
  });

  test('moves without an error, and runs its scenarios', () => {
    const { lives } = parseConfig(text, 'x.yaml');
    const simulator = new Simulator({ seed: 1 });
    const errors: Error[] = [];
    simulator.on('error', (error) => errors.push(error));
    simulator.replace(lives);
    for (const { unit, simulate = {}, scenarios = {} } of lives) {
      const moved = new Set<string>();
      unit.on('pointChange', ({ point }) => moved.add(point.name));
      for (let minute = 0; minute < 30; minute++) simulator.advance('61s');
      expect(Object.keys(simulate).filter((name) => !moved.has(name))).toEqual(WAITING[template] ?? []);
      for (const name of Object.keys(scenarios)) {
        simulator.run(name);
        simulator.advance('5m');
      }
    }
    expect(errors).toEqual([]);
  });

  test('says which public manual its layout is from, and what to try', () => {
    const [about] = text.split('\nlisten:');
    expect(about).toMatch(/^# The layout is that of (its public|the public|the addresses)/m);
    expect(about).toContain('mbpoll -m tcp -p 5020');
  });

  test('is the same device after it was exported and imported, or printed', () => {
    using folder = folderWith({ 'x.yaml': text });
    const [file, again] = ['x.yaml', 'again.yaml'].map((name) => join(folder.path, name));
    const exported = csvText(readRows(file));
    const { draft, headings } = importCsv(exported.slice(1), 'x.csv', 0);
    writeFileSync(again, configYaml(draft, [], headings));
    expect(csvText(readRows(again))).toBe(exported);
    writeFileSync(again, configYaml(readEffective(file), []));
    expect(csvText(readRows(again))).toBe(exported);
  });
});
