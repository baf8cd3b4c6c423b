import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { hideSecrets } from '../src/config/hidden.js';
import { configSchema } from '../src/config/schema.js';
import { configYaml } from '../src/draft/yaml.js';
import { csvText } from '../src/export/csv.js';
import { markdownText } from '../src/export/markdown.js';
import { readRows } from '../src/export/rows.js';
import { importCsv } from '../src/import/csv/import.js';
import { tableText } from '../src/import/input.js';
import { busbar } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

const DEVICE = `
units:
  - id: 3
    name: x
    firstAddress: 1
    holdingRegisters: [{ start: 901, count: 5 }]
    points:
      pump: { at: coil 4, value: true }
      door: { at: 10001, description: "Front | back" }
      flow: { at: input 1, type: int16, scale: 0.1, offset: -50, unit: °C, value: 21.5 }
      energy: { at: input 101, type: float32, order: word-swap, unit: kWh }
      setpoint: { at: holding 1, type: int16, scale: 0.1, min: 30, max: 80, value: 55 }
      total: { at: holding 2, type: uint64, value: 18446744073709551615, whole: true }
      mode: { at: holding 21, labels: { 0: off, 1: auto }, value: auto }
      alarms: { at: holding 31, type: bits, length: 2, labels: { 0: hot, 3: no flow }, value: [hot, no flow] }
      fault: { at: holding 32.15 }
      serial: { at: holding 41, type: string, length: 8, padding: space, value: "007", readOnly: true }
      rest: { at: holding 51, type: raw, length: 2, value: [1, 65535] }
      level: { at: holding 61, type: bcd, length: 2, value: 1234 }
      born: { at: holding 71, type: unixTime, value: 0 }
      sunspec: { at: holding 40002 }
    access:
      readOnly: [{ table: holdingRegisters, start: 50, count: 2 }]
`;

function rowsOf(config: string) {
  using folder = folderWith({ 'x.yaml': config });
  return readRows(join(folder.path, 'x.yaml'));
}

/** The points of a config as another reads them, without the order in which they stand. */
function pointsOf(config: string) {
  return new Map(
    rowsOf(config)[0].rows.map(({ point, writable }) => {
      const { name, place, type, order, quantity, scale, offset, unit, labels, min, max, whole, description } = point;
      return [
        name,
        {
          place,
          type,
          order,
          quantity,
          scale,
          offset,
          unit,
          labels,
          min,
          max,
          whole,
          description,
          writable,
          value: point.value,
        },
      ];
    }),
  );
}

describe('export csv', () => {
  test('has the address of each point in both forms, and all that is said of it', () => {
    const [header, ...lines] = csvText(rowsOf(DEVICE)).split('\r\n');
    expect(header).toBe(
      '\ufeffunit id,name,table,address,reference,bit,type,order,length,padding,scale,offset,unit,access,min,max,labels,value,whole,description',
    );
    expect(lines.slice(0, -1)).toEqual([
      '3,pump,coil,3,00004,,bool,,,,,,,RW,,,,true,,',
      '3,door,discrete,0,10001,,bool,,,,,,,R,,,,,,Front | back',
      '3,flow,input,0,30001,,int16,,,,0.1,-50,°C,R,,,,21.5,,',
      '3,energy,input,100,30101,,float32,CDAB,,,,,kWh,R,,,,,,',
      '3,setpoint,holding,0,40001,,int16,,,,0.1,,,RW,30,80,,55,,',
      '3,total,holding,1,40002,,uint64,ABCD,,,,,,RW,,,,18446744073709551615,true,',
      '3,mode,holding,20,40021,,uint16,,,,,,,RW,,,"0=off, 1=auto",auto,,',
      '3,alarms,holding,30,40031,,bits,ABCD,2,,,,,RW,,,"0=hot, 3=no flow","hot, no flow",,',
      '3,fault,holding,31,40032.15,15,bool,,,,,,,RW,,,,,,',
      '3,serial,holding,40,40041,,string,,8,space,,,,R,,,,007,,',
      '3,rest,holding,50,40051,,raw,,2,,,,,R,,,,"1, 65535",,',
      '3,level,holding,60,40061,,bcd,ABCD,2,,,,,RW,,,,1234,,',
      '3,born,holding,70,40071,,unixTime,ABCD,,,,,,RW,,,,0,,',
      '3,sunspec,holding,40001,440002,,uint16,,,,,,,RW,,,,,,',
    ]);
  });

  test('is read again by import csv', () => {
    const { draft, headings } = importCsv(
      tableText(Buffer.from(csvText(rowsOf(DEVICE))), 'x.csv', undefined),
      'x.csv',
      0,
    );
    expect(draft.units.map(({ id }) => id)).toEqual([3]);
    expect(pointsOf(configYaml(draft, [], headings))).toEqual(pointsOf(DEVICE));
  });
});

