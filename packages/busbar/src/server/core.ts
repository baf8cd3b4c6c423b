import type { Client } from '../data/request.js';
import { device } from '../data/unit.js';
import type { BusbarError } from '../errors.js';
import type { Framing } from '../framing/framing.js';
import { FunctionTable } from '../functions/function-table.js';
import type { Transaction } from '../functions/transaction.js';
import { ServerCounters } from './counters.js';
import { Dispatcher } from './dispatcher.js';
import { checkSettings, type ServerOptions, type Settings } from './options.js';
import { Output, OutputPool } from './output.js';
import { createRoutes, createStations, type Route, type Station } from './stations.js';

const NOTHING = new Uint8Array(0);
const LF = 0x0a;

/** What all sessions of a server share. */
export class ServerCore {
  readonly settings: Settings;
  readonly counters = new ServerCounters();
  readonly dispatcher: Dispatcher;
  readonly stations: readonly Station[];
  readonly routes: readonly Route[];
  readonly outputs: OutputPool;
  readonly line = { asciiDelimiter: LF };
  readonly #maxAdu: number;

  constructor(options: ServerOptions, framing: Framing, report: (error: BusbarError) => void) {
    this.settings = checkSettings(options);
    this.stations = createStations(this.settings.units, options, this.counters);
    this.routes = createRoutes(this.stations, this.settings.unknownUnit);
    this.dispatcher = new Dispatcher(new FunctionTable(options.customFunctions), this.settings, this.counters, report);
    this.#maxAdu = framing.maxLength(this.settings.maxPduLength);
    this.outputs = new OutputPool(this.#maxAdu);
  }

  /** Memory for one reply. */
  createOutput(): Output {
    return new Output(this.#maxAdu, this.#maxAdu);
  }

  /** A blank, to be addressed. */
  createTransaction(client: Client): Transaction {
    const [{ unit, device, diagnostics }] = this.stations;
    const transaction: Transaction = {
      unit,
      device,
      diagnostics,
      client,
      identity: undefined,
      line: this.line,
      unitId: 0,
      functionCode: 0,
      request: NOTHING,
      start: 0,
      end: 0,
      reply: NOTHING,
      replyStart: 0,
      maxPduLength: this.settings.maxPduLength,
      expired: false,
      report: (error) => this.dispatcher.reportListener(error, transaction),
    };
    return transaction;
  }

  /** From now on the units' counters include this server's. */
  attach(): void {
    for (const { unit, diagnostics } of this.stations) unit[device].diagnostics.add(diagnostics);
  }

  detach(): void {
    for (const { unit, diagnostics } of this.stations) unit[device].diagnostics.delete(diagnostics);
  }
}
