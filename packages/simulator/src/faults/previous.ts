import { formatEndpoint, type Peer } from 'busbar';

/** Senders of datagrams whose last reply is kept. */
const MAX_PEERS = 1000;

/** The last reply to each client of a handler. */
export class PreviousReplies {
  /** Of connections, which have one peer for all their requests. */
  readonly #ofConnections = new WeakMap<Peer, Uint8Array>();
  /** Of datagrams, each of which has its own. */
  readonly #ofAddresses = new Map<string, Uint8Array>();

  /** Keeps a reply. @returns the one before. */
  exchange(peer: Peer, frame: Uint8Array): Uint8Array | undefined {
    if (peer.transport !== 'udp') return exchanged(this.#ofConnections, peer, frame);
    const address = formatEndpoint(peer.address ?? '', peer.port ?? 0);
    const before = exchanged(this.#ofAddresses, address, frame);
    if (this.#ofAddresses.size > MAX_PEERS) this.#ofAddresses.delete(this.#ofAddresses.keys().next().value ?? '');
    return before;
  }
}

/** The key that was used last stands last. */
function exchanged<Key>(
  map: { get(key: Key): Uint8Array | undefined; delete(key: Key): boolean; set(key: Key, value: Uint8Array): unknown },
  key: Key,
  value: Uint8Array,
): Uint8Array | undefined {
  const before = map.get(key);
  map.delete(key);
  map.set(key, value);
  return before;
}
