import { ServerCounters } from '../counters.js';
import type { BusbarError } from '../errors.js';
import type { Framing } from '../framing/framing.js';
import { GuardedFraming } from '../framing/guarded.js';
import { FunctionTable } from '../functions/function-table.js';
import type { Audit } from '../functions/transaction.js';
import { Destinations } from './destinations.js';
import { Faults } from './faults.js';
import { Framer } from './framer.js';
import type { Settings } from './options.js';
import { Outputs } from './output.js';
import { Readers } from './readers.js';
import type { ReplyTally } from './reply-tally.js';
import { Requests } from './requests.js';
import { WaitingRoom } from './waiting-room.js';

/** Is told of what goes on in a server. */
interface ServerAudit extends Audit {
  report(error: BusbarError): void;
}

/** What the connections and datagrams of a server work with. */
export interface Service {
  readonly settings: Settings;
  readonly counters: ServerCounters;
  readonly tally: ReplyTally;
  readonly functions: FunctionTable;
  readonly faults: Faults;
  readonly destinations: Destinations;
  readonly readers: Readers;
  readonly outputs: Outputs;
}

/** @param server for traces: the object that the program made. */
export function createService(server: object, settings: Settings, framing: Framing, audit: ServerAudit): Service {
  const { maxPduLength } = settings;
  const counters = new ServerCounters();
  const functions = new FunctionTable(settings.diagnostics, settings.customFunctions);
  const faults = new Faults(settings, counters, (error) => audit.report(error));
  if (framing instanceof GuardedFraming) framing.onFault((error) => faults.report(error));
  const requests = new Requests(functions, settings, counters, faults, new WaitingRoom(settings, counters), audit);
  const destinations = new Destinations(server, settings, framing, requests, counters);
  const readers = new Readers(server, framing, settings, counters, functions, destinations);
  const framer = new Framer(server, framing, settings, faults);
  const outputs = new Outputs(server, framing, maxPduLength, counters, framer);
  return { settings, counters, tally: requests.tally, functions, faults, destinations, readers, outputs };
}
