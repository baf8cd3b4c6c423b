import { vi } from 'vitest';
import type { WirePort } from '../helpers/wire-port.js';
import type { Adapter, Cuts } from './adapter.js';
import { Traffic } from './traffic.js';

/** Milliseconds that a character takes: 11 bits at 19200 baud. */
const CHARACTER = 11_000 / 19_200;
/** Milliseconds by which a server, which has to wait for 50, may see a silence sooner or later. */
const TIMER_GRAIN = 3;
const SEEN_SILENCE = 50 + TIMER_GRAIN;
const TWO_FRAMES = 2 * 256;
const ANYWHERE: Cuts = { never: new Set(), always: new Set() };

interface Piece {
  readonly due: number;
  readonly bytes: number[];
  /** What begins in it. */
  readonly what: string[];
}

/** Something that is sent in one go. */
interface Transmission {
  readonly what: string;
  readonly bytes: Uint8Array;
  /** Milliseconds from what was sent before. */
  readonly gap: number;
  /** No intact frame. */
  readonly rubbish: boolean;
  /** Whole requests in it that are not to be taken for any. */
  readonly smuggled: readonly Uint8Array[];
}

/** The line between the stations, in virtual time: what is sent on it is handed over to the server in pieces, late. */
export class Wire {
  readonly port: WirePort;
  readonly traffic = new Traffic();
  readonly #adapter: Adapter;
  readonly #hinted: boolean;
  /** What is not handed over yet. */
  #pieces: Piece[] = [];
  /** When the last character on the line ends. */
  #end = 0;
  /** When the last byte so far is handed over. */
  #due = 0;
  #clean = true;
  #silent = true;
  #sent = 0;
  #cleanFrom = 0;
  #last = 0;

  /** @param hinted the server tells frames by the gaps around them, when it is out of step. */
  constructor(port: WirePort, adapter: Adapter, hinted: boolean) {
    this.port = port;
    this.#adapter = adapter;
    this.#hinted = hinted;
  }

  /** When the server has all that was sent so far. */
  get due(): number {
    return this.#due;
  }

  /** The byte that was sent last. */
  get last(): number {
    return this.#last;
  }

  /**
   * The server was sure to be in step when what was sent last began: since there was rubbish, if ever, it has seen a silence, and more
   * bytes than the rest of a frame that the rubbish may have been the beginning of, and one more frame.
   */
  get clean(): boolean {
    return this.#clean;
  }

  send({ what, bytes, gap, rubbish, smuggled }: Transmission): void {
    const start = Math.max(this.#end, performance.now()) + gap;
    if (start >= this.#due + SEEN_SILENCE) this.#silent = true;
    this.#clean = this.#silent && this.#sent >= this.#cleanFrom && !rubbish;
    const arrivals = Array.from(bytes, (_, index) => start + (index + 1) * CHARACTER);
    const edges = edgesOf(smuggled, bytes);
    const dues = this.#adapter.handOver(arrivals, this.#due, this.#cuts(edges));
    for (const [index, due] of dues.entries()) this.#queue(bytes[index], due, index === 0 ? [what] : []);
    this.traffic.sent(bytes.length, edges);
    this.#sent += bytes.length;
    if (rubbish) this.#soil();
    this.#end = start + bytes.length * CHARACTER;
    this.#last = bytes.at(-1) ?? this.#last;
  }

  #soil(): void {
    this.#silent = false;
    this.#cleanFrom = this.#sent + TWO_FRAMES;
  }

  /** The server sends so many bytes. */
  occupy(length: number): void {
    this.#end = Math.max(this.#end, performance.now()) + length * CHARACTER;
  }

  /** Time goes on until the server has all that was sent. */
  flush(): void {
    for (const { due, bytes, what } of this.#pieces.splice(0)) {
      this.sleep(due - performance.now());
      this.traffic.handOver(bytes, what);
      this.port.receive(Uint8Array.from(bytes));
    }
  }

  sleep(time: number): void {
    if (time > 0) vi.advanceTimersByTime(time);
  }

  /** Out of step, a server that sees gaps may take what stands between two of them for a frame; in step, it must not. */
  #cuts(edges: ReadonlySet<number>): Cuts {
    if (!this.#hinted) return ANYWHERE;
    return this.#clean ? { never: new Set(), always: edges } : { never: edges, always: new Set() };
  }

  #queue(byte: number, due: number, what: readonly string[]): void {
    const last = this.#pieces.at(-1);
    if (last?.due === due) {
      last.bytes.push(byte);
      last.what.push(...what);
    } else this.#pieces.push({ due, bytes: [byte], what: [...what] });
    this.#due = due;
  }
}

/** Where in the bytes the requests begin and end, in order. */
function edgesOf(requests: readonly Uint8Array[], bytes: Uint8Array): Set<number> {
  const edges: number[] = [];
  const all = Buffer.from(bytes);
  for (const request of requests) {
    for (let at = all.indexOf(request); at >= 0; at = all.indexOf(request, at + 1)) edges.push(at, at + request.length);
  }
  return new Set(edges.sort((a, b) => a - b));
}
