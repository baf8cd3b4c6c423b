import { ConnectionError } from '../errors.js';
import type { FrameReader, Outcome } from '../framing/framing.js';
import { LineState } from '../line-state.js';
import type { Peer } from '../peer.js';
import { NO_BYTES } from '../protocol/bytes.js';
import type { Link } from '../transport/link.js';
import { type Applicant, filter } from './admission.js';
import type { ServerCore } from './core.js';
import { Line } from './line.js';
import type { Output } from './output.js';
import type { RequestHandler } from './request-handler.js';
import { type Asker, Responder } from './responder.js';
import type { Served } from './sessions.js';

/** No reader makes more of what it keeps by being told of silence more often. */
const MAX_SILENCES = 4;
/** Requests after which other connections have their turn. */
const TURN = 256;

/**
 * One peer on one connection: takes its bytes, has the requests carried out, and sends the replies in the order of the requests.
 * It reads no further while replies are not taken or too many requests are in progress.
 */
export class Session implements Asker, Applicant, Served {
  hooks: RequestHandler | undefined;
  lastUse: number;
  /** Why the server closed the connection, if it did. */
  closeReason: ConnectionError | undefined;
  readonly #core: ServerCore;
  readonly #link: Link;
  readonly #responder: Responder;
  /** @internal */
  readonly line: Line | undefined;
  /** @internal */
  readonly state: LineState;
  /** Borrowed, where readers can be lent, while it waits for the rest of a frame. */
  #reader: FrameReader | undefined;
  /** Bytes that came but may not be looked at yet. */
  #held: Uint8Array | undefined;
  #incompleteSince = 0;
  #silencesLeft = MAX_SILENCES;
  /** The last use that `checkTimeouts` has seen, and when: requests themselves take no time of day. */
  #seenUse = 0;
  #idleSince = 0;
  #closingSince = 0;
  #admitted = false;
  #blocked = false;
  #paused = false;
  #consuming = false;
  /** Requests of this turn: handlers that answer by promises at once would go on without end. */
  #served = 0;
  /** Other connections have their turn. */
  #yielding = false;
  #inputEnded = false;
  #ended = false;
  #closed = false;