describe('a text that begins like a formula', () => {
  const TEXTS = ['=1+1', '+cmd', '-x', '@SUM(A1)', '\t=1', "'=1", "''+x", '-5', '+1.5e3', '-', "'tis", 'a=b'];
  const config = JSON.stringify({
    units: [
      {
        id: 1,
        name: 'x',
        points: {
          ...Object.fromEntries(
            TEXTS.map((value, i) => [
              `p${i}`,
              { at: `holding ${8 * i}`, type: 'string', length: 8, value, description: value },
            ]),
          ),
          low: { at: 'input 0', type: 'int16', value: 'off', labels: { '-5': 'off', '-4': 'on' } },
        },
      },
    ],
  });

  test('is none in a spreadsheet, and numbers stay numbers', () => {
    const lines = csvText(rowsOf(config)).split('\r\n');
    expect(lines.slice(1, -1).map((line) => line.split(',').at(-1))).toEqual([
      '',
      ...["'=1+1", "'+cmd", "'-x", "'@SUM(A1)", "'\t=1", "''=1", "'''+x", '-5', '+1.5e3', "'-", "'tis", 'a=b'],
    ]);
    expect(lines[1]).toContain('"\'-5=off, -4=on"');
  });

  test('is itself again when it is imported', () => {
    const { draft, headings } = importCsv(csvText(rowsOf(config)), 'x.csv', 0);
    expect(pointsOf(configYaml(draft, [], headings))).toEqual(pointsOf(config));
  });
});

describe('export markdown', () => {
  test('has a table for each unit and table, with the columns that it needs', () => {
    expect(markdownText(rowsOf(DEVICE), 'x').split('\n').slice(0, 23)).toEqual([
      '# x',
      '',
      'Addresses are counted from 0; the numbers are those of manuals.',
      '',
      '## Unit 3 (x)',
      '',
      '### Coils',
      '',
      '| Address | Number | Name | Type | Access |',
      '| --- | --- | --- | --- | --- |',
      '| 3 | 00004 | pump | bool | R/W |',
      '',
      '### Discrete inputs',
      '',
      '| Address | Number | Name | Type | Access | Description |',
      '| --- | --- | --- | --- | --- | --- |',
      '| 0 | 10001 | door | bool | R | Front \\| back |',
      '',
      '### Input registers',
      '',
      '| Address | Number | Name | Type | Scale | Unit | Access |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| 0 | 30001 | flow | int16 | 0.1 - 50 | °C | R |',
    ]);
  });

  test('says so where a unit has no points', () => {
    const text = markdownText(rowsOf('units: [{ id: 1, coils: [{ start: 0, count: 1 }] }]'), 'x');
    expect(text).toContain('## Unit 1\n\nIt has no points.\n');
  });
});

describe('the command', () => {
  test('writes a file, but not over another', async () => {
    using folder = folderWith({ 'x.yaml': DEVICE, 'there.csv': 'mine' });
    const run = (...args: string[]) => busbar(['export', 'csv', 'x.yaml', ...args], { cwd: folder.path });
    const printed = await run();
    const note = 'x.yaml: note: blocks have no names, so they are left out: units[0].holdingRegisters\n';
    expect(printed.stderr).toBe(note);
    expect(await run('-o', 'new.csv')).toEqual({ code: 0, stdout: '', stderr: note });
    expect(readFileSync(join(folder.path, 'new.csv'), 'utf8')).toBe(printed.stdout);
    expect(await run('-o', 'there.csv')).toEqual({
      code: 1,
      stdout: '',
      stderr: `${note}busbar: there is there.csv already; --force replaces it\n`,
    });
    expect(readFileSync(join(folder.path, 'there.csv'), 'utf8')).toBe('mine');
    expect(await run('-o', 'there.csv', '--force')).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder.path, 'there.csv'), 'utf8')).toBe(printed.stdout);
    expect(await run('-o', 'none/x.csv')).toMatchObject({
      code: 1,
      stderr: `${note}busbar: none/x.csv can't be written: there is no such folder\n`,
    });
  });

  test('reports a config that is wrong, and one that is missing', async () => {
    using folder = folderWith({ 'x.yaml': 'units: [{ id: 999 }]' });
    expect(await busbar(['export', 'csv', 'x.yaml'], { cwd: folder.path })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('x.yaml:1:15: units[0].id: expected a whole number from 0 to 255, found 999'),
    });
    expect(await busbar(['export', 'csv', 'none.yaml'], { cwd: folder.path })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("none.yaml: can't be read: there is no such file"),
    });
  });
});

