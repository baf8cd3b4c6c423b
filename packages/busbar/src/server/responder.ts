import type { FrameReader } from '../framing/framing.js';
import { NOT_SEALED } from '../framing/guarded.js';
import { asksMemoryAlone } from '../functions/ranges.js';
import type { ModbusFunction, Result } from '../functions/transaction.js';
import type { LineState } from '../line-state.js';
import type { Peer } from '../peer.js';
import { copyBytes } from '../protocol/bytes.js';
import type { ServerCore } from './core.js';
import { writeException } from './dispatcher.js';
import type { GuardedExchange } from './echo-guard.js';
import { carryOut } from './exchange.js';
import type { Line } from './line.js';
import type { Output } from './output.js';
import type { RequestHandler } from './request-handler.js';
import { BROADCAST, type Station } from './stations.js';
import { replyChannel, requestChannel, type TraceMessage } from './trace.js';

/** A reply that is waiting for its turn. */
interface PendingReply {
  /** Writes it when its turn has come; undefined while the request is in progress. */
  write: ((output: Output) => void) | undefined;
}

/** Whose requests a responder serves. */
export interface Asker {
  readonly peer: Peer;
  /** What its requests wait under: the same for all that share their turns. */
  readonly owner: unknown;
  readonly hooks: RequestHandler | undefined;
  readonly line: Line | undefined;
  readonly state: LineState;
  /** Of a datagram: keeps it from being part of a loop. */
  readonly guard?: GuardedExchange;
  /** A reply that was not there at once has come. */
  settled(): void;
  /** The framing has made no frame of a reply. */
  unsealed(): void;
}

/** Makes the replies of one peer from its requests, and keeps them in the order of the requests. */
export class Responder {
  readonly #core: ServerCore;
  readonly #asker: Asker;
  /** Undefined until there is one: most connections never have any. */
  #pending: PendingReply[] | undefined;
  #abandoned = false;

  constructor(core: ServerCore, asker: Asker) {
    this.#core = core;
    this.#asker = asker;
  }

  /** Requests whose replies are not sent yet, in progress or waiting for their turn. */
  get pending(): number {
    return this.#pending === undefined ? 0 : this.#pending.length;
  }

