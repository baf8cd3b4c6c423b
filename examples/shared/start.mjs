// Starts Redis and two servers that hold one image, and ends them together:
//
//   node examples/shared/start.mjs
//
// The ports are free to choose: MODBUS_PORTS=5020,5021 HTTP_PORTS=8502,8503 REDIS_PORT=6390
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const { MODBUS_PORTS = '5020,5021', HTTP_PORTS = '8502,8503', REDIS_PORT = '6390' } = process.env;
const beside = (name) => fileURLToPath(new URL(name, import.meta.url));
const busbar = beside('../../packages/cli/bin/busbar.js');
const folder = mkdtempSync(join(tmpdir(), 'busbar-shared-'));
const children = new Map();

/** Starts a program, and prints its lines behind its name. @returns when a line of it says that it is ready. */
function start(name, program, args, ready, env = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.set(name, child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      gone(name);
      reject(new Error(`${name} has ended before it was ready`));
    });
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => {
        console.log(`${name.padEnd(8)} | ${line}`);
        if (ready.test(line)) resolve();
      });
    }
  });
}

/** One has ended. The others go on: this example is there to show what happens then. */
function gone(name) {
  console.log(`${name.padEnd(8)} | has ended`);
  children.delete(name);
  if (children.size === 0) rmSync(folder, { recursive: true, force: true });
}

function stop() {
  for (const child of children.values()) child.kill('SIGTERM');
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);

process.on('uncaughtException', (error) => {
  const missing = error.code === 'ENOENT' && 'redis-server is missing: on Debian, apt install redis-server';
  console.error(missing || error.message);
  process.exitCode = 1;
  stop();
});

const REDIS_READY = /Ready to accept connections/;
await start('redis', 'redis-server', [beside('redis.conf'), '--port', REDIS_PORT, '--dir', folder], REDIS_READY);

const modbusPorts = MODBUS_PORTS.split(',');
const httpPorts = HTTP_PORTS.split(',');
for (const [i, name] of ['server 1', 'server 2'].entries()) {
  const ports = { MODBUS_PORT: modbusPorts[i], HTTP_PORT: httpPorts[i], REDIS: `redis://127.0.0.1:${REDIS_PORT}` };
  await start(name, process.execPath, [busbar, 'serve', '--config', beside('plant.yaml')], /Ctrl-C|listens/, ports);
}

console.log(`
Write through one server, and read through the other (mbpoll counts from 1):
  mbpoll -m tcp -p ${modbusPorts[0]} -a 1 -r 1 -t 4 -1 127.0.0.1 -- 550
  mbpoll -m tcp -p ${modbusPorts[1]} -a 1 -r 1 -t 4 -1 127.0.0.1
End one of them, and see what the other does: kill -9 ${children.get('server 1').pid} is server 1, ${children.get('redis').pid} Redis.
Consoles: http://127.0.0.1:${httpPorts[0]} and http://127.0.0.1:${httpPorts[1]}. Ctrl-C ends them all.
`);
