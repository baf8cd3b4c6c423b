import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LISTENERS, OF_SERIAL, OF_TLS } from '../src/listeners/flags.js';
import { busbar } from './helpers/command.js';
import { folderWith } from './helpers/files.js';
import { takenPort } from './helpers/taken-port.js';

describe('wrong usage and config', () => {
  test('an unknown option ends it with code 2 and names the one that was meant', async () => {
    const { code, stdout, stderr } = await busbar(['serve', '--conifg', 'x']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      'busbar: unknown option --conifg; did you mean --config?\nSee: busbar --help, busbar COMMAND --help\n',
    );
  });

  test('a --tcp in the way of another is refused', async () => {
    const { code, stderr } = await busbar(['serve', '--tcp', '127.0.0.1:5020', '--tcp', ':5020']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^busbar: --tcp :5020 conflicts with the listener tcp 127\.0\.0\.1:5020\n/);
  });

  test('a wrong config ends it with code 2 and every problem on a line', async () => {
    using folder = folderWith({ 'a.yaml': 'units:\n  - id: 256\n    nmae: x\n' });
    for (const more of [[], ['--check']]) {
      const { code, stdout, stderr } = await busbar(['serve', '--config', 'a.yaml', ...more], { cwd: folder.path });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.split('\n')).toEqual([
        'a.yaml:2:9: units[0].id: expected a whole number from 0 to 255, found 256',
        expect.stringMatching(/^a\.yaml:3:5: units\[0\]\.nmae: unknown key; .*; did you mean "name"\?$/),
        'busbar: 2 problems in a.yaml',
        '',
      ]);
    }
  });

  test.each([
    ['missing.yaml', "missing.yaml: can't be read: there is no such file"],
    ['.', ".: can't be read: it is a folder"],
  ])('the config %s ends it with code 2', async (name, message) => {
    using folder = folderWith({});
    const { code, stderr } = await busbar(['serve', '--config', name], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).toBe(`${message}\nbusbar: 1 problem in ${name}\n`);
  });
});

describe('what prints and ends', () => {
  test('--check says that a config is sound, and serves nothing', async () => {
    await using taken = await takenPort();
    using folder = folderWith({ 'a.yaml': `listen: [{type: tcp, port: ${taken.port}}]\nunits: [{id: 1}, {id: 2}]` });
    const result = await busbar(['serve', '--config', 'a.yaml', '--check'], { cwd: folder.path });
    expect(result).toEqual({ code: 0, stdout: 'a.yaml: ok, 2 units, 1 listener\n', stderr: '' });
  });

  test.each(['busbar.yaml', 'busbar.yml', 'busbar.json'])('--check finds %s in the current folder', async (name) => {
    using folder = folderWith({ [name]: '{ "units": [{ "id": 1 }] }' });
    const result = await busbar(['serve', '--check'], { cwd: folder.path });
    expect(result).toEqual({ code: 0, stdout: `${name}: ok, 1 unit, 1 listener\n`, stderr: '' });
  });

  test('--version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(await busbar(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('help on serve names every option', async () => {
    const { code, stdout } = await busbar(['help', 'serve']);
    expect(code).toBe(0);
    const options = ['config', 'check', 'print-schema', 'log-format', 'log-level', 'pcap', 'help', 'version'];
    for (const option of options) expect(stdout).toContain(`--${option}`);
    const listeners = [LISTENERS, OF_TLS, OF_SERIAL].flatMap(({ settings }) => settings.map(({ flag }) => flag));
    expect(listeners).toHaveLength(15);
    for (const flag of listeners) expect(stdout).toContain(flag);
    expect(await busbar(['serve', '--help'])).toMatchObject({ code: 0, stdout });
  });

  test.each(['serve', 'monitor', 'certs'])('help on %s fits a terminal of 80 columns', async (command) => {
    const { stdout } = await busbar(['help', command]);
    const lines = stdout.split('\n').filter((line) => !line.startsWith('  busbar '));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test('no command at all is wrong usage', async () => {
    expect(await busbar([])).toMatchObject({ code: 2, stdout: '' });
  });
});

test.each(['18.20.8', '20.18.3', '21.7.3', '22.11.0'])(
  'Node.js %s is told at once that it is too old',
  async (node) => {
    using folder = folderWith({
      'old.cjs': `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${node}' } });`,
    });
    const nodeOptions = ['--require', join(folder.path, 'old.cjs')];
    for (const args of [['serve'], ['--version'], []]) {
      expect(await busbar(args, { nodeOptions })).toEqual({
        code: 1,
        stdout: '',
        stderr: `busbar: needs Node.js 20.19, 22.12 or newer; this is ${node} (${process.execPath})\n`,
      });
    }
  },
);
