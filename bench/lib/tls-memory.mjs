// Whether connections over TLS leave memory behind: many of them, one after the other, each with a client certificate.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, createSecureContext } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { memoryOf } from './process.mjs';

const script = fileURLToPath(new URL('../servers/tls-memory.mjs', import.meta.url));
const command = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const AT_ONCE = 16;
/** In KiB for each connection. What leaks in Node 20 is 4 to 5; an allocator that has not settled is some tenths. */
const MOST = 0.5;
/** Reads one register. */
const request = Buffer.from('000100000006010300000001', 'hex');

/**
 * @typedef {{ version: 'TLSv1.2' | 'TLSv1.3', resumed: boolean }} Kind
 * @typedef {{ port: number, context: import('node:tls').SecureContext, resumed: boolean, session?: Buffer, reused: number }} Dial
 */

/** @type {Kind[]} */
const KINDS = [
  { version: 'TLSv1.2', resumed: false },
  { version: 'TLSv1.3', resumed: false },
  { version: 'TLSv1.2', resumed: true },
  { version: 'TLSv1.3', resumed: true },
];

/** Connects, reads a register, and leaves. @param {Dial} dial */
async function visit(dial) {
  const { port, context: secureContext, resumed } = dial;
  const session = resumed ? dial.session : undefined;
  const options = { port, host: '127.0.0.1', secureContext, session };
  const socket = connect(options, () => socket.write(request));
  socket.on('session', (ticket) => {
    dial.session ??= ticket;
  });
  await once(socket, 'data');
  if (socket.isSessionReused()) dial.reused++;
  socket.end();
  await once(socket, 'close');
}

/**
 * @param {Dial} dial
 * @param {number} count
 */
async function visitOften(dial, count) {
  let left = count;
  const visitor = async () => {
    while (left-- > 0) await visit(dial);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitor));
}

/**
 * @param {Kind} kind
 * @param {string} folder of certificates
 * @param {number} connections
 */
async function measure({ version, resumed }, folder, connections) {
  const file = (/** @type {string} */ name) => join(folder, name);
  const child = fork(script, [file('server.pem'), file('server.key'), file('ca.pem')], { execArgv: ['--expose-gc'] });
  const [{ port }] = await once(child, 'message');
  const [cert, key, ca] = ['client-operator.pem', 'client-operator.key', 'ca.pem'].map((name) =>
    readFileSync(file(name)),
  );
  const context = createSecureContext({ cert, key, ca, minVersion: version, maxVersion: version });
  const dial = { port, context, resumed, reused: 0 };
  const look = async () => {
    child.send('collect');
    await once(child, 'message');
    return memoryOf(child.pid ?? 0, 'RssAnon') * 1024;
  };
  // What only the first ones cost is not counted.
  await visitOften(dial, Math.ceil(connections / 4));
  const before = await look();
  dial.reused = 0;
  await visitOften(dial, connections);
  const after = await look();
  child.kill();
  await once(child, 'close');
  return { version, resumed: dial.reused, connections, before, after, each: (after - before) / connections };
}

/** @param {Awaited<ReturnType<typeof measure>>} figures */
function printFigures({ version, resumed, connections, before, after, each }) {
  const mib = (/** @type {number} */ kib) => `${(kib / 1024).toFixed(1)} MiB`.padStart(10);
  const verdict = each > MOST ? 'LEAKS' : 'flat';
  const share = `${connections} connections, ${resumed} resumed`.padEnd(34);
  console.log(`${version}  ${share}  memory ${mib(before)} -> ${mib(after)}  ${each.toFixed(2)} KiB each  ${verdict}`);
}

/** @param {{ folder: string, connections: number, progress: (text: string) => void }} options */
export async function benchTlsMemory({ folder, connections, progress }) {
  execFileSync(process.execPath, [command, 'certs', '--out', join(folder, 'certs'), '--role', 'operator']);
  const figures = [];
  for (const kind of KINDS) {
    progress(`${kind.version}${kind.resumed ? ', resumed' : ''}`);
    const measured = await measure(kind, join(folder, 'certs'), connections);
    printFigures(measured);
    figures.push(measured);
  }
  return { data: { connections, most: MOST, figures }, failed: figures.some(({ each }) => each > MOST) };
}
