import {
  type Checks,
  checkFunction,
  checkImplementation,
  checkOptions,
  integer,
  oneOf,
  withDefault,
} from '../checks.js';
import type { Store } from './store.js';

export const STORAGE_MODES = ['durable', 'interval'] as const;
/**
 * `durable`: a client's write is answered when it is on disk. `interval`: it is answered at once, and on disk a moment
 * later.
 */
export type StorageMode = (typeof STORAGE_MODES)[number];

export interface StorageOptions {
  /** Of its own: `levelStore(…)`, `sqliteStore(…)`, or one of yours. It is closed with the storage. */
  readonly store: Store;
  /** Default: `durable`. */
  readonly mode?: StorageMode | undefined;
  /** With `interval`: what is on disk is at most so old, in milliseconds. Default: 1000. */
  readonly interval?: number | undefined;
  /** With `durable`: milliseconds that a write waits at most; then the store counts as failing. Default: 2000. */
  readonly timeout?: number | undefined;
}

export type CheckedStorageOptions = ReturnType<typeof checkStorageOptions>;

const STORE: Checks<Store> = { entries: checkFunction, put: checkFunction, close: checkFunction };
/** The longest time of a timer. */
const MAX_TIME = 0x7fffffff;

const CHECKS = {
  store: (store, path) => checkImplementation(store as Store, STORE, path),
  mode: withDefault(oneOf(STORAGE_MODES), 'durable'),
  interval: withDefault(integer(1, MAX_TIME), 1000),
  timeout: withDefault(integer(1, MAX_TIME), 2000),
} satisfies Checks<StorageOptions>;

/** @throws OptionsError */
export function checkStorageOptions(options: StorageOptions): {
  store: Store;
  mode: StorageMode;
  interval: number;
  timeout: number;
} {
  return checkOptions(options, CHECKS);
}
