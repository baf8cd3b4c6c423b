import type { Logger } from '../log/logger.js';
import { type Part, PartError } from './part.js';
import { stopRequested } from './stop.js';

/** Starts parts in order, and stops them in reverse on a signal or when one fails. @returns the exit code. */
export async function runParts(parts: readonly Part[], log: Logger): Promise<number> {
  const started: Part[] = [];
  let code = 1;
  try {
    code = await codeOf(() => runUntilStop(parts, started, log), log);
  } finally {
    const ended = await codeOf(() => stopParts(started), log).finally(() => log.end());
    code = Math.max(code, ended);
  }
  return code;
}

/** @param started gets the parts that have started. */
async function runUntilStop(parts: readonly Part[], started: Part[], log: Logger): Promise<number> {
  const stop = stopRequested(log, reloadOf(parts)).then(() => 0);
  for (const part of parts) {
    await part.start();
    started.push(part);
  }
  return await Promise.race([stop, ...parts.flatMap(({ failed }) => failed?.then(() => 1) ?? [])]);
}

/** The exit code of a task, also of one that fails. */
async function codeOf(task: () => Promise<number>, log: Logger): Promise<number> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof PartError)) throw error;
    log.fail(error.event);
    return 1;
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
async function stopParts(parts: readonly Part[]): Promise<number> {
  const [first, ...later] = parts;
  if (first !== undefined) await stopParts(later).finally(() => first.stop());
  return 0;
}
