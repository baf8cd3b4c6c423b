import type { Client } from '../data/request.js';
import { ConnectionError } from '../errors.js';
import type { FrameReader, Framing } from '../framing/framing.js';
import type { ModbusFunction, Result, Transaction } from '../functions/transaction.js';
import type { ServerCore } from './core.js';
import { writeException } from './dispatcher.js';
import type { Output } from './output.js';
import type { Station } from './stations.js';
import { replyChannel, requestChannel, trace } from './trace.js';

/** What a session asks of its connection. */
export interface Link {
  readonly client: Client;
  /** Sends the bytes, which are the link's from now on. @returns false to be told `drained()` before more is sent. */
  send(bytes: Uint8Array): boolean;
  pause(): void;
  resume(): void;
  /** No more will be sent: closes once all has gone out; with `linger` only after the peer has closed, too. */
  end(linger: boolean): void;
  /** Closes at once. */
  destroy(): void;
}

/** A reply that is waiting for its turn. */
interface PendingReply {
  /** The whole ADU, empty for silence; undefined while the request is in progress. */
  frame: Uint8Array | undefined;
}

/**
 * One peer on one connection: takes its bytes, has the requests carried out, and sends the replies in the order of the requests.
 * It reads no further while replies are not taken or too many requests are in progress.
 */
export class Session {
  readonly client: Client;
  /** Monotonic time of the last request, or of the connection. */
  lastRequest: number;
  /** Why the server closed the connection, if it did. */
  closeReason: ConnectionError | undefined;
  readonly #core: ServerCore;
  readonly #framing: Framing;
  readonly #link: Link;
  readonly #reader: FrameReader;
  readonly #transaction: Transaction;
  readonly #pending: PendingReply[] = [];
  /** Bytes that came but may not be looked at yet. */
  #held: Uint8Array | undefined;
  #incompleteSince = 0;
  #closingSince = 0;
  #blocked = false;
  #paused = false;
  #consuming = false;
  #inputEnded = false;
  #ended = false;
  #closed = false;

  constructor(core: ServerCore, framing: Framing, link: Link) {
    this.#core = core;
    this.#framing = framing;
    this.#link = link;
    this.client = link.client;
    this.lastRequest = performance.now();
    this.#reader = framing.createReader(core.settings.maxPduLength, core.counters);
    this.#transaction = core.createTransaction(link.client);
  }

  /** No request in progress: may be closed for a new connection. */
  get unused(): boolean {
    return this.#pending.length === 0;
  }

