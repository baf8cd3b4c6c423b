import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { isOneOf, SHORTAGE_CODES, type ShortageCode } from '../../error-codes.js';
import type { TransportHost } from '../transport.js';

/** Events of a server that is given its connections by the system. */
export interface DescriptorEvents {
  /**
   * The process has run out of file descriptors (`EMFILE`), or the system has (`ENFILE`, …): new connections are closed
   * by the system, and the server doesn't see them. Not told again before `descriptorsFreed`.
   */
  descriptorsExhausted: [event: { readonly code: ShortageCode }];
  /** For ten seconds, there were free ones each time. */
  descriptorsFreed: [];
}

/** What a server is told of file descriptors. */
export interface ShortageEvents extends DescriptorEvents {
  /** There was no free one when that was looked for; to be counted. */
  descriptorShortage: [];
}

type ShortageHost = Pick<TransportHost<ShortageEvents>, 'tell'>;

const PERIOD_MS = 1000;
/**
 * Checks without a shortage after which it is over. With fewer, a process at its limit would report each connection.
 */
const CALM = 10;

/**
 * Checks whether the process can still open files. If not, libuv accepts new connections and closes them at once
 * without telling Node.js, so only the clients would notice.
 */
export class DescriptorWatch {
  readonly #host: ShortageHost;
  readonly #timer: NodeJS.Timeout;
  /** Undefined while there is no shortage, else the checks since the last one. */
  #calm: number | undefined;

  constructor(host: ShortageHost) {
    this.#host = host;
    this.#timer = setInterval(() => this.#look(), PERIOD_MS).unref();
  }

  /** @returns whether a listener's error is such a shortage, which is then reported. */
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
    this.#host.tell('descriptorsFreed');
  }

  #short(code: ShortageCode): void {
    const known = this.#calm !== undefined;
    this.#calm = 0;
    this.#host.tell('descriptorShortage');
    if (!known) this.#host.tell('descriptorsExhausted', { code });
  }
}
