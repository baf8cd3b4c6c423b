import { EventEmitter } from 'node:events';

/** What the package hears from the system. */
const POLLED = ['readable', 'writable', 'disconnect'];

/**
 * Makes a port of the `serialport` package go on as soon as the system has something for it. On Linux and macOS, the package hears
 * of that from native code that calls JavaScript without Node.js knowing, and settles a promise there. Since Node.js 26 nothing runs
 * what waits for such a promise until the process has something else to do: a request would lie unread. An immediate is enough.
 */
export function keepPolling(port: object): void {
  const poller = field(field(port, 'port'), 'poller');
  if (!(poller instanceof EventEmitter)) return;
  // A port of the program's may be served several times.
  for (const event of POLLED) poller.off(event, wake).on(event, wake);
}

function wake(): void {
  setImmediate(() => undefined);
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
