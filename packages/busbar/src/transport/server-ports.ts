/** What servers have (TG, clause 4.1; SEC). */
const MODBUS_PORTS = [502, 802];

/** Ports on which UDP servers of this thread listen, and how many on each. */
const own = new Map<number, number>();

export function addServerPort(port: number): void {
  own.set(port, (own.get(port) ?? 0) + 1);
}

export function deleteServerPort(port: number): void {
  const others = (own.get(port) ?? 0) - 1;
  if (others > 0) own.set(port, others);
  else own.delete(port);
}

/**
 * Whether what comes from this port is most likely the reply of a server, on whatever machine: one more address of this very server,
 * another one of the program, or one on another machine that is set up alike.
 */
export function isServerPort(port: number): boolean {
  return own.has(port) || MODBUS_PORTS.includes(port);
}
