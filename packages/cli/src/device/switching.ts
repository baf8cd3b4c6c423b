import { placeOf, placesConflict } from '../listeners/place.js';
import type { BoundServer } from '../listeners/server.js';
import { open } from './open.js';

/** Listeners to close, and those to open. */
interface Switch {
  readonly close: readonly BoundServer[];
  readonly open: readonly BoundServer[];
}

/** Opens listeners, and closes those whose places they need. If one cannot be opened, all is put back as it was. */
export class Switching {
  /** To be closed. */
  readonly #left: Set<BoundServer>;
  readonly #wanted: readonly BoundServer[];
  readonly #opened: BoundServer[] = [];
  /** Closed for another one, or about to be: their last clients may take their time. */
  readonly #closed = new Map<BoundServer, Promise<void>>();

  constructor({ close, open: wanted }: Switch) {
    this.#left = new Set(close);
    this.#wanted = wanted;
  }

  /** @throws OpenError of the one that could not be opened; AggregateError if some could not be put back either. */
  async run(): Promise<void> {
    try {
      // First those that need nothing: if one fails, no client has noticed.
      for (const bound of this.#wanted) if (this.#blockers(bound).length === 0) await this.#open(bound);
      for (const bound of this.#wanted) if (!this.#opened.includes(bound)) await this.#open(bound);
    } catch (error) {
      throw await this.#putBack(error);
    }
  }

  /** Closes those that nobody needs any more. @returns when all that were to be closed are, and their last clients gone. */
  async closeRest(): Promise<void> {
    for (const bound of this.#left) this.#close(bound);
    await Promise.all(this.#closed.values());
  }

  async #open(bound: BoundServer): Promise<void> {
    for (const blocker of this.#blockers(bound)) {
      this.#close(blocker);
      if (!freesAtOnce(blocker)) await this.#closed.get(blocker);
    }
    await open(bound);
    this.#opened.push(bound);
  }

  #close(bound: BoundServer): void {
    this.#left.delete(bound);
    this.#closed.set(bound, bound.server.close());
  }

  #blockers(bound: BoundServer): BoundServer[] {
    const wanted = placeOf(bound.entry);
    const isInItsWay = ({ entry, listener }: BoundServer) =>
      [entry, listener].some((each) => placesConflict(placeOf(each), wanted));
    return [...this.#left].filter(isInItsWay);
  }

  /** @returns what has failed in all. */
  async #putBack(cause: unknown): Promise<unknown> {
    await Promise.all([...this.#opened.map(({ server }) => server.close()), ...this.#closed.values()]);
    const results = await Promise.allSettled([...this.#closed.keys()].map(open));
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    if (failures.length === 0) return cause;
    const errors = [cause, ...failures];
    return new AggregateError(errors, errors.map(words).join('; '));
  }
}

/** Whether others can have the place of a server while it still waits for its last clients. */
function freesAtOnce({ entry: { type } }: BoundServer): boolean {
  return type === 'tcp' || type === 'tls' || type === 'unix';
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
