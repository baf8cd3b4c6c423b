import type { Connection } from './connection.js';
import { bytesOf, decodeEntries, type Entry, listOf, textOf } from './entry.js';
import { EXCHANGE } from './scripts.js';

/** The keys of a unit's image. All have one hash slot. */
export interface Keys {
  /** Of the parts' keys. */
  readonly prefix: string;
  readonly meta: string;
  readonly stream: string;
  readonly lease: string;
}

export function keysOf(image: string, unit: number): Keys {
  const prefix = `{busbar:${image}:${unit}}:`;
  return { prefix, meta: `${prefix}meta`, stream: `${prefix}stream`, lease: `${prefix}lease` };
}

/** Up to where a server has an image. */
export interface Position {
  /** Of the image: another one after it was made again. */
  readonly epoch: string;
  readonly version: number;
  /** Of the entry of this version. */
  readonly tag: string;
}

/** A change to be made in Redis. */
export interface Write {
  readonly id: string;
  /** Writes of one owner are made in order. */
  readonly owner: string;
  /** Milliseconds by the clock of Redis; 0: whenever. */
  readonly due: number;
  /** The lease that it needs; none if empty. */
  readonly token: string;
  /** Runs that must be there. */
  readonly expected: Buffer;
  readonly changes: Buffer;
}

/**
 * What became of it. `again`: what it expects is not there, or a write of the same owner ahead of it has to be tried
 * again. `late`: it came after its time. `fenced`: this server does not have the lease. Only what is `done` is made.
 */
export type WriteResult = 'done' | 'again' | 'late' | 'fenced';

/** How a position can fail to be one of the image. */
export type Loss = 'vanished' | 'remade' | 'rewound' | 'trimmed';

interface Exchanged {
  readonly loss?: undefined;
  /** Milliseconds by the clock of Redis. */
  readonly now: number;
  /** Who has the lease, with the number of its term; empty if nobody. */
  readonly holder: string;
  /** Why Redis takes no writes; empty if it does. */
  readonly refusal: string;
  readonly results: readonly WriteResult[];
  readonly entries: readonly Entry[];
}

interface Lost {
  readonly loss: Loss;
  /** Of the image in Redis. */
  readonly version: number;
}

/** Entries of the stream that are kept, and about how many bytes: a server that is further behind reads all again. */
const KEPT_ENTRIES = 10_000;
const KEPT_BYTES = 8 << 20;

/** Has the lease renewed, left alone, or given up. */
export const NO_TERM = 0;
export const GIVE_UP = -1;

/** Makes writes, and asks what is new: in one step. @param term of the lease, in ms. */
export async function exchange(
  connection: Connection,
  keys: Keys,
  { epoch, version, tag }: Position,
  server: string,
  term: number,
  writes: readonly Write[],
): Promise<Exchanged | Lost> {
  const head = [keys.prefix, epoch, `${version}`, tag, `${KEPT_ENTRIES}`, `${KEPT_BYTES}`, server, `${term}`];
  const args = writes.flatMap(({ id, owner, due, token, expected, changes }) => [
    id,
    owner,
    `${Math.floor(due)}`,
    token,
    expected,
    changes,
  ]);
  return decode(await connection.script(EXCHANGE, [keys.meta, keys.stream, keys.lease], [...head, ...args]));
}

function decode(reply: unknown): Exchanged | Lost {
  const [status, now, version, , holder, refusal, results, entries] = listOf(reply);
  const outcome = textOf(status);
  if (isLoss(outcome)) return { loss: outcome, version: Number(textOf(version)) };
  return {
    now: Number(textOf(now)),
    holder: textOf(holder),
    refusal: bytesOf(refusal).toString(),
    results: listOf(results).map((result) => resultOf(textOf(result))),
    entries: decodeEntries(entries),
  };
}

function isLoss(status: string): status is Loss {
  return ['vanished', 'remade', 'rewound', 'trimmed'].includes(status);
}

function resultOf(text: string): WriteResult {
  if (text === 'done' || text === 'again' || text === 'late' || text === 'fenced') return text;
  throw new TypeError(`Redis sent ${text}, not the result of a write`);
}
