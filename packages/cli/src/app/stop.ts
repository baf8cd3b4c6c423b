import type { Logger } from '../log/logger.js';

/**
 * Signals that end a command in good order (Ctrl-C, a supervisor, a closed terminal), and the exit code of a second
 * one.
 */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Resolves with the first signal that asks to stop; the second one ends the process at once. */
export function stopRequested(log: Logger): Promise<keyof typeof SIGNALS> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(SIGNALS[signal]);
        asked = true;
        log.log('info', { event: 'stopping', text: `stopping on ${signal}; a second one ends at once`, signal });
        resolve(signal);
      });
    }
  });
}
