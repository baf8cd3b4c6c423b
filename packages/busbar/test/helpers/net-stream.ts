import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connected socket, to a port of the loopback interface or to a path. */
export async function netStream(to: number | string): Promise<Socket> {
  const socket = typeof to === 'number' ? connect(to, '127.0.0.1') : connect(to);
  await once(socket, 'connect');
  return socket;
}
