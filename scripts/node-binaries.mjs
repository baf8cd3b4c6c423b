// Other versions of Node.js, for tests. npm brings the binary, as the package node-PLATFORM-ARCH, into a cache outside of
// git.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, root, runNpm } from './setup.mjs';

const platform = process.platform === 'win32' ? 'win' : process.platform;
const packageName = `node-${platform}-${process.arch}`;
const cache = join(root, 'node_modules', '.cache', 'busbar', 'node');

/** The first version with `node:sqlite`, without a flag. */
const WITH_SQLITE = '22.13.0';
/** The line that is fetched for it. */
const SQLITE_LINE = '24';

/** @returns the newest published version of a line such as 22 or 20.19. */
export function newestOf(line) {
  const args = ['view', `${packageName}@${line}`, 'version', '--json'];
  const { status, stdout } = runNpm(args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0 || stdout.trim() === '') fail(`npm has no ${packageName}@${line}: is there such a version?`);
  const found = [JSON.parse(stdout)].flat();
  return found.reduce((newest, each) => (isNewer(each, newest) ? each : newest));
}

function isNewer(version, other) {
  return version.localeCompare(other, 'en', { numeric: true }) > 0;
}

/** @returns the path of the binary, which is fetched unless it is there. */
export function binaryOf(version) {
  const folder = join(cache, version);
  const binary = join(folder, 'node_modules', packageName, 'bin', platform === 'win' ? 'node.exe' : 'node');
  if (!existsSync(binary)) {
    console.error(`Fetching Node.js ${version} (npm install ${packageName}) …`);
    const args = ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${packageName}@${version}`];
    if (runNpm(args).status !== 0) fail('npm install failed: see its message above.');
  }
  const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  if (stdout?.trim() !== `v${version}`) fail(`${binary} does not run here; remove ${folder} to fetch it again`);
  return binary;
}

/** The path of a Node.js with `node:sqlite`: this one, or one that has been fetched; undefined if there is none. */
export function nodeWithSqlite() {
  if (!isNewer(WITH_SQLITE, process.versions.node)) return process.execPath;
  const fetched = existsSync(cache) ? readdirSync(cache).filter((version) => !isNewer(WITH_SQLITE, version)) : [];
  return fetched.length === 0 ? undefined : binaryOf(fetched[0]);
}

/** The tests of the store in SQLite need it. */
export function ensureNodeWithSqlite() {
  if (nodeWithSqlite() === undefined) binaryOf(newestOf(SQLITE_LINE));
}
