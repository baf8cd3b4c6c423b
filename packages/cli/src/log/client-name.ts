import { formatEndpoint, type Peer } from 'busbar';

/** `192.0.2.7:40110`, with its role over TLS. */
export function clientName({ transport, address, port, role }: Peer): string {
  const name = address === undefined || port === undefined ? `a ${transport} client` : formatEndpoint(address, port);
  if (role === undefined) return name;
  return role === null ? `${name} (no role)` : `${name} (role ${role})`;
}
