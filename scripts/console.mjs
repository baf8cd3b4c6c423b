// Builds the web console into the command's package. That is done only if something of it has changed since: a hash of
// all that goes in tells.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'packages/console');
const built = join(root, 'packages/cli/dist/console/index.html');
const hashFile = join(root, 'node_modules/.cache/busbar/console-hash');

const hash = hashOfSources();
if (!existsSync(built) || readIfThere(hashFile) !== hash) {
  await build({ root: source, logLevel: 'warn' });
  mkdirSync(dirname(hashFile), { recursive: true });
  writeFileSync(hashFile, hash);
}

function hashOfSources() {
  const result = createHash('sha256');
  for (const file of [...filesOf(source), join(root, 'package-lock.json')])
    result.update(file).update(readFileSync(file));
  return result.digest('hex');
}

/** @param {string} folder */
function filesOf(folder) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((each) => each.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.filter((file) => !file.includes('node_modules')).sort();
}

/** @param {string} file */
function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
