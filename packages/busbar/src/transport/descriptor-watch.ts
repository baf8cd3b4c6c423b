import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';

/** What a watch tells. */
export interface DescriptorEvents {
  /** A look has found no free descriptor. */
  descriptorShortage(): void;
  /** The first look that did. */
  descriptorsExhausted(event: { readonly code: string }): void;
  /** None has for a while. */
  descriptorsFreed(): void;
}

const PERIOD_MS = 1000;
/** Looks without a shortage after which it is over: on the verge, each connection that comes or goes would be news. */
const CALM = 10;
const SHORTAGES = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'];

/**
 * Looks whether the process can still open anything. If not, libuv takes new connections and closes them at once, without a word to
 * Node.js: without a look, only the clients would know.
 */
export class DescriptorWatch {
  readonly #events: DescriptorEvents;
  readonly #timer: NodeJS.Timeout;
  /** Undefined while there is no shortage, else the looks without one since. */
  #calm: number | undefined;

  constructor(events: DescriptorEvents) {
    this.#events = events;
    this.#timer = setInterval(() => this.#look(), PERIOD_MS).unref();
  }

  /** @returns whether an error of the listener is such a shortage, which then is told. */
  explains(error: NodeJS.ErrnoException): boolean {
    const { code = '' } = error;
    if (!SHORTAGES.includes(code)) return false;
    this.#short(code);
    return true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    try {
      closeSync(openSync(devNull, 'r'));
    } catch (error) {
      if (error instanceof Error) this.explains(error);
      return;
    }
    if (this.#calm === undefined || ++this.#calm < CALM) return;
    this.#calm = undefined;
    this.#events.descriptorsFreed();
  }

  #short(code: string): void {
    const known = this.#calm !== undefined;
    this.#calm = 0;
    this.#events.descriptorShortage();
    if (!known) this.#events.descriptorsExhausted({ code });
  }
}
