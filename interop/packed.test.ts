import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Format } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blocksOf, root } from './helpers/document.js';
import { createPackedProject, link, type PackedProject } from './helpers/packed.js';
import { run } from './helpers/process.js';

// What a user gets from the registry, in a project of its own.

let project: PackedProject;

beforeAll(async () => {
  project = await createPackedProject();
  for (const [name, source] of Object.entries(PROGRAMS)) project.write(`src/${name}.js`, source);
});
afterAll(() => project?.remove());

const UNIT = `const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, values: [20, 21] }] });`;
const REPORT = `(error) => console.log(error.name, error.code, error.message.replaceAll('\\n', ' '))`;
const startsSync = (start: string) => `
  try {
    const server = ${start};
    console.log('listening', server.listening);
    server.stop();
  } catch (error) {
    (${REPORT})(error);
  }
`;

/** Programs that say what became of them. */
const PROGRAMS = {
  tcp: `
    import { connect } from 'node:net';
    import { ModbusTcpServer, Unit } from 'busbar';
    ${UNIT}
    const server = new ModbusTcpServer({ units: [unit], port: 0 });
    server.listen().then(() => {
      const client = connect(server.address().port, '127.0.0.1');
      client.write(Buffer.from('000100000006010300000002', 'hex'));
      client.once('data', (reply) => {
        console.log(reply.toString('hex'));
        client.destroy();
        void server.close();
      });
    });
  `,
  sync: `
    import { Unit } from 'busbar';
    import { startTcpServerSync } from 'busbar/sync';
    ${UNIT}
    ${startsSync('startTcpServerSync({ units: [unit], port: 0, workerFile: process.argv[2] })')}
  `,
  serial: `
    import { ModbusSerialServer, Unit } from 'busbar';
    ${UNIT}
    new ModbusSerialServer({ units: [unit], path: '/dev/no-such-port' }).listen().catch(${REPORT});
  `,
  'sync-serial': `
    import { Unit } from 'busbar';
    import { startSerialServerSync } from 'busbar/sync';
    ${UNIT}
    ${startsSync("startSerialServerSync({ units: [unit], path: '/dev/no-such-port' })")}
  `,
} as const;
/** A block of the page on all this. */
function blockOf(language: string, part = ''): string {
  const blocks = blocksOf('docs/bundlers.md').filter((block) => block.language === language);
  return blocks.map(({ lines }) => lines.join('\n')).find((text) => text.includes(part)) ?? '';
}

const REPLY = '00010000000701030400140015\n';

/** Runs a file of the project, which must end well and complain of nothing. @returns what it printed. */
async function printedBy(file: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await project.node(file, ...args);
  expect({ code, stderr }, file).toEqual({ code: 0, stderr: '' });
  return stdout;
}

test.each([
  // Storage and sharing have 29 kB of it; only those who import them load them.
  ['busbar', 190_000, 60],
  ['busbar-simulator', 100_000, 20],
  // With the HTTP API and the web console; the console alone has up to 80 kB, plots included. What keeps and shares values
  // is loaded only where it is asked for, so in files of its own.
  ['busbar-cli', 225_000, 90],
])('the package %s has at most %i bytes, in at most %i files', (name, bytes, files) => {
  const { size, entryCount } = project.packages.find((each) => each.name === name) ?? {};
  expect(size).toBeLessThanOrEqual(bytes);
  expect(entryCount).toBeLessThanOrEqual(files);
});

