import type { Connection } from './connection.js';
import { bytesOf, decodeEntries, type Entry, listOf, putRuns, putText, type Run, sizeOfRuns, textOf } from './entry.js';
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
  /** Writes of one owner are made in order. 0: the program. */
  readonly owner: number;
  /** Milliseconds by the clock of Redis; 0: whenever. */
  readonly due: number;
  /** The lease that it needs; none if empty. */
  readonly token: string;
  /** What must be there. */
  readonly expected: readonly Run[];
  readonly runs: readonly Run[];
}

/**
 * What became of it. `again`: what it expects is not there, or a write of the same owner ahead of it has to be tried
 * again. `late`: it came after its time. `fenced`: this server does not have the lease. Only what is `done` is made.
 */
export type WriteResult = 'done' | 'again' | 'late' | 'fenced';

/** Results as the script says them: made, found (made when it was sent before), again, late, fenced. */
const RESULTS = new Map<string, WriteResult>([
  ['m', 'done'],
  ['f', 'done'],
  ['a', 'again'],
  ['l', 'late'],
  ['x', 'fenced'],
]);
const MADE = 'm';

/** How a position can fail to be one of the image. */
export type Loss = 'vanished' | 'remade' | 'rewound' | 'trimmed';

/** What Redis has answered. */
export interface Exchanged {
  readonly loss?: undefined;
  /** Milliseconds by the clock of Redis. */
  readonly now: number;
  /** Who has the lease, with the number of its term; empty if nobody. */
  readonly holder: string;
  /** Why Redis takes no writes; empty if it does. */
  readonly refusal: string;
  readonly results: readonly WriteResult[];
  /** All that the server did not have, its own writes among them. */
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

/** In place of a term: has the lease given up. */
export const GIVE_UP = -1;

/** Makes writes, and asks what is new: in one step. @param term of the lease, in ms. */
export async function exchange(
  connection: Connection,
  { prefix, meta, stream, lease }: Keys,
  { epoch, version, tag }: Position,
  server: string,
  term: number,
  writes: readonly Write[],
): Promise<Exchanged | Lost> {
  const head = [prefix, epoch, `${version}`, tag, `${KEPT_ENTRIES}`, `${KEPT_BYTES}`, server, `${term}`];
  const reply = listOf(await connection.script(EXCHANGE, [meta, stream, lease], [...head, encodeWrites(writes)]));
  const outcome = textOf(reply[0]);
  if (isLoss(outcome)) return { loss: outcome, version: Number(textOf(reply[2])) };
  const [, now, holder, refusal, results, entries] = reply;
  const codes = [...textOf(results)];
  const made = writes.filter((_, i) => codes[i] === MADE);
  return {
    now: Number(textOf(now)),
    holder: textOf(holder),
    refusal: bytesOf(refusal).toString(),
    results: codes.map((code) => RESULTS.get(code) ?? 'again'),
    entries: withOwn(decodeEntries(entries, version), { version, tag }, made),
  };
}

/** Writes one after the other; the script reads them. */
function encodeWrites(writes: readonly Write[]): Buffer {
  const target = Buffer.allocUnsafe(writes.reduce((sum, write) => sum + sizeOf(write), 0));
  let at = 0;
  for (const { id, owner, due, token, expected, runs } of writes) {
    at = putText(target, at, id);
    at = target.writeUInt16BE(owner, at);
    at = target.writeDoubleBE(due, at);
    at = putText(target, at, token);
    at = putRuns(target, target.writeUInt32BE(sizeOfRuns(expected), at), expected);
    at = putRuns(target, target.writeUInt32BE(sizeOfRuns(runs), at), runs);
  }
  return target;
}

/** Lengths, owner and time. */
const FIXED = 1 + 2 + 8 + 1 + 4 + 4;

function sizeOf({ id, token, expected, runs }: Write): number {
  return FIXED + id.length + token.length + sizeOfRuns(expected) + sizeOfRuns(runs);
}

/** The entries that have just been made come last; nobody has to be told what is in them. */
function withOwn(
  entries: Entry[],
  { version, tag }: Pick<Position, 'version' | 'tag'>,
  made: readonly Write[],
): Entry[] {
  for (const { id, runs } of made) {
    const last = entries.at(-1) ?? { version, tag };
    entries.push({ version: last.version + 1, tag: id, previous: last.tag, runs });
  }
  return entries;
}

function isLoss(status: string): status is Loss {
  return ['vanished', 'remade', 'rewound', 'trimmed'].includes(status);
}
