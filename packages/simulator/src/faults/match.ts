import type { HandledRequest, Peer, RequestedRange } from 'busbar';
import { type FaultOptions, peersOf } from './schema.js';

/** Which of the servers it is that a client has come to. */
export interface Place {
  /** The name of the listener. */
  readonly listener?: string | undefined;
  /** Its place among the listeners, from 1 on. */
  readonly index?: number | undefined;
}

/** Tells whether a fault is for a listener, a client, a request. */
export class Match {
  readonly #options: FaultOptions;
  readonly #units: ReadonlySet<number> | undefined;
  readonly #functions: ReadonlySet<number> | undefined;
  readonly #peers: ReturnType<typeof peersOf>;

  constructor(options: FaultOptions) {
    const { unit, functions, peer } = options;
    this.#options = options;
    this.#units = unit === undefined ? undefined : new Set([unit].flat());
    this.#functions = functions && new Set(functions);
    this.#peers = peersOf(peer);
  }

  fitsPlace({ listener, index }: Place): boolean {
    const { listener: wanted } = this.#options;
    return wanted === undefined || wanted === (typeof wanted === 'number' ? index : listener);
  }

  fitsPeer(peer: Peer): boolean {
    return this.#peers?.has(peer) !== false;
  }

  fits({ peer, unitId, pdu, ranges }: HandledRequest): boolean {
    if (this.#units?.has(unitId) === false || this.#functions?.has(pdu[0] ?? 0) === false) return false;
    return this.fitsPeer(peer) && (this.#options.table === undefined || ranges.some((range) => this.#touches(range)));
  }

  #touches({ table, address, quantity }: RequestedRange): boolean {
    const { start = 0, count = Number.POSITIVE_INFINITY } = this.#options;
    return table === this.#options.table && address < start + count && address + Math.max(1, quantity) > start;
  }
}
