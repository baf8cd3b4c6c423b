import type { X509Certificate } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import type { ConnectionError } from '../../errors.js';
import type { Peer } from '../../peer.js';
import type { TransportHost } from '../transport.js';
import { peerChain } from './chain.js';
import { certificateRefusal } from './refusals.js';
import { endOf, type Trust } from './trust.js';

interface Connection {
  readonly socket: TLSSocket;
  /** When the client's certificate ends. */
  readonly until: number;
}

/** How many are checked before other work has its turn. */
const AT_ONCE = 20;

/** The clients that came in with a certificate: cuts those whose certificate is no longer good. */
export class CertifiedPeers {
  /** The certificates themselves stay in OpenSSL: most connections never need them again. */
  readonly #connections = new WeakMap<Peer, Connection>();
  #nextEnd = Number.POSITIVE_INFINITY;
  #rechecks = 0;

  add(peer: Peer, socket: TLSSocket, certificate: X509Certificate): void {
    const until = endOf(certificate);
    this.#connections.set(peer, { socket, until });
    this.#nextEnd = Math.min(this.#nextEnd, until);
  }

  /** Cuts those whose own certificate has ended. */
  cutEnded(host: TransportHost, now: number): void {
    if (now <= this.#nextEnd) return;
    host.cut((peer) => (now > this.#untilOf(peer) ? refusal('CERT_HAS_EXPIRED', peer) : undefined));
    this.#nextEnd = Math.min(...host.peers().map((peer) => this.#untilOf(peer)));
  }

  #untilOf(peer: Peer): number {
    return this.#connections.get(peer)?.until ?? Number.POSITIVE_INFINITY;
  }

  /** Cuts those that would not be let in any more. A later check takes the place of one under way. */
  async recheck(host: TransportHost, trust: Trust): Promise<void> {
    const recheck = ++this.#rechecks;
    const isLatest = () => recheck === this.#rechecks;
    const chains = new Map<Peer, X509Certificate[]>();
    await inTurns(host.peers(), isLatest, (peer) => {
      const socket = this.#connections.get(peer)?.socket;
      if (socket !== undefined) chains.set(peer, peerChain(socket));
    });
    // What one client has sent may also stand above another, whose session was resumed, which keeps the client's own alone.
    const others = distinct([...chains.values()].flatMap((chain) => chain.slice(1)));
    await inTurns([...chains], isLatest, ([peer, [certificate]]) => {
      const problem = certificate && trust.problemOf(certificate, others, Date.now());
      if (problem !== undefined) host.cut((other) => (other === peer ? refusal(problem, peer) : undefined));
    });
  }
}

function refusal(problem: string, { certificate }: Peer): ConnectionError {
  return certificateRefusal(problem, certificate?.subject);
}

function distinct(certificates: readonly X509Certificate[]): X509Certificate[] {
  return [...new Map(certificates.map((certificate) => [certificate.fingerprint256, certificate])).values()];
}

async function inTurns<Item>(items: Item[], goesOn: () => boolean, each: (item: Item) => void): Promise<void> {
  for (const [i, item] of items.entries()) {
    if (i > 0 && i % AT_ONCE === 0) await setImmediate();
    if (!goesOn()) return;
    each(item);
  }
}
