/** The sender of a request. One object per connection; over UDP one per datagram. */
export interface Peer {
  /** `tcp`, `tls`, `udp`, `serial`, … */
  readonly transport: string;
  /** IP address, if the transport has one. */
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  /** Role from the peer's certificate (SEC); null if it has none. Absent without TLS. */
  readonly role?: string | null | undefined;
  /**
   * Why the role in the certificate is unreadable; `role` is then null, and rules and `authorize` allow this peer
   * nothing.
   */
  readonly roleProblem?: string | undefined;
  /** The peer's verified certificate, over TLS, if it has one. */
  readonly certificate?: PeerCertificate | undefined;
}

/** The identity in a certificate, as a log needs it. */
export interface PeerCertificate {
  /** Distinguished name, such as `O=Acme, CN=station 7`. */
  readonly subject: string;
  /** Hexadecimal digits. */
  readonly serialNumber: string;
  /** SHA-256 of the certificate, as pairs of hexadecimal digits with colons between them. */
  readonly fingerprint256: string;
}
