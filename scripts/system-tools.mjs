// The foreign programs that the tests talk to. They are looked for by what they provide, not by a package's name, and
// installed where that is possible without a question: as root, or with a passwordless sudo, on Debian and its kin.
import { spawnSync } from 'node:child_process';
import { fail, run } from './setup.mjs';

const tools = [
  { name: 'mbpoll', package: 'mbpoll', found: () => succeeds('mbpoll', ['-V']) },
  { name: 'a C compiler (gcc)', package: 'gcc', found: () => succeeds('gcc', ['--version']) },
  { name: 'the C library headers', package: 'libc6-dev', found: () => compiles('stdio.h') },
  { name: 'libmodbus with headers', package: 'libmodbus-dev', found: () => compiles('modbus/modbus.h') },
  { name: 'pymodbus for /usr/bin/python3', package: 'python3-pymodbus', found: () => imports('pymodbus') },
  // The client module of pymodbus imports both of these, for whatever transport.
  { name: 'pyserial', package: 'python3-serial', found: () => imports('serial') },
  { name: 'pyserial-asyncio', package: 'python3-serial-asyncio', found: () => imports('serial_asyncio') },
  {
    name: 'the parsers of Prometheus',
    package: 'python3-prometheus-client',
    found: () => imports('prometheus_client'),
  },
  { name: 'nmap', package: 'nmap', found: () => succeeds('nmap', ['--version']) },
  { name: 'socat', package: 'socat', found: () => succeeds('socat', ['-V']) },
  { name: 'openssl', package: 'openssl', found: () => succeeds('openssl', ['version']) },
  { name: 'tshark', package: 'tshark', found: () => succeeds('tshark', ['--version']) },
  { name: 'redis-server', package: 'redis-server', found: () => succeeds('redis-server', ['--version']) },
  { name: 'haproxy', package: 'haproxy', found: () => succeeds('haproxy', ['-v']) },
  { name: 'strace', package: 'strace', found: () => succeeds('strace', ['-V']) },
  { name: 'chromium', package: 'chromium', found: () => succeeds('chromium', ['--version']) },
];

export function ensureSystemTools() {
  let missing = missingTools();
  if (missing.length === 0) return;
  const asRoot = rootPrefix();
  if (asRoot && succeeds('apt-get', ['--version'])) {
    install(asRoot, missing);
    missing = missingTools();
  }
  if (missing.length > 0) fail(explain(missing));
}

function missingTools() {
  return tools.filter((tool) => !tool.found());
}

function succeeds(program, args, input = '') {
  return spawnSync(program, args, { input, stdio: ['pipe', 'ignore', 'ignore'] }).status === 0;
}

function compiles(header) {
  return succeeds('gcc', ['-x', 'c', '-fsyntax-only', '-'], `#include <${header}>\n`);
}

function imports(module) {
  return succeeds('/usr/bin/python3', ['-c', `import ${module}`]);
}

/** What to put before a command so that it runs as root; undefined where that would need a password. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  return succeeds('sudo', ['-n', 'true']) ? ['sudo', '-n'] : undefined;
}

function install(asRoot, missing) {
  const packages = missing.map((tool) => tool.package);
  console.error(`Installing what the tests need: ${packages.join(' ')} …`);
  aptGet(asRoot, ['update']);
  aptGet(asRoot, ['install', '--yes', '--no-install-recommends', ...packages]);
}

function aptGet(asRoot, args) {
  // A package's own questions (tshark has one) are answered with their defaults; another apt is waited for.
  const quietly = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', '-o', 'DPkg::Lock::Timeout=300'];
  const [program, ...rest] = [...asRoot, ...quietly, ...args];
  run(program, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
}

function explain(missing) {
  const names = missing.map((tool) => `  - ${tool.name} (Debian package ${tool.package})`);
  const packages = missing.map((tool) => tool.package).join(' ');
  return [
    'The tests run against programs of other people, and these are missing:',
    ...names,
    `On Debian or Ubuntu: sudo apt-get install --no-install-recommends ${packages}`,
    'Elsewhere: install them with your package manager, and run npm test again.',
  ].join('\n');
}
