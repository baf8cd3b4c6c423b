import {
  type CheckedOptions,
  type ChecksTo,
  checkFunction,
  checkList,
  checkOptions,
  checkString,
  integer,
  oneOf,
  type Path,
  show,
  withDefault,
} from '../checks.js';
import { OptionsError } from '../errors.js';
import { ExceptionCode } from '../protocol/exception-codes.js';
import type { RedisLike } from './redis.js';

export const READ_POLICIES = ['local', 'latest'] as const;
/** Whether a read asks Redis for the newest version first. */
export type ReadPolicy = (typeof READ_POLICIES)[number];

export const AWAY_POLICIES = ['refuse', 'stale', 'detach'] as const;
/** What clients get while Redis does not answer. */
export type AwayPolicy = (typeof AWAY_POLICIES)[number];

export interface SharingOptions {
  /** An ioredis 6 client. Sharing makes connections of its own like it, and leaves it alone; you close it. */
  readonly redis: RedisLike;
  /** The name of the image, the same on all servers: 1 to 64 of `A-Z a-z 0-9 _ . -`. */
  readonly image: string;
  /**
   * `local` (the default): reads are answered from memory, which follows the others within milliseconds. `latest`: a
   * read sees every write that any server had answered before it, and asks Redis for that.
   */
  readonly reads?: ReadPolicy | undefined;
  /**
   * What clients get while Redis is away. `refuse` (the default): an exception, for reads and writes. `stale`: reads go
   * on for `maxStale`, writes get an exception. `detach`: this server goes on alone; when Redis is back, the image
   * there wins, and what was written here meanwhile is lost.
   */
  readonly whenAway?: AwayPolicy | undefined;
  /** With `stale`: how old, in ms, what reads return may be. 100 to 86400000, by default 5000. */
  readonly maxStale?: number | undefined;
  /** The exception code for what is refused while Redis is away: 4 (the default) or 6. */
  readonly awayException?: 4 | 6 | undefined;
  /** How many replicas must have a write before its client gets the reply: 0 (the default) to 16. */
  readonly waitReplicas?: number | undefined;
  /** The longest, in ms, that a request waits for Redis. 10 to 60000, by default 100. */
  readonly commandTimeout?: number | undefined;
  /** How long, in ms, a server leads without renewing. 200 to 600000, by default 2000. */
  readonly lease?: number | undefined;
  /** Sources of changes (`unit.as(source, …)`) that count only on the server that leads. By default `simulator`. */
  readonly led?: readonly string[] | undefined;
}

export type CheckedSharingOptions = CheckedOptions<SharingOptions, { readonly led: ReadonlySet<string> }>;

const CHECKS: ChecksTo<CheckedSharingOptions> = {
  redis: checkRedis,
  image: checkImage,
  reads: withDefault(oneOf(READ_POLICIES), 'local'),
  whenAway: withDefault(oneOf(AWAY_POLICIES), 'refuse'),
  maxStale: withDefault(integer(100, 86_400_000), 5000),
  awayException: withDefault(
    oneOf([ExceptionCode.ServerDeviceFailure, ExceptionCode.ServerDeviceBusy]),
    ExceptionCode.ServerDeviceFailure,
  ),
  waitReplicas: withDefault(integer(0, 16), 0),
  commandTimeout: withDefault(integer(10, 60_000), 100),
  lease: withDefault(integer(200, 600_000), 2000),
  led: (names = ['simulator'], path) => new Set(checkList(names, path, checkString)),
};

/** @throws OptionsError with all problems. */
export function checkSharingOptions(options: SharingOptions): CheckedSharingOptions {
  return checkOptions(options, CHECKS);
}

function checkRedis(value: unknown, path: Path): RedisLike {
  if (typeof value === 'object' && value !== null && 'duplicate' in value) {
    checkFunction(value.duplicate, [...path, 'duplicate']);
    return value as RedisLike;
  }
  throw new OptionsError(path, `expected a client of ioredis, found ${show(value)}`);
}

function checkImage(value: unknown, path: Path): string {
  const name = checkString(value, path);
  if (/^[A-Za-z0-9_.-]{1,64}$/.test(name)) return name;
  throw new OptionsError(path, `expected 1 to 64 of A-Z a-z 0-9 _ . -, found ${show(name)}`);
}
