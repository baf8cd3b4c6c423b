import type { Connection } from './connection.js';
import type { CheckedSharingOptions } from './options.js';

/**
 * Asks whether the replicas of Redis have what was written. Meanwhile Redis answers nothing else on the connection, so
 * units ask together: one question is under way at a time, and those that come by then share the next.
 */
export class Replicas {
  readonly #connection: Connection;
  readonly #wanted: number;
  /** How long, in ms, Redis waits for them. */
  readonly #patience: number;
  /** Not asked yet. */
  #next: Promise<boolean> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection, { waitReplicas, commandTimeout }: CheckedSharingOptions) {
    this.#connection = connection;
    this.#wanted = waitReplicas;
    this.#patience = Math.ceil(commandTimeout / 2);
  }

  /** Whether as many as wanted have all that was written on the connection so far. */
  haveAll(): Promise<boolean> {
    if (this.#wanted === 0) return Promise.resolve(true);
    if (this.#next === undefined) {
      const ask = () => this.#ask();
      this.#next = this.#last.then(ask, ask);
      this.#last = this.#next;
    }
    return this.#next;
  }

  async #ask(): Promise<boolean> {
    this.#next = undefined;
    return Number(await this.#connection.call('WAIT', [this.#wanted, this.#patience], this.#patience)) >= this.#wanted;
  }
}
