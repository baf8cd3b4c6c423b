// A server to open many connections to that stay idle: Busbar, or (with the argument "net") a bare socket server. Its
// parent is told the port; whatever the parent sends is answered with the memory in use, in bytes, once garbage is
// collected.
import { createServer } from 'node:net';
import { ModbusTcpServer, Unit } from 'busbar';
import { registerValues } from './common.mjs';

const MOST_CONNECTIONS = 100_000;

function busbar() {
  const unit = new Unit({ id: 1, holdingRegisters: [{ start: 0, values: registerValues }] });
  return new ModbusTcpServer({ units: [unit], port: 0, limits: { connections: MOST_CONNECTIONS } }).listen();
}

/** @returns {Promise<import('node:net').Server>} */
function bare() {
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    socket.on('data', (chunk) => socket.write(chunk));
    socket.on('error', () => socket.destroy());
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function usedMemory() {
  // What one collection finds unused, another may free.
  for (let i = 0; i < 4; i++) globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, rss };
}

const server = process.argv[2] === 'net' ? await bare() : await busbar();
process.on('message', () => process.send?.(usedMemory()));
process.send?.(server.address());
