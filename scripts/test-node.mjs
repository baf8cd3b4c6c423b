// The tests on other versions of Node.js: npm run test:node -- 20.19 22 24 26 [-- arguments of vitest] Each is the
// newest of its line.
import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { binaryOf, ensureNodeWithSqlite, newestOf } from './node-binaries.mjs';
import { fail, root, setup } from './setup.mjs';
import { ensureSystemTools } from './system-tools.mjs';

const TESTED = ['20.19', '22', '24', '26'];
/** For a run that hangs. */
const PATIENCE_MS = 30 * 60_000;

const { versions, vitestArgs } = readArguments(process.argv.slice(2));
setup();
ensureSystemTools();
ensureNodeWithSqlite();
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
