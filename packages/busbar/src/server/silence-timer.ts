import type { FrameReader } from '../framing/framing.js';

/** Tells a reader of the silences of what it reads from. */
export class SilenceTimer {
  readonly #reader: FrameReader;
  readonly #share: number;
  readonly #told: () => void;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param share milliseconds after which the reader is told; 0: never.
   * @param told is called when it was.
   */
  constructor(reader: FrameReader, share: number, told: () => void) {
    this.#reader = reader;
    this.#share = share;
    this.#told = told;
  }

  /** Something was read: silence begins now, if the reader waits for more. */
  restart(): void {
    if (this.#share === 0) return;
    if (!this.#reader.incomplete) this.stop();
    else if (this.#timer === undefined) this.#timer = setTimeout(() => this.#tell(), this.#share);
    else this.#timer.refresh();
  }

  #tell(): void {
    this.#reader.silent?.();
    this.#told();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
