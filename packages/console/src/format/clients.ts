interface Peer {
  readonly address: string | null;
  readonly port: number | null;
  readonly transport: string;
}

/** A client, as people name it: `127.0.0.1:53122`, `[::1]:53122`, `serial`. */
export function nameOf({ address, port, transport }: Peer): string {
  if (address === null) return transport;
  const host = address.includes(':') ? `[${address}]` : address;
  return port === null ? address : `${host}:${port}`;
}
