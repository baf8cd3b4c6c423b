import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../servers/idle.mjs', import.meta.url));
/** Connections that are open before the first look, so that what only the first ones cost is not counted. */
const FIRST = 1000;
const MORE = 6000;
const AT_ONCE = 100;
/** Reads one register; the bare server sends the request back. */
const request = Buffer.from('000100000006010300000001', 'hex');

/** Opens a connection and uses it once. @param {number} port */
async function use(port) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(request);
  await once(socket, 'data');
  return socket;
}

/**
 * @param {number} port
 * @param {number} count
 */
async function open(port, count) {
  const sockets = [];
  for (let i = 0; i < count; i += AT_ONCE) {
    sockets.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => use(port)))));
  }
  return sockets;
}

/**
 * What each connection costs a server that has nothing to do for it, in KiB.
 * @param {'busbar' | 'net'} kind
 */
async function measure(kind) {
  const child = fork(script, [kind], { execArgv: ['--expose-gc'] });
  const [{ port }] = await once(child, 'message');
  const memory = async () => {
    child.send('memory');
    const [used] = await once(child, 'message');
    return used;
  };
  const sockets = await open(port, FIRST);
  const before = await memory();
  sockets.push(...(await open(port, MORE)));
  const after = await memory();
  for (const socket of sockets) socket.destroy();
  child.kill();
  await once(child, 'close');
  const perConnection = (/** @type {'heap' | 'rss'} */ key) => (after[key] - before[key]) / MORE / 1024;
  return { heap: perConnection('heap'), rss: perConnection('rss') };
}

/** Busbar beside a bare `net` server. */
export async function measureIdle() {
  return { busbar: await measure('busbar'), net: await measure('net') };
}
