import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ask, connected, request } from './helpers/client.js';
import { busbar, Serving } from './helpers/command.js';
import { folderWith } from './helpers/files.js';

const CONFIG = `module: ./extra.mjs
listen: [{ type: tcp, port: 0 }]
units:
  - { id: 1, name: boiler, holdingRegisters: [{ start: 0, values: [20, 21, 22] }] }
`;
const READ = '0300000001';

function folder(code: string, config = CONFIG) {
  const made = folderWith({ 'boiler.yaml': config, 'extra.mjs': code });
  onTestFinished(() => made[Symbol.dispose]());
  return made.path;
}

async function serving(code: string, ...args: string[]) {
  const path = folder(code);
  const { serving, ports } = await Serving.start(['--config', 'boiler.yaml', ...args], path);
  onTestFinished(() => serving[Symbol.asyncDispose]());
  return { serving, port: ports[0], path };
}

describe('the module of a config', () => {
  test('adds custom functions, and hooks around all requests', async () => {
    const { port } = await serving(`export default {
      functions: [{ code: 0x41, execute: (request) => request.map((byte) => byte + 1) }],
      handler: { send: (reply) => (reply[0] === 3 ? reply.with(2, 0xee) : reply) },
    }`);
    expect(await ask(port, 1, '410102')).toBe('410203');
    expect(await ask(port, 1, READ)).toBe('0302ee14');
  });

  test('is started with the device before clients can connect, and stopped after they have gone', async () => {
    const { serving: command, port } = await serving(`
      export default {
        async start(device) {
          await null;
          device.unit('boiler').holdingRegisters.set(0, device.servers[0].listening ? 1 : 77);
        },
        stop: (device) => void process.stderr.write('stopped, listening: ' + device.servers[0].listening),
      }`);
    expect(await ask(port, 1, READ)).toBe('0302004d');
    expect(await command.stop('SIGTERM')).toMatchObject({ code: 0, stderr: 'stopped, listening: false' });
  });

  test('may be a function, which is called at the start', async () => {
    const { port } = await serving('export default (device) => device.unit(1).holdingRegisters.set(0, 78)');
    expect(await ask(port, 1, READ)).toBe('0302004e');
  });

  test('is stopped and started again when a reload has replaced units, and not otherwise', async () => {
    const {
      serving: command,
      port,
      path,
    } = await serving(`
      let starts = 0;
      export default { start: (device) => device.unit(1).holdingRegisters.set(0, ++starts), stop: () => { starts += 10 } }`);
    const reload = async (config: string) => {
      writeFileSync(join(path, 'boiler.yaml'), config);
      command.child.kill('SIGHUP');
      await command.next('reloaded');
    };
    await reload(`# the same\n${CONFIG}`);
    expect(await ask(port, 1, READ)).toBe('03020001');
    await reload(CONFIG.replace('22]', '23]'));
    expect(await ask(port, 1, READ)).toBe('0302000c');
  });

  test('takes a restart to be changed, and the log says so', async () => {
    const { serving: command, path } = await serving('export default { start() {} }', '--watch');
    writeFileSync(join(path, 'extra.mjs'), 'export default { start() { throw new Error("never called"); } }');
    const needed = {
      level: 'warn',
      key: 'module',
      message: expect.stringContaining('only when busbar is started again'),
    };
    expect(await command.next('restartNeeded')).toMatchObject(needed);
  });

  test('that cannot be started again after a reload is reported, and the device goes on', async () => {
    const {
      serving: command,
      port,
      path,
    } = await serving(`
      let starts = 0;
      export default function start() { if (++starts > 1) throw new Error('not twice') }`);
    writeFileSync(join(path, 'boiler.yaml'), CONFIG.replace('22]', '23]'));
    command.child.kill('SIGHUP');
    const message = 'extra.mjs:3:65: start of the module has failed: not twice';
    expect(await command.next('moduleFailed')).toMatchObject({ level: 'error', message });
    await command.next('reloaded');
    expect(await ask(port, 1, '0300020001')).toBe('03020017');
  });

  test('whose hook fails is reported with the place, and costs only its request', async () => {
    const { serving: command, port } = await serving(`export default {
      handler: {
        execute(request, next) {
          if (request.pdu[0] === 6) throw new TypeError('no writes');
          return next();
        },
      },
    }`);
    const socket = await connected(port);
    expect(await request(socket, 1, '060000002a')).toBe('8604');
    expect(await command.next('error')).toMatchObject({
      message: expect.stringContaining('quantity 1) (extra.mjs:4:43)'),
    });
    expect(await request(socket, 1, READ)).toBe('03020014');
    socket.destroy();
  });
});

