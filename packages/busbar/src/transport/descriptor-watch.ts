import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { isOneOf, SHORTAGE_CODES, type ShortageCode } from '../error-codes.js';
import type { TransportHost } from './transport.js';

/** What is told of each look without a free descriptor, of the first one, and when there has been none for a while. */
type ShortageHost = Pick<TransportHost, 'descriptorShortage' | 'descriptorsExhausted' | 'descriptorsFreed'>;

const PERIOD_MS = 1000;
/** Looks without a shortage after which it is over. With fewer, a process at its limit would tell of each connection. */
const CALM = 10;

/**
 * Looks whether the process can still open anything. If not, libuv takes new connections and closes them at once, without a word to
 * Node.js: without a look, only the clients would know.
 */
export class DescriptorWatch {
  readonly #host: ShortageHost;
  readonly #timer: NodeJS.Timeout;
  /** Undefined while there is no shortage, else the looks without one since. */
  #calm: number | undefined;

  constructor(host: ShortageHost) {
    this.#host = host;
    this.#timer = setInterval(() => this.#look(), PERIOD_MS).unref();
  }

  /** @returns whether an error of the listener is such a shortage, which then is told. */
  explains(error: NodeJS.ErrnoException): boolean {
    const { code } = error;
    if (!isOneOf(SHORTAGE_CODES, code)) return false;
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
    this.#host.descriptorsFreed();
  }

  #short(code: ShortageCode): void {
    const known = this.#calm !== undefined;
    this.#calm = 0;
    this.#host.descriptorShortage();
    if (!known) this.#host.descriptorsExhausted({ code });
  }
}
