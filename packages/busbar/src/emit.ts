import type { EventEmitter } from 'node:events';
import { asError } from './errors.js';
import { isPromiseLike, toPromise } from './promise.js';

/**
 * Calls every listener of an event. A listener that throws or rejects affects neither the others nor the caller: its
 * error goes to `report`.
 */
export function emitSafely(
  emitter: EventEmitter,
  event: string,
  details: unknown[],
  report: (thrown: unknown) => void,
): void {
  for (const listener of emitter.rawListeners(event)) {
    try {
      const result: unknown = Reflect.apply(listener, emitter, details);
      if (isPromiseLike(result)) toPromise(result).catch(report);
    } catch (thrown) {
      report(thrown);
    }
  }
}

/** Raises an `error` event. Without a listener it is a process warning, so that it never ends the program. */
export function emitError(emitter: EventEmitter, error: Error): void {
  const warn = (thrown: unknown) => process.emitWarning(asError(thrown));
  if (emitter.listenerCount('error') > 0) emitSafely(emitter, 'error', [error], warn);
  else warn(error);
}
