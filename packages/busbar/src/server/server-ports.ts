import type { Peer } from '../peer.js';
import { Tally } from '../tally.js';

/** The ports of servers (TG, clause 4.1; SEC). */
const MODBUS_PORTS = [502, 802];

/** Ports on which servers of this thread take datagrams, and how many on each. */
const own = new Tally<number>();

/** A server takes datagrams on this port. */
export function addServerPort({ port }: Peer): void {
  if (port !== undefined) own.add(port);
}

export function deleteServerPort({ port }: Peer): void {
  if (port !== undefined) own.delete(port);
}

/**
 * Whether what comes from there is most likely the reply of a server, on whatever machine: one more address of this
 * very server, another one of the program, or one on another machine that is set up alike.
 */
export function isServer({ port }: Peer): boolean {
  return port !== undefined && (own.of(port) > 0 || MODBUS_PORTS.includes(port));
}
