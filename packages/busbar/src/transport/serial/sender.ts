import { setTimeout as delay } from 'node:timers/promises';
import type { Complete } from '../../checks.js';
import type { Port, RtsOptions } from './options.js';

/** Sends on a port, and knows when everything has been sent. */
export interface Sender {
  /** @returns false if no more should be sent until `drained` is called. */
  send(bytes: Uint8Array): boolean;
  /** Resolves when the last bit is on the line. */
  flushed(): Promise<void>;
}

/** The events of a sender. */
export interface SenderEvents {
  /** The bytes are about to be written. */
  writing(bytes: Uint8Array): void;
  /** More can be sent. */
  drained(): void;
  /** The port has failed at something. */
  failed(error: Error): void;
}

/** For lines whose direction needs no control, or is controlled by the adapter or the kernel. */
export class PlainSender implements Sender {
  readonly #port: Port;
  readonly #events: SenderEvents;
  #unwritten = 0;
  #written: (() => void) | undefined;

  constructor(port: Port, events: SenderEvents) {
    this.#port = port;
    this.#events = events;
  }

  send(bytes: Uint8Array): boolean {
    this.#unwritten++;
    this.#events.writing(bytes);
    return this.#port.write(bytes, () => {
      if (--this.#unwritten === 0) this.#written?.();
    });
  }

  async flushed(): Promise<void> {
    if (this.#unwritten > 0) {
      await new Promise<void>((resolve) => {
        this.#written = resolve;
      });
    }
    await drain(this.#port).catch((error: Error) => this.#events.failed(error));
  }
}

/** Holds RTS at its active level while it sends. */
export class RtsSender implements Sender {
  readonly #port: Port;
  readonly #rts: Complete<RtsOptions>;
  readonly #events: SenderEvents;
  readonly #maxQueued: number;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #transmission: Promise<void> | undefined;

  constructor(port: Port, rts: Complete<RtsOptions>, maxQueued: number, events: SenderEvents) {
    this.#port = port;
    this.#rts = rts;
    this.#maxQueued = maxQueued;
    this.#events = events;
  }

  send(bytes: Uint8Array): boolean {
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    this.#transmission ??= this.#transmitAll();
    return this.#queued < this.#maxQueued;
  }

  async flushed(): Promise<void> {
    await this.#transmission;
  }

  async #transmitAll(): Promise<void> {
    while (this.#queue.length > 0) await this.#transmit().catch((error: Error) => this.#giveUp(error));
    this.#transmission = undefined;
    this.#events.drained();
  }

  async #transmit(): Promise<void> {
    const { active, delayBefore, delayAfter } = this.#rts;
    await setRts(this.#port, active === 'high');
    try {
      if (delayBefore > 0) await delay(delayBefore);
      await this.#writeQueue();
      if (delayAfter > 0) await delay(delayAfter);
    } finally {
      await setRts(this.#port, active === 'low');
    }
  }

  /** Whatever could not be sent now would be too late at any other time. */
  #giveUp(error: Error): void {
    this.#queue = [];
    this.#queued = 0;
    this.#events.failed(error);
  }

  /** Bytes added meanwhile are also sent before the direction changes. */
  async #writeQueue(): Promise<void> {
    while (this.#queue.length > 0) {
      const bytes = Buffer.concat(this.#queue);
      this.#queue = [];
      this.#queued = 0;
      this.#events.writing(bytes);
      await new Promise<void>((resolve, reject) => {
        this.#port.write(bytes, (error) => (error ? reject(error) : resolve()));
      });
      await drain(this.#port);
    }
  }
}

/** Sets the level of RTS. */
export function setRts(port: Port, rts: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    port.set?.({ rts }, (error) => (error ? reject(error) : resolve()));
  });
}

function drain(port: Port): Promise<void> {
  return new Promise((resolve, reject) => {
    if (port.drain === undefined || port.isOpen === false) resolve();
    else port.drain((error) => (error ? reject(error) : resolve()));
  });
}
