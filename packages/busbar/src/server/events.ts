import type { DeniedEvent } from '../access/roles.js';
import type { DiagnosticEvent } from '../data/diagnostics.js';
import type { ShortageCode } from '../error-codes.js';
import type { ConnectionError, ListenError } from '../errors.js';
import type { Peer } from '../peer.js';

/** Events of a server on a port that can be lost. */
export interface PortEvents {
  /** The port is gone, perhaps unplugged; `reopening` says whether the server tries to open it again or ends. */
  portLost: [event: { readonly path: string; readonly error: Error | undefined; readonly reopening: boolean }];
  /** The port can't be opened yet, and `error` says why; the server goes on trying. Another reason is told of, too. */
  portAwaited: [event: { readonly path: string; readonly error: ListenError }];
  /** The port that was lost or awaited is open. */
  portOpened: [event: { readonly path: string }];
}

/** A certificate or revocation list that ends soon, or has ended. */
export interface CertificateExpiresEvent {
  /** The server's own certificate or one between it and its CA, a CA of clients, or a revocation list. */
  readonly kind: 'certificate' | 'authority' | 'revocationList';
  /** Whom the certificate stands for; of a list the CA that it comes from. */
  readonly subject: string;
  /** The file, or the option that holds the text. */
  readonly source: string;
  readonly expires: Date;
  /** It has ended. */
  readonly expired: boolean;
  /** All that as a sentence. */
  readonly message: string;
}

/** Events of a server that is given its connections by the system. */
export interface DescriptorEvents {
  /**
   * The process has run out of file descriptors (`EMFILE`), or the system has (`ENFILE`, …): new connections are closed by the system,
   * and the server doesn't see them. Not told again before `descriptorsFreed`.
   */
  descriptorsExhausted: [event: { readonly code: ShortageCode }];
  /** For ten seconds, there were free ones each time. */
  descriptorsFreed: [];
}

/** Events of a server over TLS. */
interface SecureEvents {
  /**
   * A connection was refused before its first request: `error` says why, and its `code` is made for comparing with. `client` has
   * no role, as nothing that it said of itself was verified.
   */
  refused: [event: { readonly peer: Peer; readonly error: ConnectionError }];
  /** Something is set up less safely than it could be. Without a listener it is a process warning. */
  warning: [warning: Error];
  /** New connections are made with the certificates as they are now. */
  certificatesReloaded: [];
  /**
   * A certificate or revocation list in use ends in 30 days, 7 days, one day or one hour, or has just ended. Times that are half of its
   * life or more are left out. Without a listener it is a process warning.
   */
  certificateExpires: [event: CertificateExpiresEvent];
}

/** Events of a server. Listeners that throw do no harm: what they threw is an `error` event. */
export interface ServerEvents extends PortEvents, DescriptorEvents, SecureEvents {
  /** It accepts connections. */
  listening: [];
  connect: [event: { readonly peer: Peer }];
  /** `error` says why, unless the peer closed in good order. */
  disconnect: [event: { readonly peer: Peer; readonly error: Error | undefined }];
  /**
   * Something went wrong that the program should know of: a handler failed, or the listener itself. The server goes on. Without a
   * listener it is a process warning.
   */
  error: [error: Error];
  /** A client's role did not allow its request: exception 01 was the answer, and nothing was carried out. */
  denied: [event: DeniedEvent];
  /** A client has put a unit into listen-only mode, restarted it, cleared counters, or changed a delimiter, with function 08. */
  diagnostic: [event: DiagnosticEvent];
  /** It has ended: nothing is open any more. */
  close: [];
}
