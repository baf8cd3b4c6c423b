import { type ChangeSource, formatEndpoint, type Peer as ModbusPeer } from 'busbar';
import type { Peer } from './contract.js';

/** The source of what is done by this API. */
export const API_SOURCE = 'api';

/** Who made a change, in a word: a name, or the address of a client. */
export function sourceText(by: ChangeSource): string {
  if (typeof by === 'string') return by;
  const { address, port, transport } = by.peer;
  return address === undefined || port === undefined ? transport : formatEndpoint(address, port);
}

export function peerToJson({ address, port, transport, role }: ModbusPeer): Peer {
  return { address: address ?? null, port: port ?? null, transport, ...(typeof role === 'string' && { role }) };
}