describe('the installed packages', () => {
  test('run from ES modules', async () => {
    expect(await printedBy('src/tcp.js')).toBe(REPLY);
    expect(await printedBy('src/sync.js')).toBe('listening true\n');
  });

  test('run from CommonJS', async () => {
    project.write(
      'common.cjs',
      `const busbar = require('busbar'), { startTcpServerSync } = require('busbar/sync');
      console.log(typeof busbar.ModbusTcpServer, typeof startTcpServerSync, typeof require('busbar/monitor').BusMonitor);`,
    );
    const { code, stdout } = await project.node('common.cjs');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'function function function\n' });
  });

  test('load the cryptography of Node.js only for TLS', async () => {
    project.write(
      'load.js',
      `import 'busbar';
      console.log(process.moduleLoadList.filter((each) => /^NativeModule (net|tls|crypto)$/.test(each)).join());`,
    );
    expect(await printedBy('load.js')).toBe('NativeModule net\n');
  });

  test('have stack traces that name classes, functions, methods and lines', async () => {
    project.write(
      'stack.js',
      `import { Unit } from 'busbar';
      const stackOf = (run) => { try { run(); } catch ({ stack }) { console.log(stack); } };
      stackOf(() => new Unit({ id: 'one' }));
      stackOf(() => new Unit({ id: 1, coils: [{ start: 0, count: 1 }] }).coils.set(7, true));`,
    );
    const printed = await printedBy('stack.js');
    for (const name of ['checkOptions', 'checkUnitOptions', 'new Unit', 'BitTable.set'])
      expect(printed).toMatch(new RegExp(`at ${name} \\(.*/node_modules/busbar/dist/.*\\.js:\\d{2,}:\\d+\\)`));
    for (const line of printed.split('\n')) expect(line.length).toBeLessThan(300);
  });

  test('have a command that runs', async () => {
    project.write('device.yaml', 'units: [{ id: 1, coils: [{ start: 0, count: 8 }] }]\n');
    const config = join(project.path, 'device.yaml');
    const printed = await printedBy('node_modules/busbar-cli/bin/busbar.js', 'serve', '--config', config, '--check');
    expect(printed).toContain('ok, 1 unit');
  });

  test('have the templates of the command', async () => {
    const [command, file] = ['node_modules/busbar-cli/bin/busbar.js', join(project.path, 'meter.yaml')];
    expect(await printedBy(command, 'init', file, '--template', 'meter')).toContain('SDM630');
    expect(await printedBy(command, 'serve', '--config', file, '--check')).toContain('48 points');
    expect(await printedBy(command, 'export', 'csv', file)).toContain('voltage1,input,0,30001,');
  });

  test('say that the program of a thread is not to be run by itself', async () => {
    const { code, stderr } = await project.node('node_modules/busbar/dist/sync/busbar-worker.js');
    expect(code).toBe(1);
    expect(stderr).toContain('busbar/sync/worker runs only in a thread that busbar/sync starts');
  });
});

const subpaths = ['tcp', 'tls', 'udp', 'serial', 'unix', 'stream', 'sync', 'monitor', 'testing'];
const TYPED = `
  ${blockOf('typescript')}
  ${subpaths.map((name) => `import * as ${name} from 'busbar/${name}';`).join('\n')}
  unit.on('write', (event) => event.address.toFixed());
  export const all = [${subpaths}];
`;

describe('a strict compiler', () => {
  /** Checks one file, with the options of the documents and some of the test's. */
  async function complaints(file: string, source: string, options: object): Promise<string> {
    const { compilerOptions } = JSON.parse(blockOf('json'));
    project.write(`typed/${file}`, source);
    const config = { compilerOptions: { ...compilerOptions, noEmit: true, ...options }, files: [file] };
    project.write('typed/tsconfig.json', JSON.stringify(config));
    return project.compile('typed/tsconfig.json');
  }

  test.each([
    ['nodenext', {}],
    ['node20', { module: 'node20' }],
    ['node16', { module: 'node16' }],
    ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
  ])('knows the types of the packed library by %s, those of every file', async (_, options) => {
    expect(await complaints('module.mts', TYPED, options)).toBe('');
  });

  test.each([{}, { module: 'node20' }])('lets CommonJS import it with %o', async (options) => {
    expect(await complaints('common.cts', TYPED, options)).toBe('');
  });

  test('lets CommonJS import it only later with node16', async () => {
    expect(await complaints('common.cts', TYPED, { module: 'node16' })).toContain('TS1479');
    const later = `export const unit = import('busbar').then(({ Unit }) => new Unit({ id: 1 }));`;
    expect(await complaints('later.cts', later, { module: 'node16' })).toBe('');
  });
});

