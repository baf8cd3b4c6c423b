import { asError } from '../errors.js';
import type { FrameReader } from '../framing/framing.js';
import { LineState } from '../line-state.js';
import type { Peer } from '../peer.js';
import { isPromiseLike, toPromise } from '../promise.js';
import type { EchoGuard, GuardedExchange } from './echo-guard.js';
import type { Output } from './output.js';
import type { HookedOutlet } from './recipient.js';
import type { Asker, Replies } from './replies.js';
import { filterBytes, type RequestHandler } from './request-handler.js';
import type { Service } from './service.js';
import type { Served } from './sessions.js';
import { Timeouts } from './timeouts.js';
import type { HookedWire } from './wire.js';

/** Where a datagram came from, and what becomes of it. */
export interface DatagramOrigin {
  readonly peer: Peer;
  readonly hooks: RequestHandler | undefined;
  readonly echoes: EchoGuard;
  send(reply: Uint8Array): unknown;
  /** The reply could not be sent. */
  failed(error: Error): void;
  /** Nothing is left to be done for it. */
  done(datagram: Datagram): void;
}

/** The name under which the requests of a peer take turns, and are counted. */
export function peerName({ address, port }: Peer): string {
  return `${address} ${port}`;
}

/**
 * A datagram, which must be one ADU and nothing else, and the reply to it. Each is served by itself, so that slow
 * answers to one peer keep no other waiting.
 */
export class Datagram implements Asker, HookedOutlet, Served {
  readonly peer: Peer;
  readonly hooks: RequestHandler | undefined;
  /** Names the peer, who has one turn with all its datagrams. */
  readonly owner: string;
  readonly guard: GuardedExchange;
  readonly state: LineState = new LineState();
  readonly line = undefined;
  readonly client = undefined;
  readonly shared = false;
  readonly lastUse = 0;
  readonly unused = false;
  /** The wire of a reply leads to it, too. */
  readonly outlet: HookedOutlet = this;
  wire: HookedWire | undefined;
  replies: Replies | undefined;
  traced: Asker['traced'];
  gone = false;
  readonly #service: Service;
  readonly #origin: DatagramOrigin;
  #serving = true;
  /** The server is closing. */
  #ending: Timeouts | undefined;

  constructor(service: Service, origin: DatagramOrigin) {
    this.#service = service;
    this.#origin = origin;
    this.peer = origin.peer;
    this.hooks = origin.hooks;
    this.owner = peerName(origin.peer);
    this.guard = origin.echoes.begin(this.owner);
  }

  /** To be called once. */
  receive(datagram: Uint8Array): void {
    const { counters, outputs, readers } = this.#service;
    counters.bytesReceived += datagram.length;
    const bytes = this.#filter(datagram);
    const output = outputs.free.pop() ?? outputs.create();
    if (output.durations.on) output.begin();
    const reader = readers.free.pop() ?? readers.create();
    if (bytes === undefined) counters.framesDropped++;
    else if (this.#isRequest(reader, bytes)) this.#service.destinations.take(reader, this, output);
    if (reader.reusable === true && !reader.incomplete) readers.free.push(reader);
    this.#serving = false;
    this.#sendAll(output);
  }

  /** @returns what the hooks let pass. */
  #filter(datagram: Uint8Array): Uint8Array | undefined {
    try {
      return filterBytes(this.hooks, 'datagram', datagram, this.peer);
    } catch (thrown) {
      this.#service.faults.refusal(thrown);
      return undefined;
    }
  }

  /**
   * Whether the datagram is one frame, and may be answered: two servers that answered replies would do so without end.
   */
  #isRequest(reader: FrameReader, datagram: Uint8Array): boolean {
    if (!this.#isOneFrame(reader, datagram)) return false;
    if (!this.guard.refuses(reader)) return true;
    this.#service.counters.datagramsRefused++;
    return false;
  }

  #isOneFrame(reader: FrameReader, datagram: Uint8Array): boolean {
    const { counters, readers } = this.#service;
    const counted = () => counters.messages + counters.framesDropped + counters.communicationErrors;
    const before = counted();
    if (reader.whole(datagram) === 'frame') return true;
    // Short or long: the reader, made for streams, has not counted it.
    if (counted() === before) readers.communicationError();
    return false;
  }

  settled(): void {
    if (this.#serving || this.gone) return;
    const { outputs } = this.#service;
    this.#sendAll(outputs.free.pop() ?? outputs.create());
  }

  unsealed(): void {
    this.#leave();
  }

  /** What has come is still answered. */
  close(): void {
    this.#ending ??= new Timeouts();
  }

  destroy(): void {
    this.#leave();
  }

  /** Nothing of it is left to the peer, and its handlers have deadlines; but a hook may make a pause. */
  checkTimeouts(now: number): void {
    const { limits } = this.#service.settings;
    if (this.#ending?.ended(now, 0, this.replies?.busy === true, limits)) this.#leave();
  }

  /** A hook has no connection to close. */
  hangUp(): void {}

  #leave(): void {
    if (this.gone) return;
    this.gone = true;
    this.replies?.abandon();
    this.wire?.finish('gone');
    if (this.#isPending) this.#service.destinations.dropAll(this.owner);
    this.#origin.done(this);
  }

  get #isPending(): boolean {
    return this.replies !== undefined && this.replies.size > 0;
  }

  /** Sends the reply, if it is there, and gives the output back. */
  #sendAll(output: Output): void {
    while (this.replies?.flush(output) === true) this.#send(output);
    this.#send(output);
    if (output.durations.on) output.end();
    this.#service.outputs.free.push(output);
    if (!this.#isPending) this.#leave();
  }

  #send(output: Output): void {
    // The output is lent: what is left in it would go to the next peer.
    if (this.gone) output.used = 0;
    if (output.used === 0) return;
    const reply = Buffer.from(output.bytes.subarray(0, output.used));
    output.used = 0;
    this.transmit(reply);
  }

  transmit(reply: Uint8Array): void {
    if (this.gone) return;
    this.#service.counters.bytesSent += reply.length;
    const fail = (thrown: unknown) => this.#origin.failed(asError(thrown));
    try {
      const sent = this.#origin.send(reply);
      if (isPromiseLike(sent)) toPromise(sent).catch(fail);
    } catch (thrown) {
      fail(thrown);
    }
  }
}
