import { Tally } from '../../tally.js';

/** What servers have (TG, clause 4.1; SEC). */
const MODBUS_PORTS = [502, 802];

/** Ports on which UDP servers of this thread listen, and how many on each. */
const own = new Tally<number>();

export function addServerPort(port: number): void {
  own.add(port);
}

export function deleteServerPort(port: number): void {
  own.delete(port);
}

/**
 * Whether what comes from this port is most likely the reply of a server, on whatever machine: one more address of this very server,
 * another one of the program, or one on another machine that is set up alike.
 */
export function isServerPort(port: number): boolean {
  return own.of(port) > 0 || MODBUS_PORTS.includes(port);
}
