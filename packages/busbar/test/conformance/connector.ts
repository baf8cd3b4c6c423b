import type { DiagnosticsPolicy, Unit } from 'busbar';

/** One client of a running server. */
export interface Peer {
  /** Sends a PDU to a unit and resolves with the PDU of its reply, which must come. */
  request(unit: number, pdu: Uint8Array): Promise<Uint8Array>;
  /**
   * Sends a PDU to a unit and resolves with the reply PDU, or undefined when the server stayed silent. Silence is
   * decided by order, not by time: the connector sends `PROBE` behind the PDU and sees its reply come first.
   */
  exchange(unit: number, pdu: Uint8Array): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

export interface RunningServer {
  open(): Promise<Peer>;
  close(): Promise<void>;
}

/** What the suite asks of the server that it is to reach. */
export interface SuiteOptions {
  units: Unit[];
  /** Absent: the server's default. */
  diagnostics?: DiagnosticsPolicy;
}

/** How the suite reaches a server over one transport and framing. */
export interface Connector {
  /**
   * Function codes from 80 on are the refusals of others, and passed over: on lines, which stations share, and in
   * datagrams.
   */
  readonly passesRefusals?: boolean;
  /** A serial line: there, all diagnostics are answered by default. */
  readonly serial?: boolean;
  /**
   * Frames don't say how long they are: one of another length than its function has ends by silence, or reads like
   * something else.
   */
  readonly impliedLength?: boolean;
  start(options: SuiteOptions): Promise<RunningServer>;
}