  constructor(core: ServerCore, link: Link) {
    this.#core = core;
    this.#link = link;
    this.lastUse = core.nextUse();
    this.#responder = new Responder(core, this);
    this.state = link.state ?? new LineState();
    if (core.silence === 0 && link.manners === undefined) return;
    const reader = core.framing.createReader(core, this.state);
    this.#reader = reader;
    this.line = new Line(() => this.#silent(reader), link.manners);
  }

  get peer(): Peer {
    return this.#link.peer;
  }

  get shared(): boolean {
    return this.#link.manners !== undefined;
  }

  get owner(): unknown {
    return this;
  }

  get unused(): boolean {
    return this.#responder.pending === 0;
  }

  /** Takes bytes from the peer. They must not change afterwards. */
  receive(chunk: Uint8Array): void {
    if (this.#inputEnded) return;
    this.#core.counters.bytesReceived += chunk.length;
    this.#served = 0;
    if (this.line?.receive(chunk.length) === true) this.#noteGap(this.line.idle);
    if (this.#admitted) this.#take(chunk);
    else if (!this.shared) this.#wait(chunk);
  }

  /** Its request handler is not there yet. */
  get waiting(): boolean {
    return !this.#admitted && !this.#closed && this.closeReason === undefined;
  }

  /** Its request handler is there: what has come so far may be looked at. Nothing is before. */
  admit(hooks: RequestHandler | undefined): void {
    this.hooks = hooks;
    this.#admitted = true;
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) this.#proceed();
    else this.#take(held);
  }

  /** Its request handler failed, or refuses it. A port is not closed: what comes over its line is dropped. */
  refuse(reason: ConnectionError): void {
    if (this.shared) return;
    this.#core.counters.connectionsDenied++;
    this.close(reason);
  }

  #wait(chunk: Uint8Array): void {
    this.#hold(chunk);
    this.#pause();
  }

  /** Looks at bytes, as the handler lets them pass. */
  #take(chunk: Uint8Array): void {
    const bytes = filter(this.#core, this.hooks, 'data', chunk, this.peer);
    if (bytes instanceof ConnectionError) this.refuse(bytes);
    else if (this.#held !== undefined || this.#consuming) this.#hold(bytes);
    else if (bytes.length > 0) this.#consume(bytes);
    else this.#proceed();
  }

  /** The link can send again. */
  drained(): void {
    this.#blocked = false;
    this.#proceed();
  }

  /** The peer sends no more; what it has sent is still answered. */
  inputEnded(): void {
    this.#inputEnded = true;
    this.#proceed();
  }

  close(reason: ConnectionError): void {
    this.closeReason ??= reason;
    if (!this.#admitted) this.#link.destroy();
    this.#pause();
    this.inputEnded();
  }

  /** Cuts the connection: of what has come, nothing more is carried out or answered. */
  destroy(reason: ConnectionError): void {
    this.closeReason ??= reason;
    this.closed();
    this.#link.destroy();
  }

  /** The port has lost characters before they could be read. */
  overrun(count: number): void {
    this.#core.overrun(count);
  }

  /** The link had an error; it is, or soon will be, closed. */
  failed(error: Error): void {
    this.#core.runHook(() => this.hooks?.error?.(error, this.peer));
  }

  /** The link is gone. Requests that wait for their turn are not carried out any more. */
  closed(): void {
    this.line?.close();
    this.#closed = true;
    this.#responder.abandon();
    this.#inputEnded = true;
    this.#held = undefined;
  }

  checkTimeouts(now: number): void {
    const { frameTimeout, idleTimeout, closeTimeout } = this.#core.settings.limits;
    if (this.lastUse !== this.#seenUse) {
      this.#seenUse = this.lastUse;
      this.#idleSince = now;
    }
    if (this.#inputEnded) {
      // Handlers have a deadline of their own, and turns take their time; this one is for the peer to take its replies.
      if (this.#closingSince === 0 || this.#responder.busy) this.#closingSince = now;
      else if (closeTimeout > 0 && now - Math.max(this.#closingSince, this.#idleSince) >= closeTimeout)
        this.#link.destroy();
    } else if (this.#incompleteSince > 0 && frameTimeout > 0 && now - this.#incompleteSince >= frameTimeout) {
      this.close(new ConnectionError('FRAME_TIMEOUT', `a frame was not complete after ${frameTimeout} ms`));
    } else if (idleTimeout > 0 && this.unused && now - this.#idleSince >= idleTimeout) {
      this.close(new ConnectionError('IDLE_TIMEOUT', `no request for ${idleTimeout} ms`));
    }
  }

  /** For links that deliver although they were asked to pause, or from within a listener. */
  #hold(chunk: Uint8Array): void {
    this.#held = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
  }

  #putBack(rest: Uint8Array): void {
    this.#held = this.#held === undefined ? rest : Buffer.concat([rest, this.#held]);
  }

  get #mayServe(): boolean {
    if (!this.#admitted || this.#blocked || this.#closed) return false;
    return this.#responder.pending < this.#core.settings.limits.requestsInProgress;
  }

  /** Goes on with held bytes, with reading, or with closing: whatever has become possible. */
  #proceed(): void {
    if (this.#consuming || this.#yielding || !this.#mayServe) return;
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#consume(held);
    else if (!this.#inputEnded) this.#resume();
    else if (!this.#giveUpWaiting() && this.#responder.pending === 0) this.#end();
  }

  /** The end of input is silence, too: what still waits for its rest gives way to the frames behind it. */
  #giveUpWaiting(): boolean {
    if (this.#reader?.silent === undefined || !this.#reader.incomplete || this.#silencesLeft === 0) return false;
    const { lastUse } = this;
    this.#silencesLeft--;
    this.#reader.silent();
    this.#consume(NO_BYTES);
    if (this.lastUse !== lastUse) this.#silencesLeft = MAX_SILENCES;
    return true;
  }

  #pause(): void {
    this.#paused = true;
    this.#link.pause();
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#link.resume();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    // A peer whose frames make no sense may still be sending: a reset would cost it the last replies.
    this.#link.end(this.closeReason?.code === 'INVALID_FRAME');
  }

  /** Serves all requests of a chunk; their replies go out in one write. */
  #consume(chunk: Uint8Array): void {
    const output = this.#core.outputs.take();
    const reader = this.#borrowReader();
    this.#consuming = true;
    let requests = 0;
    let at = 0;
    let outcome: Outcome = 'frame';
    while (outcome === 'frame' && this.#served < TURN && this.#mayServe) {
      outcome = reader.next(chunk, at);
      if (outcome === 'fatal') this.close(new ConnectionError('INVALID_FRAME', reader.problem));
      if (outcome !== 'frame') break;
      at = reader.position;
      requests++;
      this.#served++;
      this.#responder.serve(reader, output);
      this.#flush(output);
      if (output.full) this.#send(output);
    }
    this.#sendAll(output);
    this.#consuming = false;
    this.#noteActivity(requests, reader);
    this.#returnReader(reader);
    if (this.#closed) return;
    // Stopped in the middle: the reader may also have kept frames of earlier chunks, so even an empty rest counts.
    if (outcome === 'frame') this.#putBack(chunk.subarray(at));
    if (!this.#mayServe) this.#pause();
    else if (outcome === 'frame') this.#yield();
    else this.#proceed();
  }

  /** Lets other connections have their turn, however many requests have come in one piece. */
  #yield(): void {
    this.#pause();
    this.#yielding = true;
    setImmediate(() => {
      this.#yielding = false;
      this.#served = 0;
      this.#proceed();
    });
  }

  #borrowReader(): FrameReader {
    this.#reader ??= this.#core.readers.take();
    return this.#reader;
  }

  #returnReader(reader: FrameReader): void {
    if (reader.reusable !== true) return;
    this.#reader = undefined;
    this.#core.readers.give(reader);
  }

  #noteActivity(requests: number, reader: FrameReader): void {
    if (requests > 0) this.lastUse = this.#core.nextUse();
    if (!reader.incomplete) this.#incompleteSince = 0;
    else if (this.#incompleteSince === 0 || requests > 0) this.#incompleteSince = Math.trunc(performance.now());
    // Where silence means something, a beginning that gets no rest does not keep the next frame waiting.
    if (!this.#inputEnded) this.line?.wake(reader.wakeAfter ?? 0);
  }

  #noteGap(idle: number): void {
    if (this.#reader === undefined || this.#consuming || this.#held !== undefined) return;
    this.#reader.gap?.(idle);
    if (this.#reader.incomplete) this.#consume(NO_BYTES);
  }

  /** What the reader has kept may read differently now. */
  #silent(reader: FrameReader): void {
    reader.silent?.();
    if (!this.#consuming && this.#held === undefined) this.#consume(NO_BYTES);
  }

  /** A pending reply is there: sends what is next in order. @internal */
  settled(): void {
    if (this.#consuming || this.#closed) return;
    this.#sendAll(this.#core.outputs.take());
    this.#proceed();
  }

  /** The framing is at fault: no more is read, executed or sent. @internal */
  unsealed(): void {
    this.destroy(new ConnectionError('INVALID_FRAME', 'the framing has made no frame of a reply'));
  }

  /** Sends what the output has and the replies whose turn it is, and gives the output back. */
  #sendAll(output: Output): void {
    this.#flush(output);
    this.#send(output);
    this.#core.outputs.give(output);
  }

  /** Collects the replies whose turn it is. */
  #flush(output: Output): void {
    while (this.#responder.flush(output)) this.#send(output);
  }

  #send(output: Output): void {
    // The output is lent: what is left in it would go to the next peer.
    if (this.#closed) output.used = 0;
    if (output.used === 0) return;
    this.#core.counters.bytesSent += output.used;
    if (!output.sendTo(this.#link)) this.#blocked = true;
  }
}
