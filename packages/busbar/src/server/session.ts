import { ConnectionError } from '../errors.js';
import type { FrameReader, Outcome } from '../framing/framing.js';
import { Line, type ServedLine } from '../framing/line.js';
import { ASCII_DELIMITER, type LineState } from '../line-state.js';
import type { Peer } from '../peer.js';
import { NO_BYTES } from '../protocol/bytes.js';
import type { Connection, Link } from '../transport/link.js';
import type { Applicant } from './admission.js';
import { ConnectedClient } from './connected-client.js';
import { TURN } from './intake.js';
import { Outlet } from './output.js';
import type { HookedOutlet } from './recipient.js';
import type { Asker, Replies } from './replies.js';
import { filterBytes, type RequestHandler } from './request-handler.js';
import type { Service } from './service.js';
import type { Served } from './sessions.js';
import { Timeouts } from './timeouts.js';

interface SessionHost {
  /** The session's link is closed. @param error why, unless it ended in good order. */
  disconnected(session: Session, error: Error | undefined): void;
}

/** `waiting` for its request handler; `open`; `ended`: all is answered, the link is to close; `closed`: it has closed. */
type State = 'waiting' | 'open' | 'ended' | 'closed';

/**
 * One peer on one connection: takes its bytes, has the requests carried out, and sends the replies in the order of the
 * requests. It reads no further while replies are not taken or too many requests are in progress.
 */
export class Session extends Outlet implements Asker, Applicant, Connection, Served, LineState {
  readonly peer: Peer;
  readonly client: ConnectedClient;
  readonly shared: boolean;
  hooks: RequestHandler | undefined;
  replies: Replies | undefined;
  traced: Asker['traced'];
  lastUse: number;
  /** Why the server closed the connection, if it did. */
  closeReason: ConnectionError | undefined;
  /** Undefined where pauses mean nothing. */
  readonly line: Line | undefined;
  /** The shared line's, which outlives the session; else its own. */
  readonly state: LineState;
  asciiDelimiter: number = ASCII_DELIMITER;
  readonly #service: Service;
  readonly #host: SessionHost;
  #state: State = 'waiting';
  /** Borrowed, where readers can be lent, while it waits for the rest of a frame. */
  #reader: FrameReader | undefined;
  /** From the first time on that the peer keeps the connection waiting: most never do. */
  #timeouts: Timeouts | undefined;

