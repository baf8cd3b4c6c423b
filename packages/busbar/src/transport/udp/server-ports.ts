import { Tally } from '../../tally.js';

/** The ports of servers (TG, clause 4.1; SEC). */
const MODBUS_PORTS = [502, 802];

/** The ports on which UDP servers of this thread listen, with the number of servers. */
const own = new Tally<number>();

export function addServerPort(port: number): void {
  own.add(port);
}

export function deleteServerPort(port: number): void {
  own.delete(port);
}

/**
 * Whether a datagram from this port is most likely a server's reply. The server may be this one under another address,
 * another one of this program, or one on another machine with the same setup.
 */
export function isServerPort(port: number): boolean {
  return own.of(port) > 0 || MODBUS_PORTS.includes(port);
}
