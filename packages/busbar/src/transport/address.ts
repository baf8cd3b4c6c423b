import { isIP, type Socket } from 'node:net';
import type { Peer } from '../peer.js';

/** Host and port as text. */
export function formatEndpoint(host: string | undefined, port: number | undefined): string {
  return `${isIP(host ?? '') === 6 ? `[${host}]` : host}:${port}`;
}

/** An IPv4 peer of a dual-stack socket has its IPv4 address. */
export function plainAddress(address: string | undefined): string | undefined {
  return address?.startsWith('::ffff:') ? address.slice(7) : address;
}

export function peerOf(transport: string, socket: Socket): Peer {
  return { transport, address: plainAddress(socket.remoteAddress), port: socket.remotePort };
}