/** Whatever a bundle says has to be said to a program that waits for it. */
const NOT_STARTED = /^StateError SERVER_THREAD_NOT_STARTED .*busbar-worker.*keep busbar external.*workerFile/;

describe.each(['esm', 'cjs'] as const)('in a bundle of esbuild, as %s,', (format) => {
  const folder = `esbuild-${format}`;

  beforeAll(() => {
    project.write(`${folder}/package.json`, JSON.stringify({ type: format === 'esm' ? 'module' : 'commonjs' }));
  });

  test('a server runs', async () => {
    await bundle(format, { tcp: 'src/tcp.js' });
    expect(await printedBy(`${folder}/tcp.js`)).toBe(REPLY);
  });

  test('a synchronous server says at once what it lacks, and runs where its thread is beside it or is named', async () => {
    await bundle(format, { sync: 'src/sync.js' });
    expect(await printedBy(`${folder}/sync.js`)).toMatch(NOT_STARTED);
    await bundle(format, { 'busbar-worker': 'busbar/sync/worker', 'other/thread': 'busbar/sync/worker' });
    expect(await printedBy(`${folder}/sync.js`)).toBe('listening true\n');
    rmSync(join(project.path, folder, 'busbar-worker.js'));
    expect(await printedBy(`${folder}/sync.js`, join(project.path, folder, 'other/thread.js'))).toBe(
      'listening true\n',
    );
  });

  test('a serial port says how to get the package, and that it has to stay external', async () => {
    await bundle(format, { serial: 'src/serial.js' });
    expect(await printedBy(`${folder}/serial.js`)).toMatch(/^ListenError SERIALPORT_MISSING .*npm install serialport/);
    link('serialport', project.path);
    try {
      await bundle(format, { serial: 'src/serial.js' });
      expect(await printedBy(`${folder}/serial.js`)).toMatch(
        /^ListenError SERIALPORT_UNUSABLE .*--external:serialport/,
      );
      await bundle(format, { serial: 'src/serial.js' }, ['serialport']);
      expect(await printedBy(`${folder}/serial.js`)).toMatch(/^ListenError ENOENT /);
    } finally {
      rmSync(join(project.path, 'node_modules/serialport'));
    }
  });

  test('a synchronous serial server says that the library has to stay external', async () => {
    await bundle(format, { 'sync-serial': 'src/sync-serial.js', 'busbar-worker': 'busbar/sync/worker' });
    expect(await printedBy(`${folder}/sync-serial.js`)).toMatch(/^ListenError OPEN_FAILED .*--external:busbar/);
    await bundle(format, { 'sync-serial': 'src/sync-serial.js' }, ['busbar']);
    expect(await printedBy(`${folder}/sync-serial.js`)).toMatch(/^ListenError SERIALPORT_MISSING /);
  });

  async function bundle(format: Format, entryPoints: Record<string, string>, external: string[] = []): Promise<void> {
    const options = { bundle: true, platform: 'node', logLevel: 'silent', absWorkingDir: project.path } as const;
    await build({ ...options, format, entryPoints, external, outdir: folder });
  }
});

test('in a bundle of Vite, as documented, servers run', async () => {
  project.write(
    'vite.config.js',
    blockOf('javascript', 'noExternal').replace("app: 'src/app.js'", "tcp: 'src/tcp.js', sync: 'src/sync.js'"),
  );
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const { code, stderr } = await run(process.execPath, [vite, 'build', project.path, '--logLevel', 'warn']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(await printedBy('dist/tcp.js')).toBe(REPLY);
  expect(await printedBy('dist/sync.js')).toBe('listening true\n');
});
