import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach } from 'vitest';

const open: Socket[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
});

/** A UDP socket of the tests, bound; it is closed when the test has ended. */
export async function udpSocket(port = 0, address = '127.0.0.1'): Promise<Socket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.bind(port, address);
  await once(socket, 'listening');
  open.push(socket);
  return socket;
}

/** Counts what comes, and does something with it. */
export function onMessage(socket: Socket, use: (bytes: Buffer, from: RemoteInfo) => void): { count: number } {
  const seen = { count: 0 };
  socket.on('message', (bytes, from) => {
    seen.count++;
    use(bytes, from);
  });
  return seen;
}