  get #line(): Line | undefined {
    return this.#asker.line;
  }

  /** A request is in progress. */
  get busy(): boolean {
    return this.#pending?.some(({ write }) => write === undefined) === true;
  }

  /** The peer is gone: requests that wait for their turn are not carried out any more. */
  abandon(): void {
    this.#abandoned = true;
    if (this.pending === 0) return;
    for (const { device } of this.#core.stations.all) device.lock.dropAll(this.#asker.owner);
  }

  /** Moves the replies whose turn it is to `output`. @returns whether the output is full: send it, and call again. */
  flush(output: Output): boolean {
    const pending = this.#pending;
    if (pending === undefined) return false;
    for (let write = pending[0]?.write; write !== undefined; write = pending[0]?.write) {
      pending.shift();
      write(output);
      if (output.full) return true;
    }
    return false;
  }

  /** Serves the request that the reader describes; its reply goes to `output`, or later to `flush`. */
  serve(reader: FrameReader, output: Output): void {
    const { bytes, unitId, pduStart, pduEnd } = reader;
    this.#core.counters.messages++;
    if (requestChannel.hasSubscribers) {
      this.#trace(requestChannel, reader.transactionId, unitId, bytes.slice(pduStart, pduEnd));
    }
    const route = this.#core.stations.routes[unitId];
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
    if (this.#isImmediate(reader, station, run)) this.#serveNow(reader, output, station, run);
    else this.#serveInTurn(reader, station, run, false);
  }

  /** Nothing but the server's own memory is involved, and nothing is ahead of it. */
  #isImmediate(reader: FrameReader, { device }: Station, run: ModbusFunction | undefined): boolean {
    if (this.#isLate || run?.custom === true || !device.lock.idle) return false;
    if (device.handled && !asksMemoryAlone(device, reader.bytes, reader.pduStart, reader.pduEnd)) return false;
    const { hooks } = this.#asker;
    return hooks?.execute === undefined && hooks?.send === undefined;
  }

  /** No reply can go out at once. */
  get #isLate(): boolean {
    return this.pending > 0 || (this.#line !== undefined && this.#line.turnaroundDelay > 0);
  }

  /** In place, from the chunk into the output. */
  #serveNow(reader: FrameReader, output: Output, station: Station, run: ModbusFunction | undefined): void {
    const { bytes, unitId, transactionId, pduStart, pduEnd } = reader;
    const { peer, state } = this.#asker;
    output.transaction ??= this.#core.createTransaction(peer, state, station);
    const { transaction } = output;
    transaction.peer = peer;
    transaction.line = state;
    station.address(transaction, unitId, bytes, pduStart, pduEnd);
    transaction.reply = output.bytes;
    transaction.replyStart = output.used + this.#core.framing.headerLength;
    const { dispatcher } = this.#core;
    // A request that changes the delimiter is answered with the old one: the new one is for future messages (AP, 08/03).
    const { asciiDelimiter } = transaction.line;
    // No user code is involved, so there is no promise.
    const result = dispatcher.execute(transaction, station, run) as Result;
    const length = dispatcher.complete(transaction, run, result);
    if (length > 0) this.#seal(output, length, transactionId, unitId, asciiDelimiter);
  }

  #seal(output: Output, length: number, transactionId: number, unitId: number, delimiter: number): void {
    const { framing } = this.#core;
    const start = output.used + framing.headerLength;
    const { bytes, used } = output;
    if (replyChannel.hasSubscribers) {
      this.#trace(replyChannel, transactionId, unitId, Uint8Array.from(bytes.subarray(start, start + length)));
    }
    this.#asker.guard?.replied(bytes, start, start + length);
    const end = framing.seal(bytes, used, length, transactionId, unitId, delimiter);
    if (end === NOT_SEALED) this.#asker.unsealed();
    else output.used = end;
  }

  #trace(to: typeof requestChannel, transactionId: number, unitId: number, pdu: Uint8Array): void {
    const { server, framing } = this.#core;
    const message: TraceMessage = {
      server,
      peer: this.#asker.peer,
      framing: framing.name,
      transactionId,
      unitId,
      pdu,
    };
    to.publish(message);
  }

  /** The unit does not exist. */
  #refuse(reader: FrameReader, output: Output, exceptionCode: number): void {
    const { bytes, unitId, transactionId, pduStart } = reader;
    const { counters, framing } = this.#core;
    const { asciiDelimiter } = this.#asker.state;
    const functionCode = bytes[pduStart];
    counters.unknownUnit++;
    if (exceptionCode === 0) return;
    counters.replies++;
    counters.exceptions++;
    const refuse = (output: Output) => {
      const length = writeException(output.bytes, output.used + framing.headerLength, functionCode, exceptionCode);
      this.#seal(output, length, transactionId, unitId, asciiDelimiter);
    };
    if (this.#isLate) this.#pend(() => undefined)(refuse);
    else refuse(output);
  }

  /**
   * Keeps the place of a reply.
   * @param tooLate is called where the reply is not sent, because the line has carried something else since.
   * @returns takes what writes the ADU (undefined: silence), and has it sent when its time and turn have come.
   */
  #pend(tooLate: () => void): (write: ((output: Output) => void) | undefined) => void {
    const pending: PendingReply = { write: undefined };
    this.#pending ??= [];
    this.#pending.push(pending);
    const since = this.#line?.carried ?? 0;
    const due = this.#line?.due() ?? 0;
    return (write) => {
      const settle = () => {
        pending.write = (output) => {
          if (write === undefined) return;
          if (this.#line?.isStale(since) === true) this.#leaveOut(tooLate);
          else write(output);
        };
        this.#asker.settled();
      };
      if (due === 0 || write === undefined) settle();
      else this.#line?.waitUntil(due, settle);
    };
  }

  /** The client has given up, and another station may be speaking. */
  #leaveOut(tooLate: () => void): void {
    this.#core.counters.staleReplies++;
    tooLate();
  }

  /** Writes run on every unit, reads on none, and nothing is answered (SL, clause 2.2). */
  #broadcast(reader: FrameReader, run: ModbusFunction | undefined): void {
    for (const station of this.#core.stations.all) {
      station.diagnostics.received(true);
      if (run?.effect === 'write') this.#serveInTurn(reader, station, run, true);
      else station.diagnostics.unanswered();
    }
  }

  /** A request that a user's code serves, or that has to wait for such a one: with memory of its own. */
  #serveInTurn(reader: FrameReader, station: Station, run: ModbusFunction | undefined, broadcast: boolean): void {
    const { bytes, unitId, transactionId, pduStart, pduEnd } = reader;
    const { dispatcher, framing } = this.#core;
    const { peer, state: line } = this.#asker;
    const { asciiDelimiter } = line;
    const transaction = this.#core.createTransaction(peer, line, station);
    station.address(transaction, unitId, bytes.slice(pduStart, pduEnd), 0, pduEnd - pduStart);
    transaction.reply = new Uint8Array(transaction.maxPduLength);
    const reply = this.#pend(() => station.diagnostics.unanswered());
    const finish = (result: Result) => {
      const length = dispatcher.complete(transaction, run, result, broadcast);
      // A copy: a handler that answers after its deadline may still write into its own.
      const pdu = transaction.reply.slice(0, length);
      const write = (output: Output) => {
        copyBytes(pdu, 0, length, output.bytes, output.used + framing.headerLength);
        this.#seal(output, length, transactionId, unitId, asciiDelimiter);
      };
      reply(length === 0 ? undefined : write);
    };
    const { owner } = this.#asker;
    const exchange = { transaction, station, run, owner, broadcast, abandoned: () => this.#abandoned };
    const result = carryOut(this.#core, exchange, this.#asker.hooks);
    if (typeof result === 'number') finish(result);
    else result.then(finish);
  }
}
