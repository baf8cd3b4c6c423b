import type { EventEmitter } from 'node:events';
import type { SimulatorEvents, Tell } from './events.js';

/** Makes the function that raises events. An `error` that nobody listens for, and a listener that throws, are process warnings. */
export function tellerOf(emitter: EventEmitter<SimulatorEvents>): Tell {
  return (event, ...details) => {
    if (event === 'error' && emitter.listenerCount('error') === 0) {
      for (const error of details) warn(error);
      return;
    }
    try {
      emitter.emit<keyof SimulatorEvents>(event, ...details);
    } catch (thrown) {
      warn(thrown);
    }
  };
}

function warn(thrown: unknown): void {
  process.emitWarning(thrown instanceof Error ? thrown : new Error('a listener failed', { cause: thrown }));
}
