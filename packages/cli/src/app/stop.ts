import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import { end } from '../ground/output.js';
import type { Logger } from '../log/logger.js';

/**
 * Signals that end a command in good order (Ctrl-C, a supervisor, a closed terminal), and the exit code of a second
 * one.
 */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

type Signal = keyof typeof SIGNALS;

/**
 * Resolves with the first signal that asks to stop; the second one ends the process at once.
 * @param reload is what SIGHUP asks for instead, unless it says that the terminal was closed.
 */
export function stopRequested(log: Logger, reload?: () => void): Promise<Signal> {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  let asked = false;
  return new Promise((resolve) => {
    const stop = (signal: Signal) => {
      if (asked) end(SIGNALS[signal]);
      asked = true;
      log.log('info', { event: 'stopping', text: `stopping on ${signal}; a second one ends at once`, signal });
      resolve(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal));
    process.on('SIGHUP', () => {
      const isGone = terminals.length > 0 && isTerminalGone();
      if (isGone) leave(terminals);
      if (isGone || reload === undefined) stop('SIGHUP');
      else if (!asked) reload();
    });
  });
}

/** After its terminal was closed, a process can't open it any more. On Windows, SIGHUP always means that. */
function isTerminalGone(): boolean {
  if (process.platform === 'win32') return true;
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return false;
  } catch {
    return true;
  }
}

/** Node.js aborts if it finds a terminal at its end that it can't put back as it was. */
function leave(terminals: readonly number[]): void {
  process.once('exit', () => {
    for (const descriptor of terminals) closeSync(descriptor);
  });
}
