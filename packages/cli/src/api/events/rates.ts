import type { Device } from '../../device/device.js';
import type { Clients } from '../clients.js';
import type { EventData } from '../contract.js';
import { listenerName } from '../listener-name.js';
import type { Source } from './feed.js';

/** Milliseconds between two events. */
const INTERVAL = 1000;

type Counts = EventData<'rates'>['listeners'][string];

/** What each listener has served in the last second. */
export function ratesSource(device: Device, clients: Clients): Source {
  return {
    type: 'rates',
    start(publish) {
      let before = countsOf(device);
      const timer = setInterval(() => {
        const now = countsOf(device);
        const listeners = Object.fromEntries([...now].map(([name, counts]) => [name, since(before.get(name), counts)]));
        before = now;
        publish('rates', { time: Date.now(), listeners, clients: clients.list.length });
      }, INTERVAL).unref();
      return () => clearInterval(timer);
    },
  };
}

/** By the names of the listeners. */
function countsOf({ boundServers }: Device): Map<string, Counts> {
  return new Map(
    boundServers.map((bound) => {
      const { requests, exceptions, bytesReceived, bytesSent } = bound.server.counters;
      return [listenerName(bound), { requests, exceptions, bytesIn: bytesReceived, bytesOut: bytesSent }];
    }),
  );
}

/** A listener that has been opened anew counts from zero. */
function since(before: Counts | undefined, now: Counts): Counts {
  const of = (key: keyof Counts) =>
    before === undefined || now[key] < before[key] ? now[key] : now[key] - before[key];
  return { requests: of('requests'), exceptions: of('exceptions'), bytesIn: of('bytesIn'), bytesOut: of('bytesOut') };
}
