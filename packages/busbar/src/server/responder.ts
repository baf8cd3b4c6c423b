import type { Client } from '../data/request.js';
import type { FrameReader } from '../framing/framing.js';
import type { ModbusFunction, Result, Transaction } from '../functions/transaction.js';
import type { ServerCore } from './core.js';
import { writeException } from './dispatcher.js';
import { carryOut } from './exchange.js';
import type { SharedLine } from './line.js';
import type { Output } from './output.js';
import type { RequestHandler } from './request-handler.js';
import { BROADCAST, type Station } from './stations.js';
import { replyChannel, requestChannel, trace } from './trace.js';

/** A reply that is waiting for its turn. */
interface PendingReply {
  /** The whole ADU, empty for silence; undefined while the request is in progress. */
  frame: Uint8Array | undefined;
  /** Whose it is; undefined: of a unit that does not exist. */
  readonly station: Station | undefined;
  /** What the line had carried when the request came. */
  readonly since: number;
}

/** Makes the replies of one peer from its requests, and keeps them in the order of the requests. */
export class Responder {
  readonly #core: ServerCore;
  readonly #client: Client;
  readonly #hooks: RequestHandler | undefined;
  readonly #onSettled: () => void;
  readonly #line: SharedLine | undefined;
  readonly #transaction: Transaction;
  readonly #pending: PendingReply[] = [];
  #abandoned = false;

  /** @param onSettled is told when a reply that was not there at once has come. */
  constructor(
    core: ServerCore,
    client: Client,
    hooks: RequestHandler | undefined,
    onSettled: () => void,
    line?: SharedLine,
  ) {
    this.#core = core;
    this.#client = client;
    this.#hooks = hooks;
    this.#onSettled = onSettled;
    this.#line = line;
    this.#transaction = core.createTransaction(client);
  }

  /** Requests whose replies are not sent yet, in progress or waiting for their turn. */
  get pending(): number {
    return this.#pending.length;
  }

  /** A request is in progress. */
  get busy(): boolean {
    return this.#pending.some(({ frame }) => frame === undefined);
  }

  /** The peer is gone: requests that wait for their turn are not carried out any more. */
  abandon(): void {
    this.#abandoned = true;
  }

  /** Moves the replies whose turn it is to `output`. @returns whether the output is full: send it, and call again. */
  flush(output: Output): boolean {
    for (let [next] = this.#pending; next?.frame !== undefined; [next] = this.#pending) {
      this.#pending.shift();
      if (this.#isStale(next)) this.#leaveOut(next);
      else output.append(next.frame);
      if (output.full) return true;
    }
    return false;
  }

  /** The line has carried something else since: the client has given up, and another station may be speaking. */
  #isStale({ frame, since }: PendingReply): boolean {
    return frame !== undefined && frame.length > 0 && this.#line?.isStale(since) === true;
  }