  /** Takes bytes from the peer. They must not change afterwards. */
  receive(chunk: Uint8Array): void {
    if (this.#inputEnded) return;
    this.#core.counters.bytesReceived += chunk.length;
    if (this.#held !== undefined || this.#consuming) this.#hold(chunk);
    else this.#consume(chunk);
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

  /** Answers what has come so far, then closes. */
  close(reason: ConnectionError): void {
    this.closeReason ??= reason;
    this.#pause();
    this.inputEnded();
  }

  /** Closes at once. */
  destroy(reason: ConnectionError): void {
    this.closeReason ??= reason;
    this.#link.destroy();
  }

  /** The link is gone. Requests that wait for their turn are not carried out any more. */
  closed(): void {
    this.#closed = true;
    this.#inputEnded = true;
    this.#held = undefined;
  }

  /** Closes the connection if the peer has let a time limit pass. */
  checkTimeouts(now: number): void {
    const { frameTimeout, idleTimeout, closeTimeout } = this.#core.settings.limits;
    if (this.#inputEnded) {
      // Handlers have a deadline of their own; this one is for the peer to take its replies.
      if (this.#closingSince === 0 || this.#pending.some(({ frame }) => frame === undefined)) this.#closingSince = now;
      else if (closeTimeout > 0 && now - this.#closingSince >= closeTimeout) this.#link.destroy();
    } else if (this.#incompleteSince > 0 && frameTimeout > 0 && now - this.#incompleteSince >= frameTimeout) {
      this.close(new ConnectionError('FRAME_TIMEOUT', `a frame was not complete after ${frameTimeout} ms`));
    } else if (idleTimeout > 0 && this.unused && now - this.lastRequest >= idleTimeout) {
      this.close(new ConnectionError('IDLE_TIMEOUT', `no request for ${idleTimeout} ms`));
    }
  }

  /** For links that deliver although they were asked to pause, or from within a listener. */
  #hold(chunk: Uint8Array): void {
    this.#held = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
  }

  get #mayServe(): boolean {
    return !this.#blocked && this.#pending.length < this.#core.settings.limits.requestsInProgress;
  }

  /** Goes on with held bytes, with reading, or with closing: whatever has become possible. */
  #proceed(): void {
    if (this.#consuming || this.#closed || !this.#mayServe) return;
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#consume(held);
    else if (!this.#inputEnded) this.#resume();
    else if (this.#pending.length === 0) this.#end();
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
    this.#consuming = true;
    let requests = 0;
    let at = 0;
    while (at < chunk.length && this.#mayServe) {
      const outcome = this.#reader.next(chunk, at);
      if (outcome === 'fatal') this.#fail();
      if (outcome !== 'frame') {
        at = chunk.length;
        break;
      }
      at = this.#reader.position;
      requests++;
      this.#serve(output);
      if (this.#pending.length > 0) this.#flushPending(output);
      if (output.full) this.#send(output);
    }
    this.#send(output);
    this.#core.outputs.give(output);
    this.#consuming = false;
    this.#noteActivity(requests);
    if (at < chunk.length) this.#putBack(chunk.subarray(at));
    if (!this.#mayServe) this.#pause();
    else this.#proceed();
  }

  #putBack(rest: Uint8Array): void {
    this.#held = this.#held === undefined ? rest : Buffer.concat([rest, this.#held]);
  }

  #noteActivity(requests: number): void {
    if (requests > 0) this.lastRequest = performance.now();
    if (!this.#reader.incomplete) this.#incompleteSince = 0;
    else if (this.#incompleteSince === 0 || requests > 0) this.#incompleteSince = performance.now();
  }

  #fail(): void {
    this.close(new ConnectionError('INVALID_FRAME', this.#reader.problem));
  }

  #serve(output: Output): void {
    const { bytes, unitId, pduStart, pduEnd } = this.#reader;
    this.#core.counters.messages++;
    if (requestChannel.hasSubscribers) trace(requestChannel, this.client, unitId, bytes, pduStart, pduEnd);
    const route = this.#core.routes[unitId];
    if (typeof route === 'number') {
      this.#refuse(output, route);
      return;
    }
    this.#core.counters.requests++;
    const run = this.#core.dispatcher.functions.find(bytes, pduStart, pduEnd);
    route.diagnostics.received(false);
    const immediate =
      this.#pending.length === 0 && !route.device.handled && run?.custom !== true && route.device.lock.idle;
    if (immediate) this.#serveNow(output, route, run);
    else this.#serveInTurn(route, run);
  }

  /** A request that its session's own memory serves: in place, from the chunk into the output. */
  #serveNow(output: Output, station: Station, run: ModbusFunction | undefined): void {
    const { bytes, unitId, transactionId, pduStart, pduEnd } = this.#reader;
    const transaction = this.#transaction;
    this.#address(transaction, station, unitId, bytes, pduStart, pduEnd);
    transaction.reply = output.bytes;
    transaction.replyStart = output.used + this.#framing.headerLength;
    const { dispatcher } = this.#core;
    // No user code is involved, so there is no promise.
    const result = dispatcher.execute(transaction, station, run) as Result;
    const length = dispatcher.complete(transaction, run, result);
    if (length > 0) this.#seal(output, length, transactionId, unitId);
  }

  #address(
    transaction: Transaction,
    station: Station,
    unitId: number,
    request: Uint8Array,
    start: number,
    end: number,
  ): void {
    transaction.unit = station.unit;
    transaction.device = station.device;
    transaction.diagnostics = station.diagnostics;
    transaction.identity = station.identity;
    transaction.unitId = unitId;
    transaction.functionCode = request[start];
    transaction.request = request;
    transaction.start = start;
    transaction.end = end;
  }

  #seal(output: Output, length: number, transactionId: number, unitId: number): void {
    const { headerLength } = this.#framing;
    const start = output.used + headerLength;
    if (replyChannel.hasSubscribers) trace(replyChannel, this.client, unitId, output.bytes, start, start + length);
    output.used = this.#framing.seal(output.bytes, output.used, length, transactionId, unitId);
  }

  /** The unit does not exist. */
  #refuse(output: Output, exceptionCode: number): void {
    const { bytes, unitId, transactionId, pduStart } = this.#reader;
    this.#core.counters.unknownUnit++;
    if (exceptionCode === 0) return;
    const own = this.#pending.length === 0 ? output : this.#core.createOutput();
    this.#core.counters.replies++;
    this.#core.counters.exceptions++;
    const length = writeException(own.bytes, own.used + this.#framing.headerLength, bytes[pduStart], exceptionCode);
    this.#seal(own, length, transactionId, unitId);
    if (own !== output) this.#pending.push({ frame: own.bytes.subarray(0, own.used) });
  }

  /** A request that a user's code serves, or that has to wait for such a one: with memory of its own. */
  #serveInTurn(station: Station, run: ModbusFunction | undefined): void {
    const { bytes, unitId, transactionId, pduStart, pduEnd } = this.#reader;
    const transaction = this.#core.createTransaction(this.client);
    this.#address(transaction, station, unitId, bytes.slice(pduStart, pduEnd), 0, pduEnd - pduStart);
    const own = this.#core.createOutput();
    transaction.reply = own.bytes;
    transaction.replyStart = this.#framing.headerLength;
    const pending: PendingReply = { frame: undefined };
    this.#pending.push(pending);
    const finish = (result: Result) => {
      const length = this.#core.dispatcher.complete(transaction, run, result);
      if (length > 0) this.#seal(own, length, transactionId, unitId);
      // A copy: a handler that answers after its deadline may still write into its own.
      pending.frame = own.bytes.slice(0, own.used);
      this.#settled();
    };
    this.#executeInTurn(transaction, station, run, finish);
  }

  #executeInTurn(
    transaction: Transaction,
    station: Station,
    run: ModbusFunction | undefined,
    finish: (result: Result) => void,
  ): void {
    const { lock } = station.device;
    const locks = run !== undefined && run.effect !== 'none';
    const exclusive = run?.effect === 'write';
    const settle = (result: Result) => {
      if (locks) lock.release(exclusive);
      finish(result);
    };
    const start = () => {
      if (this.#closed) {
        if (locks) lock.release(exclusive);
        return;
      }
      const result = this.#core.dispatcher.execute(transaction, station, run);
      if (typeof result === 'number') settle(result);
      else result.then(settle);
    };
    if (locks) lock.acquire(exclusive, start);
    else start();
  }

  /** A pending reply is there: sends what is next in order. */
  #settled(): void {
    if (this.#consuming || this.#closed) return;
    const output = this.#core.outputs.take();
    this.#flushPending(output);
    this.#send(output);
    this.#core.outputs.give(output);
    this.#proceed();
  }

  #flushPending(output: Output): void {
    for (let frame = this.#pending[0]?.frame; frame !== undefined; frame = this.#pending[0]?.frame) {
      this.#pending.shift();
      output.append(frame);
      if (output.full) this.#send(output);
    }
  }

  #send(output: Output): void {
    if (output.used === 0 || this.#closed) return;
    this.#core.counters.bytesSent += output.used;
    if (!this.#link.send(output.copy())) this.#blocked = true;
    output.used = 0;
  }
}
