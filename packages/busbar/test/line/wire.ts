import { vi } from 'vitest';
import type { WirePort } from '../helpers/wire-port.js';
import type { Adapter, Cuts } from './adapter.js';
import { Traffic } from './traffic.js';

const BITS_PER_CHARACTER = 11;
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
  /** Only silence tells where it ends. */
  readonly endless: boolean;
  /** Whole requests in it that are not to be taken for any. */
  readonly smuggled: readonly Uint8Array[];
}

/** The line between the stations, in virtual time: what is sent on it is handed over to the server in pieces, late. */
export class Wire {
  readonly port: WirePort;
  readonly traffic = new Traffic();
  readonly #adapter: Adapter;
  /** Milliseconds that a character takes. */
  readonly #character: number;
  readonly #hinted: boolean;
  /** What is not handed over yet. */
  #pieces: Piece[] = [];
  /** When the last character on the line ends. */
  #end = 0;
  /** When the last byte so far is handed over. */
  #due = 0;
  #clean = true;
  #certain = true;
  #endless = false;
  #silent = true;
  #sent = 0;
  #cleanFrom = 0;
  #last = 0;

  /** @param hinted the server tells frames by the gaps around them, when it is out of step. */
  constructor(port: WirePort, adapter: Adapter, baudRate: number, hinted: boolean) {
    this.port = port;
    this.#character = (1000 * BITS_PER_CHARACTER) / baudRate;
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
   * The server was sure to be in step when what was sent last began: since there was rubbish, if ever, it has seen a
   * silence, and more bytes than the rest of a frame that the rubbish may have been the beginning of, and one more
   * frame.
   */
  get clean(): boolean {
    return this.#clean;
  }

  /**
   * So was it, and what was sent last stands at the place where a frame begins: what came before has an end of its own.
   */
  get certain(): boolean {
    return this.#certain;
  }

  send({ what, bytes, gap, rubbish, endless, smuggled }: Transmission): void {
    const start = Math.max(this.#end, performance.now()) + gap;
    if (start >= this.#due + SEEN_SILENCE) this.#fallSilent();
    this.#clean = this.#silent && this.#sent >= this.#cleanFrom && !rubbish;
    this.#certain = this.#clean && !this.#endless;
    this.#endless ||= endless;
    const arrivals = Array.from(bytes, (_, index) => start + (index + 1) * this.#character);
    const edges = edgesOf(smuggled, bytes);
    const dues = this.#adapter.handOver(arrivals, this.#due, this.#cuts(edges));
    for (const [index, due] of dues.entries()) this.#queue(bytes[index], due, index === 0 ? [what] : []);
    this.traffic.sent(bytes.length, edges);
    this.#sent += bytes.length;
    if (rubbish) this.#soil();
    this.#end = start + bytes.length * this.#character;
    this.#last = bytes.at(-1) ?? this.#last;
  }

  #fallSilent(): void {
    this.#silent = true;
    this.#endless = false;
  }

  #soil(): void {
    this.#silent = false;
    this.#cleanFrom = this.#sent + TWO_FRAMES;
  }

  /** The server sends so many bytes. */
  occupy(length: number): void {
    this.#end = Math.max(this.#end, performance.now()) + length * this.#character;
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

  /**
   * Out of step, a server that sees gaps may take what stands between two of them for a frame; in step, it must not.
   */
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
