import { EventEmitter } from 'node:events';
import { asError } from './errors.js';
import { isPromiseLike, toPromise } from './promise.js';

/** The names of events, with the parameters of their listeners. */
export type EventMap<Events> = Record<keyof Events, unknown[]>;

type Listener<Details extends unknown[]> = (...details: Details) => void;

type ListenerMethod =
  | 'on'
  | 'once'
  | 'off'
  | 'removeAllListeners'
  | `${'add' | 'remove' | 'prepend' | 'prependOnce'}Listener`;

declare const events: unique symbol;

/**
 * An `EventEmitter` of typed events. Unlike with its own types, an emitter of more events is of the type of one of
 * fewer.
 */
export interface Emitter<Events extends EventMap<Events>> extends Omit<EventEmitter, ListenerMethod> {
  /** Only for the compiler, which infers `Events` from it. */
  readonly [events]?: Events;
  on<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this;
  once<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this;
  off<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this;
  addListener<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this;
  removeListener<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this;
  prependListener<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this;
  prependOnceListener<E extends keyof Events>(event: E, listener: Listener<Events[E]>): this;
  removeAllListeners(event?: keyof Events): this;
}

export const Emitter = EventEmitter as new <Events extends EventMap<Events>>() => Emitter<Events>;

/** An emitter, as it is needed to emit. */
export type Listened = Pick<EventEmitter, 'rawListeners' | 'listenerCount'>;

/**
 * Calls every listener of an event. A listener that throws or rejects affects neither the others nor the caller: its
 * error goes to `report`.
 */
export function emitSafely(
  emitter: Listened,
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

/** Tells every listener of an event; what one of them throws is an `error` event. @returns whether anybody listens. */
export function tell(emitter: Listened, event: string, details: unknown[]): boolean {
  const isHeard = emitter.listenerCount(event) > 0;
  emitSafely(emitter, event, details, (thrown) => emitError(emitter, asError(thrown)));
  return isHeard;
}

/** Raises an `error` event. Without a listener it is a process warning, so that it never ends the program. */
export function emitError(emitter: Listened, error: Error): void {
  const warn = (thrown: unknown) => process.emitWarning(asError(thrown));
  if (emitter.listenerCount('error') > 0) emitSafely(emitter, 'error', [error], warn);
  else warn(error);
}
