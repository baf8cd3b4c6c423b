import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, outputOf, succeeds } from './process.mjs';

const require = createRequire(import.meta.url);
const here = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * What a server is run with, or why it can't be.
 * @typedef {{ command: string[], version: string } | { missing: string }} Prepared
 * @typedef {{ name: string, prepare: (folder: string) => Prepared }} Server
 */

/** @param {string} name */
function nodeServer(name) {
  return [process.execPath, here(`servers/${name}.mjs`)];
}

/**
 * @param {string} script
 * @returns {Prepared}
 */
export function prepareBusbar(script) {
  const folder = here('../packages/busbar');
  if (!existsSync(join(folder, 'dist/index.js'))) return { missing: 'the library is not built: npm run build' };
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { command: nodeServer(script), version };
}

/**
 * @param {string} name
 * @param {string} script
 * @returns {Prepared}
 */
function preparePackage(name, script) {
  const folder = require.resolve
    .paths(name)
    ?.map((path) => join(path, name))
    .find(existsSync);
  if (!folder) return { missing: `the npm package ${name} is not installed: npm install` };
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { command: nodeServer(script), version };
}

/**
 * Debian's python first: another one on the PATH may lack Debian's packages.
 * @param {string} script
 * @returns {Prepared}
 */
function preparePymodbus(script) {
  const python = ['/usr/bin/python3', 'python3'].find((path) =>
    succeeds([path, '-c', 'import pymodbus.server.async_io']),
  );
  if (!python) return { missing: 'apt-get install python3-pymodbus python3-serial python3-serial-asyncio' };
  const version = outputOf([python, '-c', 'import pymodbus; print(pymodbus.__version__)']);
  return { command: [python, here(`servers/${script}.py`)], version };
}

/**
 * @param {string} script
 * @param {string} folder
 * @returns {Prepared}
 */
function prepareLibmodbus(script, folder) {
  if (!existsSync('/usr/include/modbus/modbus.h')) return { missing: 'apt-get install libmodbus-dev' };
  const program = join(folder, script);
  compile(here(`native/${script}.c`), program, ['-lmodbus']);
  return { command: [program], version: outputOf(['pkg-config', '--modversion', 'libmodbus']) };
}

/** @type {Server[]} */
export const servers = [
  { name: 'busbar', prepare: () => prepareBusbar('busbar') },
  { name: 'ceiling', prepare: () => ({ command: nodeServer('ceiling'), version: process.version }) },
  { name: 'jsmodbus', prepare: () => preparePackage('jsmodbus', 'jsmodbus') },
  { name: 'modbus-serial', prepare: () => preparePackage('modbus-serial', 'modbus-serial') },
  { name: 'pymodbus', prepare: () => preparePymodbus('pymodbus_server') },
  { name: 'libmodbus', prepare: (folder) => prepareLibmodbus('libmodbus-server', folder) },
];

/** The same on a serial line, whose path is to be added to the command. @type {Server[]} */
export const serialServers = [
  { name: 'busbar', prepare: () => prepareBusbar('busbar-serial') },
  { name: 'ceiling', prepare: () => preparePackage('serialport', 'ceiling-serial') },
  { name: 'modbus-serial', prepare: () => preparePackage('modbus-serial', 'modbus-serial-serial') },
  { name: 'pymodbus', prepare: () => preparePymodbus('pymodbus_serial_server') },
  { name: 'libmodbus', prepare: (folder) => prepareLibmodbus('libmodbus-serial-server', folder) },
];

/**
 * @param {Server[]} chosen
 * @param {string} folder
 */
export function prepareAll(chosen, folder) {
  const ready = [];
  /** @type {Record<string, string>} */
  const missing = {};
  for (const { name, prepare } of chosen) {
    const prepared = prepare(folder);
    if ('missing' in prepared) missing[name] = prepared.missing;
    else ready.push({ name, ...prepared });
  }
  return { ready, missing };
}

/** @param {string} folder */
export function compileLoadgen(folder) {
  const program = join(folder, 'loadgen');
  compile(here('native/loadgen.c'), program);
  return program;
}
