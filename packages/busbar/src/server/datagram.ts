import { asError, ConnectionError } from '../errors.js';
import type { FrameReader } from '../framing/framing.js';
import { LineState } from '../line-state.js';
import type { Peer } from '../peer.js';
import { isPromiseLike, toPromise } from '../promise.js';
import { filter } from './admission.js';
import type { ServerCore } from './core.js';
import type { EchoGuard, GuardedExchange } from './echo-guard.js';
import type { Output } from './output.js';
import type { RequestHandler } from './request-handler.js';
import { type Asker, Responder } from './responder.js';
import type { Served } from './sessions.js';

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
 * A datagram, which must be one ADU and nothing else, and the reply to it. Each is served by itself, so that slow answers to one
 * peer keep no other waiting.
 */
export class Datagram implements Asker, Served {
  /** Names the peer, who has one turn with all its datagrams. */
  readonly owner: string;
  readonly guard: GuardedExchange;
  readonly state = new LineState();
  readonly line = undefined;
  readonly shared = false;
  readonly lastUse = 0;
  readonly unused = false;
  readonly #core: ServerCore;
  readonly #origin: DatagramOrigin;
  readonly #responder: Responder;
  #serving = false;
  #gone = false;

  constructor(core: ServerCore, origin: DatagramOrigin) {
    const { peer, echoes } = origin;
    this.#core = core;
    this.#origin = origin;
    this.owner = peerName(peer);
    this.guard = echoes.begin(this.owner);
    this.#responder = new Responder(core, this);
  }

  get peer(): Peer {
    return this.#origin.peer;
  }

  get hooks(): RequestHandler | undefined {
    return this.#origin.hooks;
  }

  receive(datagram: Uint8Array): void {
    const { counters } = this.#core;
    counters.bytesReceived += datagram.length;
    const bytes = filter(this.#core, this.hooks, 'datagram', datagram, this.peer);
    if (bytes instanceof ConnectionError) counters.framesDropped++;
    else this.#serve(bytes);
    this.settled();
  }

  #serve(bytes: Uint8Array): void {
    const { readers, counters } = this.#core;
    const reader = readers.take();
    if (this.#isOneFrame(reader, bytes)) {
      // A reply must never be answered: two servers would answer each other without end.
      if (this.guard.refuses(reader)) counters.datagramsRefused++;
      else this.#answer(reader);
    }
    if (reader.reusable === true) readers.give(reader);
  }

  #isOneFrame(reader: FrameReader, datagram: Uint8Array): boolean {
    const { counters } = this.#core;
    const counted = () => counters.messages + counters.framesDropped + counters.communicationErrors;
    const before = counted();
    if (reader.whole(datagram) === 'frame') return true;
    // Short or long: the reader, made for streams, has not counted it.
    if (counted() === before) this.#core.communicationError();
    return false;
  }

  #answer(reader: FrameReader): void {
    const output = this.#core.outputs.take();
    this.#serving = true;
    this.#responder.serve(reader, output);
    this.#serving = false;
    this.#send(output);
    this.#core.outputs.give(output);
  }

  /** A reply that was not there at once has come, or there is none. */
  settled(): void {
    if (this.#serving || this.#gone) return;
    const output = this.#core.outputs.take();
    while (this.#responder.flush(output)) this.#send(output);
    this.#send(output);
    this.#core.outputs.give(output);
    if (this.#responder.pending === 0) this.#leave();
  }

  /** The framing has made no frame of the reply. */
  unsealed(): void {
    this.#leave();
  }

  /** What has come is still answered. */
  close(): void {}

  destroy(): void {
    this.#leave();
  }

  /** Nothing of it is left to the peer: its handlers have deadlines. */
  checkTimeouts(): void {}

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#responder.abandon();
    this.#origin.done(this);
  }

  #send(output: Output): void {
    // The output is lent: what is left in it would go to the next peer.
    if (this.#gone) output.used = 0;
    if (output.used === 0) return;
    this.#core.counters.bytesSent += output.used;
    const reply = Buffer.from(output.bytes.subarray(0, output.used));
    output.used = 0;
    const fail = (thrown: unknown) => this.#origin.failed(asError(thrown));
    try {
      const sent = this.#origin.send(reply);
      if (isPromiseLike(sent)) toPromise(sent).catch(fail);
    } catch (thrown) {
      fail(thrown);
    }
  }
}
