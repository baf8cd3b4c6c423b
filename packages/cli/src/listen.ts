import type { AddressInfo } from 'node:net';
import { ListenError } from 'busbar';
import type { Listener } from './config/types.js';
import type { BoundServer } from './device.js';
import type { Logger } from './log.js';

/**
 * Starts every listener, or none: when one fails the others are closed, and the answer is undefined.
 * @returns the listeners with the addresses that they got.
 */
export async function listenAll(servers: readonly BoundServer[], log: Logger): Promise<Listener[] | undefined> {
  const listening: Listener[] = [];
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

async function listen({ listener, name, server }: BoundServer, log: Logger): Promise<Listener> {
  await server.listen();
  const listening = withAddress(listener, server.address());
  const { type } = listening;
  const facts = 'path' in listening ? { path: listening.path } : { host: listening.host, port: listening.port };
  log.announce({ event: 'listening', text: `${name} listens`, listener: name, type, ...facts });
  return listening;
}

function withAddress(listener: Listener, at: AddressInfo | string | null): Listener {
  if ('path' in listener || typeof at !== 'object' || at === null) return listener;
  return { ...listener, host: at.address, port: at.port };
}
