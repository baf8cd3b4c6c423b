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
  /** When the client's certificate expires. */
  readonly until: number;
}

/** How many clients are checked before other work has its turn. */
const AT_ONCE = 20;

/** The clients with a certificate: cuts those whose certificate is no longer accepted. */
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

  /** Cuts those whose own certificate has expired. */
  cutEnded(host: TransportHost, now: number): void {
    if (now <= this.#nextEnd) return;
    host.cut((peer) => (now > this.#untilOf(peer) ? refusal('CERT_HAS_EXPIRED', peer) : undefined));
    this.#nextEnd = Math.min(...host.peers().map((peer) => this.#untilOf(peer)));
  }

  #untilOf(peer: Peer): number {
    return this.#connections.get(peer)?.until ?? Number.POSITIVE_INFINITY;
  }

  /** Cuts those that would no longer be admitted. A later check replaces one in progress. */
  async recheck(host: TransportHost, trust: Trust): Promise<void> {
    const recheck = ++this.#rechecks;
    const isLatest = () => recheck === this.#rechecks;
    const chains = new Map<Peer, X509Certificate[]>();
    await inTurns(host.peers(), isLatest, (peer) => {
      const socket = this.#connections.get(peer)?.socket;
      if (socket !== undefined) chains.set(peer, peerChain(socket));
    });
    // Certificates that one client has sent may also complete the chain of another, whose resumed session keeps only
    // its own certificate.
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
