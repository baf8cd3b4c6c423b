import type { Link } from '../transport/link.js';

/** Requests after which other connections have their turn. */
export const TURN = 256;

/**
 * The bytes that come over a connection: whether they may come now, those that came but may not be looked at yet, and
 * whether it is this connection's turn.
 */
export class Intake {
  state: 'flowing' | 'paused' | 'ended' = 'flowing';
  /** Whether a chunk is being served, or the rest of one waits while other connections have their turn. */
  turn: 'none' | 'serving' | 'yielded' = 'none';
  /** Requests of this turn that may still come: handlers that answer by promises at once would go on without end. */
  turnLeft: number = TURN;
  held: Uint8Array | undefined;
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  /** Lets other connections have their turn, however many requests have come in one piece. */
  yield(goOn: () => void): void {
    this.pause();
    this.turn = 'yielded';
    setImmediate(() => {
      this.turn = 'none';
      this.turnLeft = TURN;
      goOn();
    });
  }

  pause(): void {
    if (this.state !== 'flowing') return;
    this.state = 'paused';
    this.#link.pause();
  }

  resume(): void {
    this.state = 'flowing';
    this.#link.resume();
  }

  /** For links that deliver although they were asked to pause, or from within a listener. */
  hold(bytes: Uint8Array): void {
    this.held = this.held === undefined ? bytes : Buffer.concat([this.held, bytes]);
  }

  /** @param rest came ahead of all that is held. */
  putBack(rest: Uint8Array): void {
    this.held = this.held === undefined ? rest : Buffer.concat([rest, this.held]);
  }

  /** @returns what is held no longer. */
  release(): Uint8Array | undefined {
    const { held } = this;
    this.held = undefined;
    return held;
  }
}