  #leaveOut({ station }: PendingReply): void {
    this.#core.counters.staleReplies++;
    station?.diagnostics.unanswered();
  }

  /** Serves the request that the reader describes; its reply goes to `output`, or later to `flush`. */
  serve(reader: FrameReader, output: Output): void {
    const { bytes, unitId, pduStart, pduEnd } = reader;
    this.#core.counters.messages++;
    if (requestChannel.hasSubscribers) trace(requestChannel, this.#client, unitId, bytes, pduStart, pduEnd);
    const route = this.#core.routes[unitId];
    if (typeof route === 'number') {
      this.#refuse(reader, output, route);
      return;
    }
    const run = this.#core.dispatcher.functions.find(bytes, pduStart, pduEnd);
    if (route === BROADCAST) this.#broadcast(reader, run);
    else this.#serveStation(reader, output, route, run);
  }

  #serveStation(reader: FrameReader, output: Output, station: Station, run: ModbusFunction | undefined): void {
    this.#core.counters.requests++;
    station.diagnostics.received(false);
    if (this.#isImmediate(station, run)) this.#serveNow(reader, output, station, run);
    else this.#serveInTurn(reader, station, run, false);
  }

  /** Nothing but the server's own memory is involved, and nothing is ahead of it. */
  #isImmediate({ device }: Station, run: ModbusFunction | undefined): boolean {
    if (this.#isLate || device.handled || run?.custom === true || !device.lock.idle) return false;
    return this.#hooks?.execute === undefined && this.#hooks?.send === undefined;
  }

  /** No reply can go out at once. */
  get #isLate(): boolean {
    return this.#pending.length > 0 || (this.#line !== undefined && this.#line.turnaroundDelay > 0);
  }

  /** In place, from the chunk into the output. */
  #serveNow(reader: FrameReader, output: Output, station: Station, run: ModbusFunction | undefined): void {
    const { bytes, unitId, transactionId, pduStart, pduEnd } = reader;
    const transaction = this.#transaction;
    station.address(transaction, unitId, bytes, pduStart, pduEnd);
    transaction.reply = output.bytes;
    transaction.replyStart = output.used + this.#core.framing.headerLength;
    const { dispatcher, line } = this.#core;
    // A request that changes the delimiter is answered with the old one: the new one is for future messages (AP, 08/03).
    const { asciiDelimiter } = line;
    // No user code is involved, so there is no promise.
    const result = dispatcher.execute(transaction, station, run) as Result;
    const length = dispatcher.complete(transaction, run, result);
    if (length > 0) this.#seal(output, length, transactionId, unitId, asciiDelimiter);
  }

  #seal(output: Output, length: number, transactionId: number, unitId: number, delimiter: number): void {
    const { framing } = this.#core;
    const start = output.used + framing.headerLength;
    if (replyChannel.hasSubscribers) trace(replyChannel, this.#client, unitId, output.bytes, start, start + length);
    const { bytes, used } = output;
    output.used = framing.seal(bytes, used, length, transactionId, unitId, delimiter);
  }

  /** The unit does not exist. */
  #refuse(reader: FrameReader, output: Output, exceptionCode: number): void {
    const { bytes, unitId, transactionId, pduStart } = reader;
    const { counters, framing, line } = this.#core;
    counters.unknownUnit++;
    if (exceptionCode === 0) return;
    counters.replies++;
    counters.exceptions++;
    const own = this.#isLate ? this.#core.createOutput() : output;
    const length = writeException(own.bytes, own.used + framing.headerLength, bytes[pduStart], exceptionCode);
    this.#seal(own, length, transactionId, unitId, line.asciiDelimiter);
    if (own !== output) this.#pend(undefined)(own.bytes.subarray(0, own.used));
  }

  /** Keeps the place of a reply. @returns what takes it when it is there, and has it sent when its time and turn have come. */
  #pend(station: Station | undefined): (frame: Uint8Array) => void {
    const pending: PendingReply = { frame: undefined, station, since: this.#line?.carried ?? 0 };
    this.#pending.push(pending);
    const from = this.#line?.turnaroundDelay ? performance.now() : 0;
    return (frame) => {
      const settle = () => {
        pending.frame = frame;
        this.#onSettled();
      };
      if (this.#line === undefined || frame.length === 0) settle();
      else this.#line.afterTurnaround(from, settle);
    };
  }

  /** Writes run on every unit, reads on none, and nothing is answered (SL, clause 2.2). */
  #broadcast(reader: FrameReader, run: ModbusFunction | undefined): void {
    for (const station of this.#core.stations) {
      station.diagnostics.received(true);
      if (run?.effect === 'write') this.#serveInTurn(reader, station, run, true);
      else station.diagnostics.unanswered();
    }
  }

  /** A request that a user's code serves, or that has to wait for such a one: with memory of its own. */
  #serveInTurn(reader: FrameReader, station: Station, run: ModbusFunction | undefined, broadcast: boolean): void {
    const { bytes, unitId, transactionId, pduStart, pduEnd } = reader;
    const { dispatcher, framing, line } = this.#core;
    const { asciiDelimiter } = line;
    const transaction = this.#core.createTransaction(this.#client);
    station.address(transaction, unitId, bytes.slice(pduStart, pduEnd), 0, pduEnd - pduStart);
    const own = this.#core.createOutput();
    transaction.reply = own.bytes;
    transaction.replyStart = framing.headerLength;
    const reply = this.#pend(station);
    const finish = (result: Result) => {
      const length = dispatcher.complete(transaction, run, result, broadcast);
      if (length > 0) this.#seal(own, length, transactionId, unitId, asciiDelimiter);
      // A copy: a handler that answers after its deadline may still write into its own.
      reply(own.bytes.slice(0, own.used));
    };
    const exchange = { transaction, station, run, abandoned: () => this.#abandoned };
    const result = carryOut(this.#core, exchange, broadcast ? undefined : this.#hooks);
    if (typeof result === 'number') finish(result);
    else result.then(finish);
  }
}
