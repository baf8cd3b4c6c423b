import { isIP, type Socket } from 'node:net';

/** Host and port as text. */
export function formatEndpoint(host: string | undefined, port: number | undefined): string {
  return `${isIP(host ?? '') === 6 ? `[${host}]` : host}:${port}`;
}

/** An IPv4 peer of a dual-stack socket has its IPv4 address. */
export function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith('::ffff:') ? address.slice(7) : address;
}

export function peerOf(socket: Socket): { address: string | undefined; port: number | undefined } {
  return { address: plainAddress(socket.remoteAddress), port: socket.remotePort };
}
