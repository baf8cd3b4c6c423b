import { ServerCounters } from '../counters.js';
import type { BusbarError } from '../errors.js';
import type { FrameReader, Framing, ReaderContext } from '../framing/framing.js';
import { GuardedFraming } from '../framing/guarded.js';
import { FunctionTable } from '../functions/function-table.js';
import type { Audit, Transaction } from '../functions/transaction.js';
import { LineState } from '../line-state.js';
import type { Peer } from '../peer.js';
import { isPromiseLike, toPromise } from '../promise.js';
import { NO_BYTES } from '../protocol/bytes.js';
import { Dispatcher } from './dispatcher.js';
import { checkSettings, type ServerOptions, type Settings } from './options.js';
import { Output } from './output.js';
import { Pool } from './pool.js';
import { type Station, Stations } from './stations.js';
import { type PassedMessage, passedChannel } from './trace.js';
import { WaitingRoom } from './waiting-room.js';

/** Is told of what goes on in a server. */
interface ServerAudit extends Audit {
  report(error: BusbarError): void;
}

/** What all sessions of a server share. */
export class ServerCore implements ReaderContext {
  /** For traces: the object that the program made. */
  readonly server: object;
  readonly framing: Framing;
  readonly settings: Settings;
  readonly counters = new ServerCounters();
  readonly dispatcher: Dispatcher;
  readonly stations: Stations;
  readonly waitingRoom: WaitingRoom;
  readonly outputs: Pool<Output>;
  /** Readers that wait for a connection with something to read. */
  readonly readers: Pool<FrameReader>;
  readonly audit: Audit;
  readonly silence: number;
  #uses = 0;

  constructor(
    server: object,
    options: ServerOptions,
    framing: Framing,
    audit: ServerAudit,
    authorize?: Settings['authorize'],
  ) {
    this.server = server;
    this.audit = audit;
    this.settings = checkSettings(options, authorize);
    this.stations = new Stations(options, this.settings.units, this.counters, framing.sharedLine);
    this.framing = framing;
    this.silence = framing.silence === 0 ? 0 : (this.settings.silence ?? framing.silence);
    const functions = new FunctionTable(this.settings.diagnostics, options.customFunctions);
    this.dispatcher = new Dispatcher(functions, this.settings, this.counters, (error) => audit.report(error));
    this.waitingRoom = new WaitingRoom(this.settings, this.counters);
    if (framing instanceof GuardedFraming) framing.onFault((error) => this.dispatcher.report(error));
    const maxAdu = framing.maxLength(this.settings.maxPduLength);
    this.outputs = new Pool(() => new Output(maxAdu));
    // A reader that goes from connection to connection has no use for the state of one.
    const state = new LineState();
    this.readers = new Pool(() => framing.createReader(this, state));
  }

  get maxPduLength(): number {
    return this.settings.maxPduLength;
  }

  serves(unitId: number): boolean {
    return this.stations.routes[unitId] !== 0;
  }

  requestLength(bytes: Uint8Array, start: number, end: number): number | undefined {
    return this.dispatcher.functions.requestLength(bytes, start, end);
  }

  passed(unitId: number, bytes: Uint8Array, pduStart: number, pduEnd: number): void {
    if (!passedChannel.hasSubscribers) return;
    const { server, framing } = this;
    const message: PassedMessage = { server, framing: framing.name, unitId, pdu: bytes.slice(pduStart, pduEnd) };
    passedChannel.publish(message);
  }

  overrun(count: number): void {
    this.counters.overruns += count;
    for (const { diagnostics } of this.stations.all) diagnostics.overrun(count);
  }

  communicationError(): void {
    this.counters.communicationErrors++;
    for (const { diagnostics } of this.stations.all) diagnostics.communicationError();
  }

  /** A blank for a station, which addresses it. @param line of the client's connection. */
  createTransaction(peer: Peer, line: LineState, { unit, device, diagnostics }: Station): Transaction {
    const transaction: Transaction = {
      unit,
      device,
      diagnostics,
      peer,
      identity: undefined,
      line,
      audit: this.audit,
      unitId: 0,
      functionCode: 0,
      request: NO_BYTES,
      start: 0,
      end: 0,
      reply: NO_BYTES,
      replyStart: 0,
      maxPduLength: this.settings.maxPduLength,
      due: 0,
      expired: false,
      report: (error) => this.dispatcher.reportListener(error, transaction),
    };
    return transaction;
  }

  /** A number for each use of a connection, in order. */
  nextUse(): number {
    this.#uses++;
    return this.#uses;
  }

  /** Runs a hook that no request waits for. */
  runHook(hook: () => unknown): void {
    const report = (thrown: unknown) => this.dispatcher.reportHook(thrown);
    try {
      const result = hook();
      if (isPromiseLike(result)) toPromise(result).catch(report);
    } catch (thrown) {
      report(thrown);
    }
  }
}
