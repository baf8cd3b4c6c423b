import { conditionsOf } from './conditions.js';
import type { Copies } from './copies.js';
import type { Write } from './exchange.js';
import type { Host } from './host.js';
import type { Requests, Waiting } from './requests.js';

/** Writes that go to Redis in one round. */
const MAX_WRITES = 256;

/** The writes of clients that are on their way to Redis in a round. */
export class ClientWrites {
  readonly #host: Host;
  readonly #copies: Copies;
  readonly #requests: Requests;
  readonly #sent = new Map<string, Waiting>();

  constructor(host: Host, copies: Copies, requests: Requests) {
    this.#host = host;
    this.#copies = copies;
    this.#requests = requests;
  }

  find(id: string): Waiting | undefined {
    return this.#sent.get(id);
  }

  /** The round is over. */
  clear(): void {
    this.#sent.clear();
  }

  refuse(why: string): void {
    for (const waiting of this.#sent.values()) if (!waiting.over) this.#requests.refuse(waiting, why);
  }

  /** The writes that wait, as they would be made now. @param clock that of Redis less ours; undefined: not known yet. */
  build(clock: number | undefined): Write[] {
    const writes: Write[] = [];
    const owners = new Map<unknown, number>();
    const blocked = new Set<unknown>();
    for (const waiting of this.#requests.all) {
      const { owner } = waiting.request;
      if (writes.length >= MAX_WRITES) break;
      if (!waiting.isWrite || waiting.over || blocked.has(owner)) continue;
      const write = this.#writeOf(waiting, owners, clock);
      if (write !== undefined) writes.push(write);
      else if (!this.#runAtOnce(waiting, owners.has(owner))) blocked.add(owner);
    }
    return writes;
  }

  /** @returns undefined if it changes nothing that is shared. */
  #writeOf(waiting: Waiting, owners: Map<unknown, number>, clock: number | undefined): Write | undefined {
    const copies = this.#copies;
    const { request, id, due } = waiting;
    const { result, changes } = request.rehearse();
    const runs = changes.flatMap((change) => copies.runOf(change, change.after) ?? []);
    if (result < 0 || runs.length === 0) return undefined;
    const owner = owners.get(request.owner) ?? owners.size + 1;
    owners.set(request.owner, owner);
    this.#sent.set(id, waiting);
    return {
      id,
      owner,
      due: clock === undefined ? 0 : due + clock,
      token: '',
      expected: conditionsOf(copies.unit, request.functionCode, changes, copies),
      runs,
    };
  }

  /** Carries out a request that is refused, or changes nothing, unless others come first, or news. */
  #runAtOnce(waiting: Waiting, isBehindOthers: boolean): boolean {
    if (isBehindOthers) return false;
    if (this.#host.options.reads === 'latest' && !waiting.isFresh) {
      waiting.isFresh = true;
      return false;
    }
    waiting.settle(waiting.request.run());
    return true;
  }
}
