import { BusbarError, type ConnectionError } from '../../errors.js';
import type { Peer } from '../../peer.js';
import type { ShortageEvents } from '../net/descriptor-watch.js';
import type { TransportHost } from '../transport.js';
import type { CertificateExpiresEvent } from './expiry.js';

/** Events of a server over TLS. */
export interface TlsEvents {
  /**
   * A connection was refused before its first request: `error` says why, and its `code` is made for comparing with.
   * `peer` has no role, as nothing that it said of itself was verified.
   */
  refused: [event: { readonly peer: Peer; readonly error: ConnectionError }];
  /** New connections are made with the certificates as they are now. */
  certificatesReloaded: [];
  /**
   * A certificate or revocation list in use ends in 30 days, 7 days, one day or one hour, or has just ended. Times that
   * are half of its life or more are left out. Without a listener it is a process warning.
   */
  certificateExpires: [event: CertificateExpiresEvent];
  /** Something is set up less safely than it could be. Without a listener it is a process warning. */
  warning: [warning: Error];
}

/** Whom the parts of a TLS transport tell what they see. */
export type TlsHost = Pick<TransportHost<TlsEvents & ShortageEvents>, 'fail' | 'tell'>;

/** Without a listener of its own it is a warning. */
export function tellExpiry(host: TlsHost, event: CertificateExpiresEvent): void {
  if (!host.tell('certificateExpires', event)) {
    host.tell('warning', new BusbarError('CERTIFICATE_EXPIRES', event.message));
  }
}
