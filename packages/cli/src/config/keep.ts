import { resolve } from 'node:path';
import { parseDuration } from 'busbar-simulator';
import { valueAt } from './parts.js';
import type { Problem } from './problems.js';
import type { KeepConfig } from './schema-keep.js';

/** How the values of units are kept. */
export interface KeepOptions {
  /** Of the store. */
  readonly folder: string;
  /** The same as people have written it. */
  readonly named: string;
  readonly mode: 'durable' | 'interval';
  /** Milliseconds; without them, those of the library. */
  readonly interval?: number | undefined;
  readonly timeout?: number | undefined;
}

/** The options behind a checked `keep`. @param folder of the config. */
export function keepOptions(
  { in: named, mode = 'interval', interval, timeout }: KeepConfig,
  folder: string,
): KeepOptions {
  return {
    folder: resolve(folder, named),
    named,
    mode,
    ...(interval !== undefined && { interval: parseDuration(interval) }),
    ...(timeout !== undefined && { timeout: parseDuration(timeout) }),
  };
}

/** The same in the folder that the command line says. */
export function keepAt(named: string, keep: KeepOptions | undefined): KeepOptions {
  return { mode: 'interval', ...keep, folder: resolve(named), named };
}

/** Of a timer. */
export const KEEP_TIMES = { interval: ['1ms', '24d'], timeout: ['1ms', '24d'] } as const;

/** Settings of `keep` that do nothing. */
export function keepProblems(keep: unknown): Problem[] {
  return [...idleSetting(keep, 'interval', 'interval'), ...idleSetting(keep, 'timeout', 'durable')];
}

/** A setting that means something in one mode only. */
function idleSetting(keep: unknown, key: string, mode: 'durable' | 'interval'): Problem[] {
  const given = valueAt(keep, 'mode') ?? 'interval';
  if (valueAt(keep, key) === undefined || given === mode || (given !== 'durable' && given !== 'interval')) return [];
  return [{ path: ['keep', key], atKey: true, message: `does nothing in the mode ${given}: it is for mode: ${mode}` }];
}
