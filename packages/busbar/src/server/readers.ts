import type { ServerCounters } from '../counters.js';
import type { FrameReader, Framing, ReaderContext } from '../framing/framing.js';
import type { FunctionTable } from '../functions/function-table.js';
import { LineState } from '../line-state.js';
import { type PairedFrame, Pairing } from '../protocol/pairing.js';
import type { Destinations } from './destinations.js';
import type { Settings } from './options.js';
import { type PassedMessage, passedChannel } from './trace.js';

/** Milliseconds after which what might be a late reply of another station is the request once more. */
const REPLY_TIMEOUT = 1000;

/** The frame readers of a server: makes and lends them, answers what they ask, and takes what they tell. */
export class Readers implements ReaderContext {
  readonly maxPduLength: number;
  readonly silence: number;
  readonly counters: ServerCounters;
  /** Readers that keep nothing: lent to connections that have something to read. */
  readonly free: FrameReader[] = [];
  readonly #server: object;
  readonly #framing: Framing;
  readonly #functions: FunctionTable;
  readonly #destinations: Destinations;
  /** A reader that goes from connection to connection has no use for the state of one. */
  readonly #state = new LineState();
  /** What other stations say to each other, while somebody subscribes. */
  readonly #pairing = new Pairing<PairedFrame>(REPLY_TIMEOUT);

  /** @param server for traces: the object that the program made. */
  constructor(
    server: object,
    framing: Framing,
    { maxPduLength, silence }: Settings,
    counters: ServerCounters,
    functions: FunctionTable,
    destinations: Destinations,
  ) {
    this.maxPduLength = maxPduLength;
    this.silence = framing.silence === 0 ? 0 : (silence ?? framing.silence);
    this.counters = counters;
    this.#server = server;
    this.#framing = framing;
    this.#functions = functions;
    this.#destinations = destinations;
  }

  /** @param state of the connection, if the reader is for one only. */
  create(state: Readonly<LineState> = this.#state): FrameReader {
    return this.#framing.createReader(this, state);
  }

  serves(unitId: number): boolean {
    return this.#destinations.serves(unitId);
  }

  requestLength(bytes: Uint8Array, start: number, end: number): number | undefined {
    return this.#functions.requestLength(bytes, start, end);
  }

  passed(unitId: number, bytes: Uint8Array, pduStart: number, pduEnd: number): void {
    if (!passedChannel.hasSubscribers) return;
    const pdu = bytes.slice(pduStart, pduEnd);
    const frame = { server: this.#server, framing: this.#framing.name, unitId, pdu };
    const message: PassedMessage = { ...frame, ...this.#judged(unitId, pdu) };
    passedChannel.publish(message);
  }

  #judged(unitId: number, pdu: Uint8Array): Pick<PassedMessage, 'kind' | 'request'> {
    const time = performance.now();
    const frame = { unitId, pdu, start: time, end: time };
    const judged = this.#pairing.judge(frame);
    if (judged.kind === 'reply') return { kind: 'reply', request: judged.request?.pdu };
    this.#pairing.ask(frame);
    return judged;
  }

  communicationError(): void {
    this.counters.communicationErrors++;
    for (const { diagnostics } of this.#destinations.units) diagnostics.communicationError();
  }

  /** The port has lost characters before they could be read. */
  overrun(count: number): void {
    this.counters.overruns += count;
    for (const { diagnostics } of this.#destinations.units) diagnostics.overrun(count);
  }
}
