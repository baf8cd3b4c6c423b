import type { ServerCounters } from 'busbar';
import type { Device } from '../../device/device.js';
import { version } from '../../ground/version.js';
import type { BoundServer } from '../../listeners/server.js';
import { listenerName } from '../listener-name.js';
import { isUp } from '../listeners.js';
import type { Family } from './family.js';
import { LASTING } from './lasting.js';

/** What servers are asked for, one number each. */
type Read = (bound: BoundServer) => number;

function ofListeners(type: Family['type'], name: string, help: string, read: Read): Family {
  const samples = ({ boundServers }: Device) =>
    boundServers.map((bound) => ({ labels: { listener: listenerName(bound) }, value: read(bound) }));
  return { type, name, help, labels: ['listener'], samples };
}

function counter(name: string, help: string, key: keyof ServerCounters): Family {
  return ofListeners('counter', name, help, ({ server }) => server.counters[key]);
}

/** Counters of one kind, told apart by a label. */
function counters(
  name: string,
  help: string,
  label: string,
  keys: Readonly<Record<string, keyof ServerCounters>>,
): Family {
  const samples = ({ boundServers }: Device) =>
    boundServers.flatMap((bound) =>
      Object.entries(keys).map(([word, key]) => ({
        labels: { listener: listenerName(bound), [label]: word },
        value: bound.server.counters[key],
      })),
    );
  return { type: 'counter', name, help, labels: ['listener', label], samples };
}

const REQUESTS: Family = {
  type: 'counter',
  name: 'busbar_requests_total',
  help: 'Requests that were answered, by function code and by exception code, or none.',
  labels: ['listener', 'function', 'exception'],
  samples: ({ boundServers }) =>
    boundServers.flatMap((bound) =>
      bound.server.replyCounts.map(({ functionCode, exceptionCode, count }) => {
        const exception = exceptionCode === 0 ? 'none' : String(exceptionCode);
        return { labels: { listener: listenerName(bound), function: String(functionCode), exception }, value: count };
      }),
    ),
};

const LISTENERS: readonly Family[] = [
  REQUESTS,
  ofListeners('gauge', 'busbar_listener_up', '1 if clients can connect.', (bound) => Number(isUp(bound))),
  ofListeners('gauge', 'busbar_connections', 'Connections that are open.', ({ server }) => server.connections),
  counter('busbar_connections_accepted_total', 'Connections that were accepted.', 'connectionsAccepted'),
  counters('busbar_refusals_total', 'What was refused: connections, requests, datagrams.', 'reason', {
    connection_limit: 'connectionsRefused',
    connection_evicted: 'connectionsEvicted',
    connection_denied: 'connectionsDenied',
    tls_handshake: 'handshakesRefused',
    unknown_unit: 'unknownUnit',
    role: 'denied',
    waiting: 'requestsRefused',
    datagram: 'datagramsRefused',
  }),
  counter('busbar_received_bytes_total', 'Bytes from clients.', 'bytesReceived'),
  counter('busbar_sent_bytes_total', 'Bytes to clients.', 'bytesSent'),
  counter('busbar_frames_total', 'Intact frames, for any unit.', 'messages'),
  counter('busbar_foreign_frames_total', 'Intact frames on a line that were for other stations.', 'foreignFrames'),
  counters('busbar_line_errors_total', 'What went wrong on the way.', 'kind', {
    damaged_frame: 'communicationErrors',
    dropped_frame: 'framesDropped',
    resynchronisation: 'resynchronisations',
    overrun: 'overruns',
    stale_reply: 'staleReplies',
  }),
  counter('busbar_handler_errors_total', 'Failures of handlers, hooks and listeners of events.', 'handlerErrors'),
  counter('busbar_diagnostic_actions_total', 'Requests of function 08 that changed something.', 'diagnosticActions'),
  counter(
    'busbar_descriptor_shortages_total',
    'Checks, one a second, that found no free file descriptor.',
    'descriptorShortages',
  ),
];

const FAULTS: readonly Family[] = [
  {
    type: 'gauge',
    name: 'busbar_fault_active',
    help: '1 if the fault is on.',
    labels: ['fault'],
    samples: ({ faults }) =>
      faults.list.map(({ name, active }) => ({ labels: { fault: name }, value: Number(active) })),
  },
  {
    type: 'counter',
    name: 'busbar_fault_hits_total',
    help: 'Requests and connections that the fault has hit.',
    labels: ['fault'],
    samples: ({ faults }) => faults.list.map(({ name, injected }) => ({ labels: { fault: name }, value: injected })),
  },
];

function single(name: string, help: string, read: (device: Device) => number): Family {
  return { type: 'gauge', name, help, labels: [], samples: (device) => [{ value: read(device) }] };
}

const DEVICE: readonly Family[] = [
  {
    type: 'gauge',
    name: 'busbar_build_info',
    help: 'The version of Busbar; always 1.',
    labels: ['version'],
    samples: () => [{ labels: { version: version() }, value: 1 }],
  },
  single('busbar_units', 'Units of the device.', ({ units }) => units.length),
  single('busbar_points', 'Points of all units.', ({ units }) =>
    units.reduce((sum, { points }) => sum + Object.keys(points).length, 0),
  ),
  single('busbar_simulation_running', '1 if the simulated time passes.', ({ simulator }) => Number(simulator.running)),
  single('busbar_simulation_speed', 'Simulated seconds a second.', ({ simulator }) => simulator.speed),
];

/** All but durations and the process. */
export const FAMILIES: readonly Family[] = [...LISTENERS, ...FAULTS, ...DEVICE, ...LASTING];
