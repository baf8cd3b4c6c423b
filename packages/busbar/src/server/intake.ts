import type { Link } from '../transport/link.js';

/**
 * The bytes that come over a connection: whether they may come now, and those that came but may not be looked at yet.
 */
export class Intake {
  state: 'flowing' | 'paused' | 'ended' = 'flowing';
  held: Uint8Array | undefined;
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
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
