import type { X509Certificate } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import type { ConnectionError } from '../../errors.js';
import type { Peer } from '../../peer.js';
import { StreamLink } from '../stream/link.js';
import type { TransportHost } from '../transport.js';
import { peerChain } from './chain.js';
import { certificateRefusal } from './refusals.js';
import { endOf, type Trust } from './trust.js';

/** How many clients are checked before other work has its turn. */
const AT_ONCE = 20;

/**
 * A connection of a client that came in with a certificate. The certificate itself stays in OpenSSL: most never need it
 * again.
 */
class CertifiedLink extends StreamLink {
  readonly socket: TLSSocket;
  /** When the client's certificate expires. */
  readonly until: number;
  readonly #open: Set<CertifiedLink>;

  constructor(socket: TLSSocket, peer: Peer, until: number, open: Set<CertifiedLink>) {
    super(socket, peer);
    this.socket = socket;
    this.until = until;
    this.#open = open;
  }

  override connect(host: Pick<TransportHost, 'connect'>): boolean {
    const isConnected = super.connect(host);
    if (isConnected) this.#open.add(this);
    return isConnected;
  }

  override closed(): void {
    this.#open.delete(this);
    super.closed();
  }
}

/** The clients with a certificate: cuts those whose certificate is no longer accepted. */
export class CertifiedPeers {
  readonly #open = new Set<CertifiedLink>();
  #nextEnd = Number.POSITIVE_INFINITY;
  #rechecks = 0;

  /** The link of a client that is let in. */
  link(socket: TLSSocket, peer: Peer, certificate: X509Certificate): StreamLink {
    const until = endOf(certificate);
    this.#nextEnd = Math.min(this.#nextEnd, until);
    return new CertifiedLink(socket, peer, until, this.#open);
  }

  /** Cuts those whose own certificate has expired. */
  cutEnded(now: number): void {
    if (now <= this.#nextEnd) return;
    for (const link of [...this.#open]) if (now > link.until) link.cut(refusal('CERT_HAS_EXPIRED', link.peer));
    this.#nextEnd = Math.min(...[...this.#open].map(({ until }) => until));
  }

  /** Cuts those that would no longer be admitted. A later check replaces one in progress. */
  async recheck(trust: Trust): Promise<void> {
    const recheck = ++this.#rechecks;
    const isLatest = () => recheck === this.#rechecks;
    const chains = new Map<CertifiedLink, X509Certificate[]>();
    await inTurns([...this.#open], isLatest, (link) => chains.set(link, peerChain(link.socket)));
    // Certificates that one client has sent may also complete the chain of another, whose resumed session keeps only
    // its own certificate.
    const others = distinct([...chains.values()].flatMap((chain) => chain.slice(1)));
    await inTurns([...chains], isLatest, ([link, [certificate]]) => {
      const problem = certificate && trust.problemOf(certificate, others, Date.now());
      if (problem !== undefined) link.cut(refusal(problem, link.peer));
    });
  }
}

function refusal(problem: string, { certificate }: Peer): ConnectionError {
  return certificateRefusal(problem, certificate?.subject);
}

function distinct(certificates: readonly X509Certificate[]): X509Certificate[] {
  return [...new Map(certificates.map((certificate) => [certificate.fingerprint256, certificate])).values()];
}

async function inTurns<Item>(items: Item[], goesOn: () => boolean, each: (item: Item) => unknown): Promise<void> {
  for (const [i, item] of items.entries()) {
    if (i > 0 && i % AT_ONCE === 0) await setImmediate();
    if (!goesOn()) return;
    each(item);
  }
}
