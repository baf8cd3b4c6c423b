import { ListenError } from 'busbar';
import type { Listening } from './banner.js';
import type { BoundServer } from './device.js';
import type { Logger } from './log.js';

/** Starts every listener, or none: when one fails the others are closed, and the answer is undefined. */
export async function listenAll(servers: readonly BoundServer[], log: Logger): Promise<Listening[] | undefined> {
  const listening: Listening[] = [];
  for (const [i, bound] of servers.entries()) {
    try {
      listening.push(await listen(bound, log));
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      await Promise.all(servers.slice(0, i).map(({ server }) => server.close()));
      log.fail({ event: 'listenFailed', text: error.message, listener: bound.name, code: error.code });
      return undefined;
    }
  }
  return listening;
}

async function listen({ type, name, host, port, server }: BoundServer, log: Logger): Promise<Listening> {
  await server.listen();
  const address = server.address();
  const listening = { type, host: address?.address ?? host, port: address?.port ?? port };
  log.announce({ event: 'listening', text: `${name} listens`, listener: name, ...listening });
  return listening;
}
