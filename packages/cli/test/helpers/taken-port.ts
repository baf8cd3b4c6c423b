import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that something else listens on, for the time of the `using` block. */
export async function takenPort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { port: address.port, [Symbol.asyncDispose]: async () => void (await once(server.close(), 'close')) };
}
