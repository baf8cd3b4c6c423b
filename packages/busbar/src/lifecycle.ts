import { StateError } from './errors.js';

type State = 'closed' | 'opening' | 'listening' | 'closing';

/** The life of something that listens: opened and closed, as often as the program likes, one after the other. */
export class Lifecycle {
  #state: State = 'closed';
  #opening: Promise<void> | undefined;
  #closing: Promise<unknown> | undefined;

  get state(): State {
    return this.#state;
  }

  /**
   * @param what names it, for the error.
   * @throws StateError `ALREADY_LISTENING` unless it is closed.
   */
  async open(what: string, open: () => Promise<void>): Promise<void> {
    if (this.#state !== 'closed') {
      throw new StateError('ALREADY_LISTENING', `${what} was asked to listen while it is ${this.#state}`);
    }
    this.#state = 'opening';
    this.#opening = open();
    try {
      await this.#opening;
      this.#state = 'listening';
    } catch (error) {
      this.#state = 'closed';
      throw error;
    }
  }

  /** Resolves when an opening in progress has succeeded; rejects when it has failed. */
  async opened(): Promise<void> {
    if (this.#state === 'opening') await this.#opening?.then(nextTurn);
  }

  /**
   * Closes it once, however often it is asked to. First an opening in progress ends, whether it succeeds or fails.
   * @param closed called when it may be opened again.
   */
  async close(close: () => Promise<unknown>, closed: () => void): Promise<void> {
    if (this.#state === 'opening') await this.#opening?.then(nextTurn, nextTurn);
    if (this.#state === 'listening') {
      this.#state = 'closing';
      // If closing fails, nothing is gained by refusing to listen ever again.
      this.#closing = close().finally(() => {
        this.#state = 'closed';
        this.#closing = undefined;
        closed();
      });
    }
    await this.#closing;
  }
}

/** Lets those who await the same promise go first. */
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
