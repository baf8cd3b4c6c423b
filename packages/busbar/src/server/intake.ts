import type { Link } from '../transport/link.js';

/** Requests after which other connections have their turn. */
export const TURN = 256;

/**
 * A connection over which bytes come in: whether they may come now, those that came but may not be looked at yet, and
 * whether it is its turn. With `Outlet` it is the base of a session, not a part of it, because thousands may be idle.
 */
export abstract class Intake {
  protected readonly link: Link;
  protected input: 'flowing' | 'paused' | 'ended' = 'flowing';
  /** Whether a chunk is being served, or the rest of one waits while other connections have their turn. */
  protected turn: 'none' | 'serving' | 'yielded' = 'none';
  /** Requests of this turn that may still come: handlers that answer by promises at once would go on without end. */
  protected turnLeft: number = TURN;
  protected held: Uint8Array | undefined;
  #gathering = false;

  constructor(link: Link) {
    this.link = link;
  }

  /** Lets other connections have their turn, however many requests have come in one piece. */
  protected yield(goOn: () => void): void {
    this.pause();
    this.turn = 'yielded';
    setImmediate(() => {
      this.turn = 'none';
      this.turnLeft = TURN;
      goOn();
    });
  }

  /**
   * Goes on once, behind all that ends at this moment: the replies that waited for one batch on disk go out in one write,
   * not in one each.
   */
  protected gather(goOn: () => void): void {
    if (this.#gathering) return;
    this.#gathering = true;
    queueMicrotask(() => {
      this.#gathering = false;
      goOn();
    });
  }

  protected pause(): void {
    if (this.input !== 'flowing') return;
    this.input = 'paused';
    this.link.pause();
  }

  protected resume(): void {
    this.input = 'flowing';
    this.link.resume();
  }

  /** For links that deliver although they were asked to pause, or from within a listener. */
  protected hold(bytes: Uint8Array): void {
    this.held = this.held === undefined ? bytes : Buffer.concat([this.held, bytes]);
  }

  /** @param rest came ahead of all that is held. */
  protected putBack(rest: Uint8Array): void {
    this.held = this.held === undefined ? rest : Buffer.concat([rest, this.held]);
  }

  /** @returns what is held no longer. */
  protected release(): Uint8Array | undefined {
    const { held } = this;
    this.held = undefined;
    return held;
  }
}
