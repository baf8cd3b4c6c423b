import type { ServerCounters } from '../counters.js';
import type { Diagnostics } from '../data/diagnostics.js';
import type { FrameReader } from '../framing/framing.js';
import type { Line } from '../framing/line.js';
import type { LineState } from '../line-state.js';
import { copyBytes } from '../protocol/bytes.js';
import { EXCEPTION_BIT } from '../protocol/function-codes.js';
import type { Output } from './output.js';
import type { Recipient } from './recipient.js';
import type { HandledRequest } from './request-handler.js';
import { type Traced, type TraceMessage, takeTraced, traceUnanswered } from './trace.js';

/** Whose requests are served. */
export interface Asker extends Recipient {
  /** What its requests wait under: the same for all that share their turns. */
  readonly owner: unknown;
  readonly line: Line | undefined;
  readonly state: LineState;
  /** The peer is gone: requests that have not begun are dropped. */
  readonly gone: boolean;
  /** Undefined until the first reply has to wait: most connections never have one. */
  replies: Replies | undefined;
  /** A reply that had to wait can go out, or its request ends without one. */
  settled(): void;
}

/** The replies of one peer that are not sent yet, in the order of their requests. */
export class Replies {
  readonly #pending: PendingReply[] = [];

  get size(): number {
    return this.#pending.length;
  }

  /** A request is in progress. */
  get busy(): boolean {
    return this.#pending.some(({ busy }) => busy);
  }

  add(reply: PendingReply): void {
    this.#pending.push(reply);
  }

  /** The last one ahead of this that is in progress, unless both are of those that go `abreast`. */
  ahead(reply: PendingReply): PendingReply | undefined {
    const end = this.#pending.indexOf(reply);
    return this.#pending.findLast((other, i) => i < end && !other.done && !(other.abreast && reply.abreast));
  }

  /** Nobody is left to take them. */
  abandon(): void {
    for (const reply of this.#pending) traceUnanswered(reply);
  }

  /** Moves the replies whose turn it is to `output`. @returns whether the output is full: send it, and call again. */
  flush(output: Output): boolean {
    for (let [first] = this.#pending; first?.settled === true; [first] = this.#pending) {
      if (first.isHooked) return first.hand(output);
      this.#pending.shift();
      first.writeTo(output);
      if (output.full) return true;
    }
    return false;
  }
}

/** The place of a reply that could not go out at once. */
export class PendingReply implements Traced {
  settled = false;
  /** The request is carried out. */
  done = false;
  /** Its request does not wait for others of this kind, which are kept in order elsewhere. */
  abreast = false;
  traced: TraceMessage | undefined;
  /** What waits for it; most requests have nothing. */
  #whenDone: (() => void)[] | undefined;
  readonly #asker: Asker;
  readonly #counters: ServerCounters;
  readonly #diagnostics: Diagnostics | undefined;
  readonly #transactionId: number;
  readonly #unitId: number;
  readonly #asciiDelimiter: number;
  /** What the line had carried when the request came. */
  readonly #since: number;
  /** When the request came, in milliseconds. */
  readonly #came = performance.now();
  /** When it may be sent at the earliest; 0: at once. */
  readonly #due: number;
  /** The request, where a hook wants to put the reply on the wire. */
  readonly #hooked: HandledRequest | undefined;
  #handed = false;
  #pdu: Uint8Array | undefined;

  /**
   * @param hooked the request, if hooks have to do with it.
   * @param diagnostics of the unit that answers, if there is one.
   */
  constructor(
    asker: Asker,
    frame: FrameReader,
    counters: ServerCounters,
    hooked: HandledRequest | undefined,
    diagnostics?: Diagnostics,
  ) {
    this.#asker = asker;
    this.#counters = counters;
    this.#diagnostics = diagnostics;
    this.#hooked = asker.hooks?.frame && hooked;
    this.#transactionId = frame.transactionId;
    this.#unitId = frame.unitId;
    // A request that changes the delimiter is answered with the old one: the new one is for future messages (AP,
    // 08/03).
    this.#asciiDelimiter = asker.state.asciiDelimiter;
    this.#since = asker.line?.carried ?? 0;
    this.#due = asker.line?.due() ?? 0;
    this.traced = takeTraced(asker);
    asker.replies ??= new Replies();
    asker.replies.add(this);
  }

  /** Has the request begin when those ahead of it are carried out; those that go `abreast` do not wait for one another. */
  inOrder(abreast: boolean, begin: () => void): void {
    this.abreast = abreast;
    const ahead = this.#asker.replies?.ahead(this);
    if (ahead === undefined) begin();
    else {
      ahead.#whenDone ??= [];
      ahead.#whenDone.push(() => this.inOrder(abreast, begin));
    }
  }

  /** The request is done: its reply goes out when its time and turn have come. @param pdu undefined: silence. */
  settle(pdu: Uint8Array | undefined): void {
    this.#pdu = pdu;
    if (((pdu?.[0] ?? 0) & EXCEPTION_BIT) !== 0 && this.#asker.client !== undefined) this.#asker.client.exceptions++;
    if (this.#due === 0 || pdu === undefined) this.#release();
    else this.#asker.line?.waitUntil(this.#due, () => this.#release());
    this.done = true;
    for (const next of this.#whenDone ?? []) next();
  }

  #release(): void {
    this.settled = true;
    this.#asker.settled();
  }

  /** Something is in progress for it, other than a pause that a hook makes. */
  get busy(): boolean {
    return !this.settled && !(this.#handed && this.#asker.outlet.wire?.pausing === true);
  }

  /** The line has carried something else since: the client has given up, and another station may be speaking. */
  get #isLate(): boolean {
    return this.#asker.line?.isStale(this.#since) === true;
  }

  /** A hook puts it on the wire. */
  get isHooked(): boolean {
    return this.#hooked !== undefined && this.#pdu !== undefined && !this.#isLate;
  }

  /**
   * Its turn has come: the hook has it, and those behind it wait. @returns whether `output` has to be sent ahead of it.
   */
  hand({ used, framer, durations }: Output): boolean {
    const [request, pdu] = [this.#hooked, this.#pdu];
    if (request === undefined || pdu === undefined || used > 0) return used > 0;
    this.settled = false;
    this.#handed = true;
    this.#pdu = undefined;
    const [transactionId, unitId, asciiDelimiter] = [this.#transactionId, this.#unitId, this.#asciiDelimiter];
    const reply = { transactionId, unitId, asciiDelimiter, pdu, debt: this };
    void framer.run(this.#asker, request, reply).then(() => {
      durations.add(performance.now() - this.#came, 1);
      this.#release();
    });
    return false;
  }

  /** Its turn has come. */
  writeTo(output: Output): void {
    const pdu = this.#pdu;
    if (pdu === undefined) traceUnanswered(this);
    else if (this.#isLate) this.#drop();
    else this.#write(pdu, output);
  }

  #drop(): void {
    this.#counters.staleReplies++;
    this.#diagnostics?.unanswered();
    traceUnanswered(this);
  }

  #write(pdu: Uint8Array, output: Output): void {
    this.#asker.traced = takeTraced(this);
    copyBytes(pdu, 0, pdu.length, output.bytes, output.pduStart);
    output.seal(this.#asker, pdu.length, this.#transactionId, this.#unitId, this.#asciiDelimiter);
    output.durations.add(performance.now() - this.#came, 1);
  }
}
