import { types } from 'node:util';
import { show } from '../checks.js';

/** A reply that is about to go onto the wire, as the hook `frame` sees it. */
export interface FramedReply {
  /** `mbap`, `rtu`, `ascii`, or the name of a framing of the program's own. */
  readonly framing: string;
  /** That of the request; 0 where the framing has none. */
  readonly transactionId: number;
  readonly unitId: number;
  /** The reply PDU, which may be an exception. */
  readonly pdu: Uint8Array;
  /**
   * Puts the reply into a frame, with its checksum if the framing has one. What `changes` has stands in place of the
   * reply's own.
   * @returns the bytes, which are the caller's own.
   * @throws RangeError if a PDU is empty or too long for the server, or an id is out of range.
   */
  encode(changes?: FrameChanges): Uint8Array;
}

/** What a frame has in place of the reply's own. */
export interface FrameChanges {
  /** 0..65535; without effect where the framing has none. */
  readonly transactionId?: number | undefined;
  /** 0..255 */
  readonly unitId?: number | undefined;
  readonly pdu?: Uint8Array | undefined;
}

/**
 * Where the hook `frame` puts a reply. It ends with the hook, when the hook is late, and when the peer is gone: what
 * is sent after that is dropped.
 */
export interface ReplyWire {
  /** Sends bytes behind all that was sent before; over UDP as one datagram. */
  send(bytes: Uint8Array): void;
  /**
   * Waits for so many milliseconds, up to 2^31 - 1. The time does not count as the hook's own.
   * @returns false if the wire has ended meanwhile.
   */
  pause(milliseconds: number): Promise<boolean>;
  /**
   * Closes the connection as soon as what was sent is out; none of its other requests is answered. Over UDP and on a
   * serial line, where there is no connection, it ends this reply only.
   */
  close(): void;
}

/** What a wire leads to: a connection, or the sender of a datagram. */
export interface WireEnd {
  /** Sends bytes, which belong to it from now on. */
  transmit(bytes: Uint8Array): void;
  /** Closes the connection, if there is one of the peer's own, when all that was sent is out. */
  hangUp(): void;
}

const MAX_PAUSE = 0x7fffffff;

interface Pause {
  readonly timer: NodeJS.Timeout;
  readonly resolve: (open: boolean) => void;
}

/** The wire of one reply, and the deadline of the hook that has it. */
export class HookedWire implements ReplyWire {
  /** Why it has ended, if it has: the hook is done, the peer is gone, or the hook was late. */
  state: 'open' | 'done' | 'gone' | 'late' = 'open';
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  readonly #to: WireEnd;
  readonly #sent: (bytes: Uint8Array) => void;
  readonly #pauses = new Set<Pause>();
  #end: () => void = () => undefined;
  /** Milliseconds that the hook may still take. */
  #left: number;
  /** Since when it takes them. */
  #since = 0;
  #deadline: NodeJS.Timeout | undefined;

  /**
   * @param allowed time of the hook itself in milliseconds; 0: no limit.
   * @param sent is told of all that is sent.
   */
  constructor(to: WireEnd, allowed: number, sent: (bytes: Uint8Array) => void) {
    this.#to = to;
    this.#sent = sent;
    this.#left = allowed === 0 ? Number.POSITIVE_INFINITY : allowed;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#startClock();
  }

  /** The hook waits: nothing is in progress but time. */
  get pausing(): boolean {
    return this.#pauses.size > 0;
  }

  send(bytes: Uint8Array): void {
    if (!types.isUint8Array(bytes)) throw new TypeError(`send() takes bytes, found ${show(bytes)}`);
    if (this.state !== 'open' || bytes.length === 0) return;
    this.#sent(bytes);
    // A copy: the hook may use its buffer again.
    this.#to.transmit(Buffer.from(bytes));
  }

  async pause(milliseconds: number): Promise<boolean> {
    if (typeof milliseconds !== 'number' || !(milliseconds >= 0 && milliseconds <= MAX_PAUSE)) {
      throw new RangeError(`pause() takes 0 to ${MAX_PAUSE} milliseconds, found ${show(milliseconds)}`);
    }
    if (!this.pausing) this.#stopClock();
    return new Promise((resolve) => {
      // A hook that goes on without end, though the peer is gone, must not keep others waiting.
      const timer = setTimeout(() => this.#wake(pause), this.state === 'open' ? milliseconds : 1);
      const pause = { timer, resolve };
      this.#pauses.add(pause);
    });
  }

  #wake(pause: Pause): void {
    this.#pauses.delete(pause);
    if (!this.pausing && this.state === 'open') this.#startClock();
    pause.resolve(this.state === 'open');
  }

  close(): void {
    if (this.state !== 'open') return;
    this.finish('done');
    this.#to.hangUp();
  }

  finish(why: 'done' | 'gone' | 'late'): void {
    if (this.state !== 'open') return;
    this.state = why;
    clearTimeout(this.#deadline);
    for (const pause of this.#pauses) {
      clearTimeout(pause.timer);
      this.#wake(pause);
    }
    this.#end();
  }

  #startClock(): void {
    if (this.#left === Number.POSITIVE_INFINITY) return;
    this.#since = performance.now();
    this.#deadline = setTimeout(() => this.finish('late'), this.#left);
  }

  #stopClock(): void {
    clearTimeout(this.#deadline);
    this.#left = Math.max(0, this.#left - (performance.now() - this.#since));
  }
}
