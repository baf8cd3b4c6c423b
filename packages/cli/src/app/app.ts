import type { Logger } from '../log/logger.js';
import { type Part, StartError } from './part.js';
import { stopRequested } from './stop.js';

/** Starts parts in order, and stops them in reverse on a signal or when one fails. @returns the exit code. */
export async function runParts(parts: readonly Part[], log: Logger): Promise<number> {
  const stop = stopRequested(log, reloadOf(parts)).then(() => 0);
  const started: Part[] = [];
  try {
    for (const part of parts) {
      await part.start();
      started.push(part);
    }
    const failures = parts.flatMap(({ failed }) => failed?.then(() => 1) ?? []);
    return await Promise.race([stop, ...failures]);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    log.fail(error.event);
    return 1;
  } finally {
    await stopParts(started).finally(() => log.end());
  }
}

/** What SIGHUP asks for, if there are parts that can do it. */
function reloadOf(parts: readonly Part[]): (() => void) | undefined {
  const reloading = parts.filter((part) => part.reload !== undefined);
  if (reloading.length === 0) return undefined;
  return () => {
    for (const part of reloading) void part.reload?.();
  };
}

/** Stops the last part first. All are stopped, even if one of them fails. @throws what the last one to fail has thrown. */
async function stopParts(parts: readonly Part[]): Promise<void> {
  const [first, ...later] = parts;
  if (first === undefined) return;
  await stopParts(later).finally(() => first.stop());
}