describe('print', () => {
  test('fills in the defaults of listeners and units, and what it prints can be served', async () => {
    const config = `
$schema: ./busbar.schema.json
unknownUnit: silent
listen:
  - &tcp { type: tcp, port: 5020 }
  - { type: serial, path: /dev/ttyUSB0 }
units:
  - { id: 1, coils: [{ start: 0, count: 4 }], access: { readOnly: true } }
`;
    using folder = folderWith({ 'busbar.yaml': config });
    const { code, stdout, stderr } = await busbar(['print'], { cwd: folder.path });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const printed = parse(stdout);
    expect(printed).not.toHaveProperty('$schema');
    expect(printed).toMatchObject({
      unknownUnit: 'silent',
      listen: [
        { type: 'tcp', host: '127.0.0.1', port: 5020, framing: 'mbap' },
        { type: 'serial', baudRate: 19_200, parity: 'even', framing: 'rtu' },
      ],
      units: [{ id: 1, firstAddress: 0, access: { readOnly: true, readOnlyException: 2 } }],
    });
    expect(printed.listen[0]).not.toHaveProperty('unknownUnit');
    writeFileSync(join(folder.path, 'printed.yaml'), stdout);
    expect(await busbar(['serve', '--check', '--config', 'printed.yaml'], { cwd: folder.path })).toMatchObject({
      code: 0,
    });
    const again = await busbar(['print', '--config', 'printed.yaml'], { cwd: folder.path });
    expect(parse(again.stdout)).toEqual(printed);
  });

  test('hides tokens and passwords behind variables, with which it can be served', async () => {
    const config = `
http: { token: secret-secret-secret, readToken: secret-secret-reader }
share: { redis: "redis://plant:secret@10.0.0.5:6379/1", image: plant-a }
webhooks: [{ on: write, url: "https://user:secret@plant/?x=1", headers: { Authorization: Bearer secret } }]
units: [{ id: 1, name: "\${HOME:-x} is no secret" }]
`;
    using folder = folderWith({ 'x.yaml': config });
    const { stdout } = await busbar(['print', '--config', 'x.yaml'], { cwd: folder.path, env: { HOME: '$${HOME}' } });
    expect(stdout).not.toContain('secret-');
    expect(stdout.match(/secret/g)).toHaveLength(1);
    const shown = stdout.replaceAll('$', '@');
    expect(shown).toContain('  token: @{HTTP_TOKEN} # hidden: set it in the environment\n');
    expect(shown).toContain('redis://plant:@{SHARE_REDIS_PASSWORD}@10.0.0.5:6379/1');
    expect(shown).toContain('https://user:@{WEBHOOKS_0_URL_PASSWORD}@plant/?x=1');
    const names = [...stdout.matchAll(/(?<!\$)\$\{(\w+)\}/g)].map(([, name]) => name);
    expect(names).toEqual([
      'HTTP_TOKEN',
      'HTTP_READ_TOKEN',
      'WEBHOOKS_0_URL_PASSWORD',
      'WEBHOOKS_0_HEADERS_AUTHORIZATION',
      'SHARE_REDIS_PASSWORD',
    ]);
    writeFileSync(join(folder.path, 'printed.yaml'), stdout);
    const env = Object.fromEntries(names.map((name) => [name, 'long-enough-for-a-token']));
    const again = await busbar(['print', '--config', 'printed.yaml'], { cwd: folder.path, env });
    expect(again).toMatchObject({ code: 0, stdout: stdout.replace('x.yaml', 'printed.yaml') });
  });

  test('hides passphrases, too', () => {
    const listen = [{ type: 'tls', certFile: 'a', passphrase: 'secret' }];
    const hidden = JSON.stringify(hideSecrets({ listen }, configSchema)).replaceAll('$', '@');
    expect(hidden).toBe('{"listen":[{"type":"tls","certFile":"a","passphrase":"@{LISTEN_0_PASSPHRASE}"}]}');
  });

  test('has the listener that is served without one', async () => {
    using folder = folderWith({ 'x.yaml': 'units: [{ id: 1 }]' });
    const { stdout } = await busbar(['print', '--config', 'x.yaml'], { cwd: folder.path });
    expect(stdout).toMatch(/^# x\.yaml, as busbar serve takes it\.\n\nlisten:\n {2}- \{ type: tcp, .*port: 5020.*\}\n/);
  });
});