test('what fails in a timer or a promise of the module is reported, and the device goes on', async () => {
  const { serving: command, port } = await serving(`export default () => {
    setImmediate(() => undefined.x);
    setImmediate(async () => { throw new Error('rejected') });
  }`);
  const failures = [await command.next('codeFailed'), await command.next('codeFailed')];
  expect(failures.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^extra\.mjs:2:34: TypeError: Cannot read/),
    'extra.mjs:3:38: rejected',
  ]);
  expect(await ask(port, 1, READ)).toBe('03020014');
});

test('the module of the documentation works', async () => {
  const docs = readFileSync(new URL('../../../docs/running.md', import.meta.url), 'utf8');
  const [yaml, code] = ['yaml', 'javascript'].map((language) => docs.split(`\`\`\`${language}\n`)[1]?.split('```')[0]);
  const path = folder(code, `${yaml}listen: [{ type: tcp, port: 0 }]\n`);
  const { serving, ports } = await Serving.start(['--config', 'boiler.yaml'], path);
  await using _ = serving;
  expect(await ask(ports[0], 1, '41010203')).toBe('41030201');
  expect(await ask(ports[0], 1, '0300630001')).toBe('8302');
  const { stderr, code: exit } = await serving.stop('SIGTERM');
  expect({ stderr, exit }).toEqual({ stderr: '127.0.0.1 was refused: read holding registers\n', exit: 0 });
});

describe('a module that cannot be used', () => {
  test.each([
    ['does not parse', 'const a = 1;\nconst b = ;\n', "extra.mjs:2: SyntaxError: Unexpected token ';'"],
    ['fails when it is imported', '\n\nnull.x;\n', 'extra.mjs:3:6: TypeError: Cannot read'],
    ['throws something strange', 'throw 7;', './extra.mjs: 7'],
    ['imports what is not there', "import './other.mjs';", './extra.mjs: Cannot find module'],
    [
      'exports nothing',
      'export const start = () => {};',
      './extra.mjs: expected a default export with functions, handler, start, stop, found none',
    ],
    ['exports something else', 'export default 7;', 'found 7'],
    [
      'has an unknown key',
      'export default { handlers: {} };',
      './extra.mjs: unknown "handlers" in the default export; did you mean handler?',
    ],
    ['starts with no function', 'export default { start: 1 };', './extra.mjs: start: expected a function'],
    [
      'has a wrong function',
      'export default { functions: [{ code: 200 }] };',
      './extra.mjs: functions[0].code: expected',
    ],
    ['has a wrong handler', 'export default { handler: 5 };', './extra.mjs: handler: expected an object with hooks'],
  ])('because it %s is a problem of the config, with the place', async (_name, code, message) => {
    const cwd = folder(code);
    for (const more of [[], ['--check']]) {
      const { code: exit, stderr } = await busbar(['serve', '--config', 'boiler.yaml', ...more], { cwd });
      expect(stderr).toContain(`boiler.yaml:1:9: module: `);
      expect(stderr).toContain(message);
      expect(exit).toBe(2);
    }
  });

  test('because it is not there is one, too', async () => {
    const cwd = folder('', CONFIG.replace('./extra.mjs', 'lost.mjs'));
    const { code, stderr } = await busbar(['serve', '--config', 'boiler.yaml'], { cwd });
    expect(stderr).toContain("boiler.yaml:1:9: module: lost.mjs can't be read: there is no such file\n");
    expect(code).toBe(2);
  });

  test('because its start fails ends the command', async () => {
    const cwd = folder('export default {\n  async start() {\n    await null;\n    undefined.x;\n  },\n};');
    const { code, stderr, stdout } = await busbar(['serve', '--config', 'boiler.yaml'], { cwd });
    expect(stderr).toMatch(/^busbar: extra\.mjs:4:15: start of the module has failed: TypeError: Cannot read .*\n$/);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});
