// Makes the checkout ready to run: dependencies installed, library and command built. Plain Node, because it runs
// before anything is installed. What is in place already is left alone.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const commandEntry = join(root, 'packages', 'cli', 'dist', 'main.js');

export function setup() {
  checkNode();
  if (!isInstalled()) install();
  build();
}

/** Runs a program in the root with the terminal's output and returns its exit code. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** Runs the JavaScript file of an installed tool with this Node.js. */
export function runTool(file, args, options) {
  return run(process.execPath, [join(root, 'node_modules', file), ...args], options);
}

/** Runs npm in the root, the one that runs this. @returns what spawnSync does. */
export function runNpm(args, options = {}) {
  const npm = process.env.npm_execpath;
  /** @type {import('node:child_process').SpawnSyncOptionsWithStringEncoding} */
  const settings = { cwd: root, stdio: 'inherit', encoding: 'utf8', ...options };
  return npm
    ? spawnSync(process.execPath, [npm, ...args], settings)
    : spawnSync('npm', args, { shell: process.platform === 'win32', ...settings });
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) return;
  fail(
    `Busbar needs Node.js 20.19, 22.12 or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'Install a newer one from https://nodejs.org/ or with your version manager, and run the command again.',
  );
}

/** npm notes in node_modules/.package-lock.json what it has installed, last of all: compared with what is asked for. */
function isInstalled() {
  const installed = readLock('node_modules/.package-lock.json');
  if (!installed) return false;
  const wanted = Object.entries(readLock('package-lock.json')).filter(([path]) => path.startsWith('node_modules/'));
  return wanted.every(([path, entry]) => isSatisfied(entry, installed[path]));
}

function isSatisfied(wanted, installed) {
  if (!installed) return wanted.optional === true;
  return wanted.version === installed.version && wanted.resolved === installed.resolved;
}

function readLock(file) {
  const path = join(root, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

function install() {
  console.error('Installing the dependencies (npm ci) …');
  // Development dependencies are needed even where NODE_ENV says production: the compiler is one.
  const args = ['ci', '--include=dev', '--no-progress'];
  if (runNpm(args).status !== 0) fail('npm ci failed: see its message above.');
}

function build() {
  const fresh = !existsSync(commandEntry);
  if (fresh) console.error('Building (tsc -b, rolldown, vite) …');
  if (runTool('typescript/bin/tsc', ['-b', 'packages/busbar', 'packages/simulator', 'packages/cli']) !== 0)
    fail('The build failed: see above.');
  for (const script of ['bundle.mjs', 'console.mjs'])
    if (run(process.execPath, [join(root, 'scripts', script)]) !== 0) fail('The build failed: see above.');
  chmodSync(commandEntry, 0o755);
}
