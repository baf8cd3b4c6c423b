import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Checks,
  checkBoolean,
  checkObject,
  checkOptions,
  collect,
  optional,
  type Path,
  show,
  withDefault,
} from '../checks.js';
import { device } from '../data/device.js';
import type { Unit } from '../data/unit.js';
import { OptionsError } from '../errors.js';
import { TABLE_NAMES } from '../protocol/tables.js';
import { checkUnits } from '../server/options.js';
import type { ThreadCode } from './messages.js';
import { workerFile as ownWorkerFile } from './worker-file.js';

const ADVICE = "cannot be passed to the server's thread: export it from a module, and name that in the option `module`";

/** Options of all synchronous servers, in addition to those of their transport. */
export interface SyncOptions {
  /**
   * A module with functions for the server's thread. Its default export is a `ServerModule`, or a function that returns
   * one or a promise of one. A URL, or a path relative to the working directory.
   */
  readonly module?: string | URL | undefined;
  /**
   * The bundle of `busbar/sync/worker`, the program of the server's thread, for a program that is a bundle itself. A
   * URL, or a path relative to the working directory. Default: `busbar-worker.js` beside the bundle, or with the
   * bundle's ending `.mjs` or `.cjs`.
   */
  readonly workerFile?: string | URL | undefined;
  /**
   * Only creates the server, and checks the options that this thread knows; call its `listen()` or `serveForever()`.
   */
  readonly deferStart?: boolean | undefined;
}

/** The options that this thread needs. */
export interface CheckedSyncOptions {
  readonly units: readonly Unit[];
  readonly code: ThreadCode;
  readonly deferStart: boolean;
}

/** Checks the options that this thread needs; the server checks the rest in its own thread. */
export function checkSyncOptions(options: SyncOptions & { readonly units: readonly Unit[] }): CheckedSyncOptions {
  const others = Object.keys(checkObject(options, [])).filter((key) => !Object.hasOwn(CHECKS, key));
  // Only the transport knows which other options exist.
  const checks = { ...Object.fromEntries(others.map((key) => [key, checkCrosses])), ...CHECKS };
  const { units, module, workerFile, deferStart } = checkOptions(options, checks);
  return { units, code: { file: workerFile, module }, deferStart };
}

const CHECKS = {
  units: (units, path) => {
    const checked = checkUnits(units, path);
    collect((attempt) => {
      for (const [i, unit] of checked.entries()) attempt(() => checkInMemory(unit, [...path, i]));
    });
    return checked;
  },
  module: optional(checkFile),
  workerFile: (file = ownWorkerFile, path) => checkFile(file, path),
  deferStart: withDefault(checkBoolean, false),
} satisfies Checks<SyncOptions & { units: readonly Unit[] }>;

function checkInMemory(unit: Unit, path: Path): void {
  const { tables, files, fifos } = unit[device];
  for (const name of TABLE_NAMES) if (!tables[name].inMemory) refuseHandlers([...path, name]);
  if (!files.inMemory) refuseHandlers([...path, 'files']);
  if (!fifos.inMemory) refuseHandlers([...path, 'fifos']);
}

function refuseHandlers(path: Path): never {
  throw new OptionsError(path, `handlers are functions, which ${ADVICE} (under \`units\`)`);
}

/** Only plain data can be passed. */
function checkCrosses(value: unknown, path: Path): void {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new OptionsError(path, `${show(value)} ${ADVICE}`);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    throw new OptionsError(path, `an instance of a class cannot be passed to the server's thread: give plain values`);
  }
  for (const [key, item] of Object.entries(value)) {
    checkCrosses(item, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function checkFile(file: unknown, path: Path): string {
  if (file instanceof URL) return file.href;
  if (typeof file !== 'string' || file === '') {
    throw new OptionsError(path, `expected a URL or a path, found ${show(file)}`);
  }
  return file.startsWith('file:') ? file : pathToFileURL(resolve(file)).href;
}
