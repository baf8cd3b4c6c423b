import { type Certificates, certificateName } from './certificates.js';
import { endOf } from './trust.js';

/** A certificate or revocation list that ends soon, or has ended. */
export interface CertificateExpiresEvent {
  /** The server's own certificate or one between it and its CA, a CA of clients, or a revocation list. */
  readonly kind: 'certificate' | 'authority' | 'revocationList';
  /** Whom the certificate stands for; of a list the CA that it comes from. */
  readonly subject: string;
  /** The file, or the option with the text. */
  readonly source: string;
  readonly expires: Date;
  /** It has ended. */
  readonly expired: boolean;
  /** All that as a sentence. */
  readonly message: string;
}

const HOUR_MS = 3_600_000;
/** How long before expiry the warnings come. */
const WARNINGS = [720, 168, 24, 1, 0].map((hours) => hours * HOUR_MS);

interface Perishable {
  readonly kind: CertificateExpiresEvent['kind'];
  readonly subject: string;
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

interface Watched extends Perishable {
  /** When to warn, soonest first. */
  readonly times: number[];
}

/** Warns in time of certificates and lists that expire. */
export class ExpiryWatch {
  readonly #watched: readonly Watched[];
  readonly #tell: (event: CertificateExpiresEvent) => void;
  #next: number;

  constructor(certificates: Certificates, tell: (event: CertificateExpiresEvent) => void) {
    this.#watched = perishables(certificates).map((each) => ({ ...each, times: timesFor(each) }));
    this.#tell = tell;
    this.#next = this.#nextTime();
  }

  check(now: number): void {
    if (now < this.#next) return;
    for (const watched of this.#watched) {
      const due = watched.times.filter((time) => time <= now).length;
      watched.times.splice(0, due);
      if (due > 0) this.#tell(describe(watched, now));
    }
    this.#next = this.#nextTime();
  }

  #nextTime(): number {
    return Math.min(...this.#watched.flatMap(({ times }) => times.slice(0, 1)));
  }
}

function timesFor({ from, until }: Perishable): number[] {
  return WARNINGS.filter((ahead) => ahead * 2 < until - from).map((ahead) => until - ahead);
}

function perishables({ own, authorities, lists, sources }: Certificates): Perishable[] {
  const certificate = (kind: Perishable['kind'], source: string) => (each: (typeof own)[number]) => {
    const [from, until] = [Date.parse(each.validFrom), endOf(each)];
    return { kind, subject: certificateName(each), source, from, until };
  };
  return [
    ...own.map(certificate('certificate', sources.cert)),
    ...authorities.map(certificate('authority', sources.ca)),
    ...lists.map(({ issuerName: subject, thisUpdate: from, nextUpdate = Infinity }) => ({
      kind: 'revocationList' as const,
      subject,
      source: sources.crl,
      from,
      until: nextUpdate,
    })),
  ];
}

const NAMES: Readonly<Record<Perishable['kind'], string>> = {
  certificate: "the server's certificate",
  authority: 'the certificate of the CA',
  revocationList: 'the revocation list of',
};

const CONSEQUENCES: Readonly<Record<Perishable['kind'], string>> = {
  certificate: 'from then on, clients refuse it',
  authority: 'from then on, its clients are refused',
  revocationList: 'from then on, every client of this CA is refused',
};

function describe({ kind, subject, source, until }: Watched, now: number): CertificateExpiresEvent {
  const [expires, expired] = [new Date(until), until <= now];
  const when = `${expired ? 'has expired' : `expires in ${timeLeft(until - now)}`} (${expires.toISOString()})`;
  const message = `${source}: ${NAMES[kind]} (${subject}) ${when}; ${CONSEQUENCES[kind]}: renew it`;
  return { kind, subject, source, expires, expired, message };
}

function timeLeft(time: number): string {
  const hours = time / HOUR_MS;
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  if (hours >= 2) return `${Math.round(hours)} hours`;
  const minutes = Math.round(hours * 60);
  return minutes >= 2 ? `${minutes} minutes` : 'less than two minutes';
}
