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

/** @returns {Prepared} */
function prepareBusbar() {
  const folder = here('../packages/busbar');
  if (!existsSync(join(folder, 'dist/index.js'))) return { missing: 'the library is not built: npm run build' };
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { command: nodeServer('busbar'), version };
}

/**
 * @param {string} name
 * @returns {Prepared}
 */
function preparePackage(name) {
  const folder = require.resolve
    .paths(name)
    ?.map((path) => join(path, name))
    .find(existsSync);
  if (!folder) return { missing: `the npm package ${name} is not installed: npm install` };
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return { command: nodeServer(name), version };
}

/** Debian's python first: another one on the PATH may lack Debian's packages. @returns {Prepared} */
function preparePymodbus() {
  const python = ['/usr/bin/python3', 'python3'].find((path) =>
    succeeds([path, '-c', 'import pymodbus.server.async_io']),
  );
  if (!python) return { missing: 'apt-get install python3-pymodbus python3-serial python3-serial-asyncio' };
  const version = outputOf([python, '-c', 'import pymodbus; print(pymodbus.__version__)']);
  return { command: [python, here('servers/pymodbus_server.py')], version };
}

/**
 * @param {string} folder
 * @returns {Prepared}
 */
function prepareLibmodbus(folder) {
  if (!existsSync('/usr/include/modbus/modbus.h')) return { missing: 'apt-get install libmodbus-dev' };
  const program = join(folder, 'libmodbus-server');
  compile(here('native/libmodbus-server.c'), program, ['-lmodbus']);
  return { command: [program], version: outputOf(['pkg-config', '--modversion', 'libmodbus']) };
}

/** @type {Server[]} */
export const servers = [
  { name: 'busbar', prepare: prepareBusbar },
  { name: 'ceiling', prepare: () => ({ command: nodeServer('ceiling'), version: process.version }) },
  { name: 'jsmodbus', prepare: () => preparePackage('jsmodbus') },
  { name: 'modbus-serial', prepare: () => preparePackage('modbus-serial') },
  { name: 'pymodbus', prepare: preparePymodbus },
  { name: 'libmodbus', prepare: prepareLibmodbus },
];

/** @param {string} folder */
export function compileLoadgen(folder) {
  const program = join(folder, 'loadgen');
  compile(here('native/loadgen.c'), program);
  return program;
}
