import { closeSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Logger } from '../log/logger.js';

/**
 * Signals that end a command in good order (Ctrl-C, a supervisor, a closed terminal), and the exit code of a second
 * one.
 */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Resolves with the first signal that asks to stop; the second one ends the process at once.
 * @param reload is what SIGHUP asks for instead, unless it says that the terminal was closed.
 */
export function stopRequested(log: Logger, reload?: () => void): Promise<keyof typeof SIGNALS> {
  const hadTerminal = isatty(0) || isatty(1);
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (signal === 'SIGHUP' && reload !== undefined && !(hadTerminal && isTerminalGone())) {
          if (!asked) reload();
          return;
        }
        if (asked) process.exit(SIGNALS[signal]);
        asked = true;
        log.log('info', { event: 'stopping', text: `stopping on ${signal}; a second one ends at once`, signal });
        resolve(signal);
      });
    }
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
