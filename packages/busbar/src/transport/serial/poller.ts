import { EventEmitter } from 'node:events';

/** The system's events that the package gets. */
const POLLED = ['readable', 'writable', 'disconnect'];

/**
 * Makes a port of the `serialport` package react as soon as the system has input for it. On Linux and macOS, native
 * code calls the package's JavaScript without Node.js knowing, and settles a promise there. Since Node.js 26, the code
 * that awaits such a promise runs only when the process has something else to do: a request would stay unread. An
 * immediate is enough to run it.
 */
export function keepPolling(port: object): void {
  const poller = field(field(port, 'port'), 'poller');
  if (!(poller instanceof EventEmitter)) return;
  // The program's own port may be served several times.
  for (const event of POLLED) poller.off(event, wake).on(event, wake);
}

function wake(): void {
  setImmediate(() => undefined);
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
