// The tests on other versions of Node.js: npm run test:node -- 20.19 22 24 26 [-- arguments of vitest] Each is the
// newest of its line. npm brings the binary, as the package node-PLATFORM-ARCH, into a cache outside of git.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fail, root, runNpm, setup } from './setup.mjs';
import { ensureSystemTools } from './system-tools.mjs';

const TESTED = ['20.19', '22', '24', '26'];
/** For a run that hangs. */
const PATIENCE_MS = 30 * 60_000;

const platform = process.platform === 'win32' ? 'win' : process.platform;
const packageName = `node-${platform}-${process.arch}`;

const { versions, vitestArgs } = readArguments(process.argv.slice(2));
setup();
ensureSystemTools();
const results = [];
for (const version of versions) results.push(await testOn(newestOf(version)));
console.log(`\n${results.map(({ line }) => line).join('\n')}`);
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;

function readArguments(args) {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const named = args.slice(0, end);
  const wrong = named.find((version) => !/^\d+(\.\d+){0,2}$/.test(version));
  if (wrong !== undefined) fail(`"${wrong}" is no version of Node.js; e.g. npm run test:node -- ${TESTED.join(' ')}`);
  return { versions: named.length > 0 ? named : TESTED, vitestArgs: args.slice(end + 1) };
}

/** @returns the newest published version of a line such as 22 or 20.19. */
function newestOf(line) {
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
function binaryOf(version) {
  const folder = join(root, 'node_modules', '.cache', 'busbar', 'node', version);
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

async function testOn(version) {
  const binary = binaryOf(version);
  console.log(`\n== Node.js ${version}`);
  const { code, tally } = await runTests(binary);
  return { passed: code === 0, line: `Node.js ${version}: ${tally}` };
}

/** Also what the tests start by name runs on this Node.js. */
function runTests(binary) {
  const env = { ...process.env, PATH: [dirname(binary), process.env.PATH].join(delimiter) };
  const vitest = spawn(binary, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...vitestArgs], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const timer = setTimeout(() => vitest.kill('SIGKILL'), PATIENCE_MS);
  let output = '';
  vitest.stdout.setEncoding('utf8').on('data', (chunk) => {
    output += chunk;
    process.stdout.write(chunk);
  });
  return new Promise((resolve) => {
    vitest.once('close', (code, signal) => {
      clearTimeout(timer);
      const tally = /^\d+ passed, .*$/m.exec(output.trimEnd().split('\n').at(-1) ?? '')?.[0];
      resolve({ code, tally: signal === null ? (tally ?? `no tally, exit code ${code}`) : `ended by ${signal}` });
    });
  });
}
