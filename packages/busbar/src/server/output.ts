import type { LineCounters } from '../counters.js';
import type { Framing } from '../framing/framing.js';
import { NOT_SEALED } from '../framing/guarded.js';
import type { Transaction } from '../functions/transaction.js';
import type { Link } from '../transport/link.js';
import { Durations } from './durations.js';
import type { Framer } from './framer.js';
import { Intake } from './intake.js';
import type { HookedOutlet, Recipient } from './recipient.js';
import { replyChannel, type TraceMessage, takeTraced } from './trace.js';
import type { HookedWire } from './wire.js';

const CAPACITY = 32_768;

/** Replies on their way out, collected to be sent in one write. */
export class Output {
  bytes: Buffer;
  used = 0;
  /** Serves all requests that need no transaction of their own; made for the first of them. */
  transaction: Transaction | undefined;
  /** Replies to requests that came with the chunk that is served. */
  immediate = 0;
  readonly durations: Durations;
  /** When the chunk came; 0: nothing is measured. */
  #began = 0;
  /** For replies that hooks put on the wire. */
  readonly framer: Framer;
  readonly #server: object;
  readonly #framing: Framing;
  readonly #maxAdu: number;
  readonly #headerLength: number;

  /** @param server for traces: the object that the program made. */
  constructor(server: object, framing: Framing, maxAdu: number, framer: Framer, durations: Durations) {
    this.framer = framer;
    this.durations = durations;
    this.bytes = Buffer.allocUnsafe(CAPACITY + maxAdu);
    this.#server = server;
    this.#framing = framing;
    this.#maxAdu = maxAdu;
    this.#headerLength = framing.headerLength;
  }

  /** A chunk of requests has come. */
  begin(): void {
    this.#began = performance.now();
    this.immediate = 0;
  }

  /** The replies are with the system. */
  end(): void {
    if (this.#began > 0 && this.immediate > 0) this.durations.add(performance.now() - this.#began, this.immediate);
    this.#began = 0;
  }

  /** Another reply might not fit. */
  get full(): boolean {
    return this.used + this.#maxAdu > this.bytes.length;
  }

  /** Where the next reply PDU has to stand. */
  get pduStart(): number {
    return this.used + this.#headerLength;
  }

  /** Puts a frame around the reply PDU of `length` bytes at `pduStart`. */
  seal(to: Recipient, length: number, transactionId: number, unitId: number, asciiDelimiter: number): void {
    const { bytes, used } = this;
    if (to.traced !== undefined || replyChannel.hasSubscribers) this.#trace(to, length, transactionId, unitId);
    to.guard?.replied(bytes, this.pduStart, this.pduStart + length);
    const end = this.#framing.seal(bytes, used, length, transactionId, unitId, asciiDelimiter);
    if (end === NOT_SEALED) to.unsealed();
    else this.used = end;
  }

  #trace(to: Recipient, length: number, transactionId: number, unitId: number): void {
    const request = takeTraced(to);
    if (!replyChannel.hasSubscribers) return;
    const pdu = Uint8Array.from(this.bytes.subarray(this.pduStart, this.pduStart + length));
    const { name: framing } = this.#framing;
    const { peer } = to;
    const message: TraceMessage = { server: this.#server, peer, framing, transactionId, unitId, pdu, request };
    replyChannel.publish(message);
  }

  /**
   * Sends the collected bytes: themselves where the link is done with them at once, else a copy. @returns as
   * `Link.send`.
   */
  sendTo(link: Link): boolean {
    const lent = link.flushed === true;
    const bytes = this.bytes.subarray(0, this.used);
    const more = link.send(lent ? bytes : Buffer.from(bytes));
    if (lent && link.flushed !== true) this.bytes = Buffer.allocUnsafe(this.bytes.length);
    this.used = 0;
    return more;
  }
}

/** Replies that have to wait for their turn. */
interface PendingOutput {
  /** Moves those whose turn it is to `output`. @returns whether the output is full: send it, and call again. */
  flush(output: Output): boolean;
}

/**
 * The outputs of a server: lent for the time of one call, so that one is enough unless a listener calls back into the
 * server.
 */
export class Outputs {
  readonly free: Output[] = [];
  readonly counters: LineCounters;
  readonly durations: Durations = new Durations();
  readonly #server: object;
  readonly #framing: Framing;
  readonly #maxAdu: number;
  readonly #framer: Framer;

  /** @param server for traces: the object that the program made. */
  constructor(server: object, framing: Framing, maxPduLength: number, counters: LineCounters, framer: Framer) {
    this.#framer = framer;
    this.#server = server;
    this.#framing = framing;
    this.counters = counters;
    this.#maxAdu = framing.maxLength(maxPduLength);
  }

  create(): Output {
    return new Output(this.#server, this.#framing, this.#maxAdu, this.#framer, this.durations);
  }
}

/** The same, by which replies go out. */
export abstract class Outlet extends Intake implements HookedOutlet {
  /** Of the reply that a hook puts on the wire now. */
  wire: HookedWire | undefined;
  readonly #outputs: Outputs;
  /** `blocked`: the link can take no more now; `cut`: nothing more may go out. */
  protected flow: 'free' | 'blocked' | 'cut' = 'free';

  constructor(link: Link, outputs: Outputs) {
    super(link);
    this.#outputs = outputs;
  }

  abstract hangUp(): void;

  /** The link can take more. */
  protected unblock(): void {
    if (this.flow === 'blocked') this.flow = 'free';
  }

  /** Nothing more goes out: the peer is gone, or must be. */
  protected cut(): void {
    this.flow = 'cut';
    this.wire?.finish('gone');
  }

  protected borrow(): Output {
    return this.#outputs.free.pop() ?? this.#outputs.create();
  }

  /** Sends what `output` has, and the replies whose turn it is; then others may borrow it. */
  protected sendAll(output: Output, replies: PendingOutput | undefined): void {
    if (replies !== undefined) this.flush(output, replies);
    this.send(output);
    if (output.durations.on) output.end();
    this.#outputs.free.push(output);
  }

  /** Collects the replies whose turn it is, and sends them as far as `output` has no room for them. */
  protected flush(output: Output, replies: PendingOutput): void {
    while (replies.flush(output)) this.send(output);
  }

  protected send(output: Output): void {
    // The output is lent: what is left in it would go to the next peer.
    if (this.flow === 'cut') output.used = 0;
    if (output.used === 0) return;
    this.#outputs.counters.bytesSent += output.used;
    if (!output.sendTo(this.link) && this.flow === 'free') this.flow = 'blocked';
  }

  /** Sends what a hook has put on the wire. */
  transmit(bytes: Uint8Array): void {
    if (this.flow === 'cut') return;
    this.#outputs.counters.bytesSent += bytes.length;
    if (!this.link.send(bytes) && this.flow === 'free') this.flow = 'blocked';
  }
}
