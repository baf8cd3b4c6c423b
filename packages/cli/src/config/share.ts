import { resolve } from 'node:path';
import { formatEndpoint } from 'busbar';
import { parseDuration } from 'busbar-simulator';
import { fileProblem, readFile } from '../ground/files.js';
import type { Path } from '../ground/path.js';
import { parseEndpoint } from '../listeners/endpoint.js';
import { entries, valueAt } from './parts.js';
import type { Problem } from './problems.js';
import type { ShareConfig } from './schema-share.js';

/** With whom the values of units are shared. Times are in milliseconds; without them, those of the library. */
export interface ShareOptions
  extends Omit<ShareConfig, 'redis' | 'sentinels' | 'tls' | 'maxStale' | 'commandTimeout' | 'lease'> {
  readonly redis: string | undefined;
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** Files by their paths; undefined: without TLS, or as `rediss:` has it. */
  readonly tls: TlsFiles | undefined;
  readonly maxStale?: number | undefined;
  readonly commandTimeout?: number | undefined;
  readonly lease?: number | undefined;
}

interface TlsFiles {
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** As the library has them. */
export const SHARE_TIMES = {
  maxStale: ['100ms', '1d'],
  commandTimeout: ['10ms', '1m'],
  lease: ['200ms', '10m'],
} as const;

/** Where Sentinels listen if nobody says otherwise. */
const SENTINEL_PORT = 26_379;

/** The options behind a checked `share`. @param folder of the config. */
export function shareOptions(share: ShareConfig, folder: string): ShareOptions {
  const { redis, sentinels = [], tls, maxStale, commandTimeout, lease, ...rest } = share;
  const files = Object.entries(tls ?? {}).map(([key, file = '']) => [key, resolve(folder, file)]);
  return {
    ...rest,
    redis,
    sentinels: sentinels.map(sentinelAt),
    tls: tls && Object.fromEntries(files),
    ...(maxStale !== undefined && { maxStale: parseDuration(maxStale) }),
    ...(commandTimeout !== undefined && { commandTimeout: parseDuration(commandTimeout) }),
    ...(lease !== undefined && { lease: parseDuration(lease) }),
  };
}

function sentinelAt(text: string): { host: string; port: number } {
  const endpoint = parseEndpoint(text);
  return typeof endpoint === 'string' ? { host: text, port: SENTINEL_PORT } : { host: 'localhost', ...endpoint };
}

/** Where Redis is, for people: without the password. */
export function redisPlace({ redis, sentinels, name }: ShareOptions): string {
  if (redis === undefined)
    return `${name} of ${sentinels.map(({ host, port }) => formatEndpoint(host, port)).join(', ')}`;
  const { protocol, host, pathname } = new URL(redis);
  return `${protocol}//${host}${pathname}`;
}

/** What is wrong with `share` beyond its schema, and with its files. No message has a password. @param folder of the config. */
export function shareProblems(share: unknown, folder: string): Problem[] {
  if (share === undefined) return [];
  return [
    ...placeProblems(share),
    ...sentinelProblems(share),
    ...tlsProblems(share, folder),
    ...uselessSettings(share),
  ];
}

const at = (...keys: (string | number)[]): Path => ['share', ...keys];

function placeProblems(share: unknown): Problem[] {
  const [redis, sentinels] = [valueAt(share, 'redis'), valueAt(share, 'sentinels')];
  if (redis === undefined && sentinels === undefined) {
    return [
      { path: at(), message: 'expected the key "redis" (such as redis://127.0.0.1:6379) or "sentinels", found none' },
    ];
  }
  if (redis !== undefined && sentinels !== undefined) {
    return [{ path: at('sentinels'), atKey: true, message: 'give either redis or sentinels, not both' }];
  }
  return typeof redis === 'string' ? urlProblem(redis) : [];
}

function urlProblem(redis: string): Problem[] {
  if (isRedis(redis)) return [];
  const message = 'expected an address such as redis://:password@127.0.0.1:6379/0, or rediss://… over TLS';
  return [{ path: at('redis'), message: `${message}; in a password, write signs such as @ and / as %40 and %2F` }];
}

function isRedis(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search, hash } = new URL(text);
  return /^rediss?:$/.test(protocol) && hostname !== '' && /^(\/\d*)?$/.test(pathname) && search + hash === '';
}

/** Keys that mean something beside `sentinels` only. */
const OF_SENTINELS = ['name', 'username', 'password', 'sentinelPassword'];

function sentinelProblems(share: unknown): Problem[] {
  if (valueAt(share, 'sentinels') === undefined) {
    const given = OF_SENTINELS.filter((key) => valueAt(share, key) !== undefined);
    const advice = 'is for sentinels only: write it into the address, as in redis://user:password@host';
    return given.map((key) => ({ path: at(key), atKey: true, message: advice }));
  }
  const nameless = valueAt(share, 'name') === undefined;
  return [
    ...(nameless
      ? [{ path: at('sentinels'), message: 'needs `name`: what the Sentinels call the Redis, often mymaster' }]
      : []),
    ...entries(share, 'sentinels').flatMap((sentinel, i) => {
      if (typeof sentinel !== 'string' || sentinel === '' || isEndpoint(sentinel)) return [];
      return [
        { path: at('sentinels', i), message: `expected host and port, such as 10.0.0.1:26379, found ${sentinel}` },
      ];
    }),
  ];
}

/** With a port, or without. */
function isEndpoint(text: string): boolean {
  return /^[\w.-]+$/.test(text) || typeof parseEndpoint(text) !== 'string';
}

function tlsProblems(share: unknown, folder: string): Problem[] {
  const [tls, redis] = [valueAt(share, 'tls'), valueAt(share, 'redis')];
  if (tls === undefined) return [];
  if (typeof redis === 'string' && isRedis(redis) && !redis.startsWith('rediss:')) {
    return [
      {
        path: at('tls'),
        atKey: true,
        message: 'the address of redis has no TLS: write rediss:// in the place of redis://',
      },
    ];
  }
  const lonely = (valueAt(tls, 'certFile') === undefined) !== (valueAt(tls, 'keyFile') === undefined);
  return [
    ...(lonely ? [{ path: at('tls'), message: 'needs both certFile and keyFile, or neither' }] : []),
    ...['caFile', 'certFile', 'keyFile'].flatMap((key) => fileProblems(valueAt(tls, key), at('tls', key), folder)),
  ];
}

function fileProblems(file: unknown, path: Path, folder: string): Problem[] {
  if (typeof file !== 'string' || file === '') return [];
  try {
    readFile(resolve(folder, file));
    return [];
  } catch (error) {
    return [{ path, message: `${file} can't be read: ${fileProblem(error)}` }];
  }
}

function uselessSettings(share: unknown): Problem[] {
  const [whenAway = 'refuse', maxStale, exception] = ['whenAway', 'maxStale', 'awayException'].map((key) =>
    valueAt(share, key),
  );
  return [
    ...(maxStale !== undefined && whenAway !== 'stale'
      ? [{ path: at('maxStale'), atKey: true, message: `does nothing with whenAway: ${whenAway}: it is for stale` }]
      : []),
    ...(exception !== undefined && whenAway === 'detach'
      ? [
          {
            path: at('awayException'),
            atKey: true,
            message: 'does nothing with whenAway: detach, which refuses nothing',
          },
        ]
      : []),
  ];
}
