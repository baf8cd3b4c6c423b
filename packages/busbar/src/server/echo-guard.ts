import type { FrameReader } from '../framing/framing.js';
import type { FunctionTable } from '../functions/function-table.js';
import { EXCEPTION_BIT } from '../protocol/function-codes.js';
import { hasLength } from '../protocol/length-rule.js';
import { replyLength } from '../protocol/lengths.js';

/** Milliseconds after which an answer to a reply is no longer expected. */
const REPLY_AGE = 1000;
/** Echoes that a peer may send at once, and a millisecond in the long run. */
const BURST = 1000;
const RATE = 0.1;
/** Milliseconds for which a peer's echoes are left unanswered when it has sent more: no loop survives that. */
const PAUSE = 500;
/** One echo in so many is left unanswered, which ends loops that are too slow for the above. */
const LONG_RUN = 10_000;
/** Peers whose echoes are counted. */
const MAX_PEERS = 1000;

/**
 * Ends loops of datagrams, in which the reply of one server is a request to the next: replies to 05, 06, 08/00, 15 and
 * 16 repeat their requests. An echo is a datagram that is the same as a reply just sent to its peer, or that may be the
 * answer of a server to that reply. A client with transaction ids sends none. One that repeats the same bytes does, but
 * few and slowly by the measure of a loop; and where it must wait for once, it asks again by itself, as a loop does
 * not.
 */
export class EchoGuard {
  readonly #functions: FunctionTable;
  readonly #replies = new RecentReplies();
  readonly #peers = new Map<string, EchoCount>();

  constructor(functions: FunctionTable) {
    this.#functions = functions;
  }

  /** For one datagram of a peer. */
  begin(peer: string): GuardedExchange {
    return new GuardedExchange(this, peer);
  }

  refuses(peer: string, keys: Keys, isReply: boolean): boolean {
    const now = performance.now();
    if (!this.#replies.has(keys.whole, now) && !(isReply && this.#replies.has(keys.kind, now))) return false;
    return this.#countOf(peer).add(now);
  }

  /** Keeps a reply in mind if a server could take it for a request. */
  note(request: Keys, reply: Keys, bytes: Uint8Array, start: number, end: number): void {
    if (bytes[start] >= EXCEPTION_BIT) return;
    if (reply.whole === request.whole) this.#replies.add(reply.whole);
    else if (hasLength(this.#functions.find(bytes, start, end)?.length, bytes, start, end))
      this.#replies.add(reply.kind);
  }

  #countOf(peer: string): EchoCount {
    const count = this.#peers.get(peer) ?? new EchoCount();
    // The peer that was heard of last stands last.
    this.#peers.delete(peer);
    this.#peers.set(peer, count);
    if (this.#peers.size > MAX_PEERS) this.#peers.delete(this.#peers.keys().next().value ?? '');
    return count;
  }
}

/** Numbers that stand for a PDU with its peer, transaction and unit; `kind` for all of one function code. */
interface Keys {
  readonly whole: number;
  readonly kind: number;
}

const NO_KEYS: Keys = { whole: 0, kind: 0 };

/** A request that came in a datagram, and its reply. */
export class GuardedExchange {
  readonly #guard: EchoGuard;
  readonly #peer: string;
  #seed = 0;
  #request = NO_KEYS;

  constructor(guard: EchoGuard, peer: string) {
    this.#guard = guard;
    this.#peer = peer;
  }

  /** Whether the request that the reader describes must be left unanswered: it is a reply, or an echo too many. */
  refuses({ bytes, transactionId, unitId, pduStart, pduEnd }: FrameReader): boolean {
    if (bytes[pduStart] >= EXCEPTION_BIT) return true;
    this.#seed = hashNumber(hashNumber(hashText(this.#peer), transactionId), unitId);
    this.#request = this.#keysOf(bytes, pduStart, pduEnd);
    const length = replyLength(bytes, pduStart, pduEnd);
    return this.#guard.refuses(this.#peer, this.#request, length === undefined || length === pduEnd - pduStart);
  }

  /** The reply PDU is `bytes[start..end)`. */
  replied(bytes: Uint8Array, start: number, end: number): void {
    this.#guard.note(this.#request, this.#keysOf(bytes, start, end), bytes, start, end);
  }

  #keysOf(bytes: Uint8Array, start: number, end: number): Keys {
    const kind = hashNumber(this.#seed, bytes[start]);
    let whole = hashNumber(kind, end - start);
    for (let i = start + 1; i < end; i++) whole = hashByte(whole, bytes[i]);
    return { whole: whole >>> 0, kind: kind >>> 0 };
  }
}

/** How much of its allowance a peer has used up. */
class EchoCount {
  #level = 0;
  #all = 0;
  #last = 0;
  #pausedUntil = 0;

  /** @returns whether this echo is one too many. */
  add(now: number): boolean {
    if (now < this.#pausedUntil) return true;
    this.#level = Math.max(0, this.#level - (now - this.#last) * RATE) + 1;
    this.#last = now;
    this.#all++;
    if (this.#level <= BURST) return this.#all % LONG_RUN === 0;
    this.#level = 0;
    this.#pausedUntil = now + PAUSE;
    return true;
  }
}

const SLOTS = 4096;

/**
 * The last replies, as numbers. Now and then a new one takes the place of another, which does no harm: a loop comes by
 * again.
 */
class RecentReplies {
  readonly #keys = new Uint32Array(SLOTS);
  readonly #times = new Float64Array(SLOTS);

  has(key: number, now: number): boolean {
    const slot = key % SLOTS;
    return this.#keys[slot] === key && now - this.#times[slot] < REPLY_AGE;
  }

  add(key: number): void {
    this.#keys[key % SLOTS] = key;
    this.#times[key % SLOTS] = performance.now();
  }
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function hashByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, FNV_PRIME);
}

function hashNumber(hash: number, value: number): number {
  return hashByte(hashByte(hash, value & 0xff), value >> 8);
}

function hashText(text: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) hash = hashByte(hash, text.charCodeAt(i));
  return hash;
}