  /** @param line the line that is served, which other stations share; undefined for a connection of its own. */
  constructor(service: Service, link: Link, line: ServedLine | undefined, host: SessionHost) {
    super(link, service.outputs);
    this.#service = service;
    this.#host = host;
    this.peer = link.peer;
    this.client = new ConnectedClient(link.peer);
    this.lastUse = service.counters.messages;
    this.shared = line !== undefined;
    this.state = line?.state ?? this;
    if (service.readers.silence === 0 && line === undefined) return;
    this.#reader = service.readers.create(this.state);
    this.line = new Line(this.#reader, () => this.#lookAgain(), line?.manners);
  }

  get owner(): unknown {
    return this;
  }

  get outlet(): HookedOutlet {
    return this;
  }

  get unused(): boolean {
    return this.replies === undefined || this.replies.size === 0;
  }

  get gone(): boolean {
    return this.#state === 'closed';
  }

  get waiting(): boolean {
    return this.#state === 'waiting' && this.closeReason === undefined;
  }

  /** Its request handler is there: the bytes that have come so far may be looked at. */
  admit(hooks: RequestHandler | undefined): void {
    this.hooks = hooks;
    this.#state = 'open';
    const held = this.release();
    if (held === undefined) this.#proceed();
    else this.#take(held);
  }

  /** Its request handler failed, or refuses it. A port is not closed: what comes over its line is dropped. */
  refuse(reason: ConnectionError): void {
    if (this.shared) return;
    this.#service.counters.connectionsDenied++;
    this.close(reason);
  }

  receive(chunk: Uint8Array): void {
    if (this.input === 'ended') return;
    this.#service.counters.bytesReceived += chunk.length;
    this.turnLeft = TURN;
    if (this.line?.receive(chunk.length) === true && this.#isFirst) this.line.tellGap();
    if (this.#state === 'open') this.#take(chunk);
    else if (!this.shared) {
      this.hold(chunk);
      this.pause();
    }
  }

  /** Looks at bytes, as the handler lets them pass. */
  #take(chunk: Uint8Array): void {
    const bytes = this.hooks?.data === undefined ? chunk : this.#filter(this.hooks, chunk);
    if (!this.#isFirst) this.hold(bytes);
    else if (bytes.length > 0) this.#serve(bytes);
    else this.#proceed();
  }

  #filter(hooks: RequestHandler, chunk: Uint8Array): Uint8Array {
    try {
      return filterBytes(hooks, 'data', chunk, this.peer);
    } catch (thrown) {
      this.refuse(this.#service.faults.refusal(thrown));
      return NO_BYTES;
    }
  }

  drained(): void {
    this.unblock();
    this.#proceed();
  }

  inputEnded(): void {
    this.input = 'ended';
    this.#proceed();
  }

  close(reason: ConnectionError): void {
    this.closeReason ??= reason;
    if (this.#state === 'waiting') this.link.destroy();
    this.pause();
    this.inputEnded();
  }

  /** Cuts the connection: no more requests are carried out or answered, even if they have come. */
  destroy(reason: ConnectionError): void {
    this.#abandon(reason);
    this.link.destroy();
  }

  /** A hook closes the connection. A port stays open: other stations are on its line. */
  hangUp(): void {
    if (this.shared) return;
    this.#abandon(new ConnectionError('DISCONNECTED', 'a hook closed the connection'));
    this.link.end(false);
  }

  overrun(count: number): void {
    this.#service.readers.overrun(count);
  }

  failed(error: Error): void {
    this.#service.faults.runHook(() => this.hooks?.error?.(error, this.peer));
  }

  closed(error: Error | undefined): void {
    this.#abandon(this.closeReason);
    this.#host.disconnected(this, this.closeReason ?? error);
  }

  /** Requests that wait for their turn are not carried out any more. */
  #abandon(reason: ConnectionError | undefined): void {
    this.closeReason ??= reason;
    this.line?.close();
    this.#state = 'closed';
    this.cut();
    this.input = 'ended';
    this.release();
    if (this.unused) return;
    this.replies?.abandon();
    this.#service.destinations.dropAll(this.owner);
  }

  checkTimeouts(now: number): void {
    const { limits } = this.#service.settings;
    if (this.input === 'ended' || limits.idleTimeout > 0) this.#timeouts ??= new Timeouts();
    if (this.input !== 'ended') {
      const error = this.#timeouts?.exceeded(now, this.lastUse, this.unused, limits);
      if (error !== undefined) this.close(error);
    } else if (this.#timeouts?.ended(now, this.lastUse, this.replies?.busy === true, limits)) this.link.destroy();
  }

  get #mayServe(): boolean {
    if (this.#state !== 'open' || this.flow === 'blocked') return false;
    return this.replies === undefined || this.replies.size < this.#service.settings.limits.requestsInProgress;
  }

  /** Goes on with held bytes, with reading, or with closing: whatever has become possible. */
  #proceed(): void {
    if (this.turn !== 'none' || !this.#mayServe) return;
    const held = this.release();
    if (held !== undefined) this.#serve(held);
    else if (this.input === 'paused') this.resume();
    else if (this.input === 'ended') this.#finish();
  }

  /** The end of input is silence, too: what still waits for its rest gives way to the frames behind it. */
  #finish(): void {
    if (this.line?.giveUp(this.lastUse) === true) this.#serve(NO_BYTES);
    else if (this.unused) {
      this.#state = 'ended';
      // A peer whose frames make no sense may still be sending: a reset would cost it the last replies.
      this.link.end(this.closeReason?.code === 'INVALID_FRAME');
    }
  }

  /** Serves the requests of a chunk, as many as may be served now; their replies go out in one write. */
  #serve(chunk: Uint8Array): void {
    const { readers, outputs, destinations, counters } = this.#service;
    const output = outputs.free.pop() ?? outputs.create();
    if (output.durations.on) output.begin();
    this.#reader ??= readers.free.pop() ?? readers.create();
    const reader = this.#reader;
    let requests = 0;
    let at = 0;
    let outcome: Outcome = 'frame';
    this.turn = 'serving';
    while (requests < this.turnLeft && this.#mayServe) {
      outcome = reader.next(chunk, at);
      if (outcome !== 'frame') break;
      at = reader.position;
      requests++;
      destinations.take(reader, this, output);
      if (this.replies !== undefined) this.flush(output, this.replies);
      if (output.full) this.send(output);
    }
    if (outcome === 'fatal') this.close(new ConnectionError('INVALID_FRAME', reader.problem));
    if (requests > 0) {
      this.turnLeft -= requests;
      this.lastUse = counters.messages;
      this.client.requests += requests;
      this.client.lastRequest = Date.now();
    }
    this.sendAll(output, this.replies);
    this.turn = 'none';
    this.#noteRest(reader, requests > 0);
    if (this.#state !== 'closed') this.#goOn(outcome, chunk, at);
  }

  /** @param served requests ahead of what the reader keeps. */
  #noteRest(reader: FrameReader, served: boolean): void {
    if (reader.incomplete) this.#timeouts ??= new Timeouts();
    if (reader.incomplete) this.#timeouts?.begun(served);
    else this.#timeouts?.complete();
    // Where silence means something, a beginning that gets no rest does not keep the next frame waiting.
    if (this.input !== 'ended') this.line?.wake();
    if (reader.reusable !== true || reader.incomplete) return;
    this.#reader = undefined;
    this.#service.readers.free.push(reader);
  }

  #goOn(outcome: Outcome, chunk: Uint8Array, at: number): void {
    // Stopped in the middle: the reader may also have kept frames of earlier chunks, so even an empty rest counts.
    if (outcome === 'frame') this.putBack(chunk.subarray(at));
    if (!this.#mayServe) this.pause();
    else if (outcome === 'frame') this.yield(() => this.#proceed());
    else if (this.input !== 'flowing' || this.held !== undefined) this.#proceed();
  }

  /** No bytes are ahead of those that come. */
  get #isFirst(): boolean {
    return this.turn !== 'serving' && this.held === undefined;
  }

  /** There was a pause: what the reader has kept may read differently now. */
  #lookAgain(): void {
    if (this.#isFirst) this.#serve(NO_BYTES);
  }

  settled(): void {
    if (this.turn === 'serving') return;
    this.gather(() => {
      if (this.#state === 'closed') return;
      this.sendAll(this.borrow(), this.replies);
      this.#proceed();
    });
  }

  /** No more is read, executed or sent. */
  unsealed(): void {
    this.destroy(new ConnectionError('INVALID_FRAME', 'the framing has made no frame of a reply'));
  }
}
