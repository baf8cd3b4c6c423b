import { formatEndpoint, type Peer } from 'busbar';
import type { PduFacts } from 'busbar/protocol';

/** What a PDU says, as JSON can carry it. */
export function plainFacts({ data, ...facts }: PduFacts): Record<string, unknown> {
  return { ...facts, ...(data && { data: hex(data) }) };
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

/** Rounds to a microsecond; finer digits are noise of the clock. */
export function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** `192.0.2.7:40110`, with its role over TLS. */
export function clientName({ transport, address, port, role }: Peer): string {
  const name = address === undefined || port === undefined ? `a ${transport} client` : formatEndpoint(address, port);
  if (role === undefined) return name;
  return role === null ? `${name} (no role)` : `${name} (role ${role})`;
}
