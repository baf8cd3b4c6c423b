import type { Client } from '../data/request.js';
import type { LineManners } from '../server/line.js';
import type { Session } from '../server/session.js';
import type { TransportHost } from '../server/transport.js';
import { EchoFilter } from './serial-echo.js';
import type { Port, RtsOptions } from './serial-options.js';
import { PlainSender, RtsSender, type Sender, type SenderEvents } from './serial-sender.js';

/** How a line is served, whoever opened the port that leads to it. */
export interface LineOptions {
  readonly client: Client;
  readonly manners: LineManners;
  readonly discardEcho: boolean;
  readonly rts: Required<RtsOptions> | undefined;
  /** Bytes that may wait to be sent. */
  readonly maxUnsent: number;
}

/** That a port went by itself, and why. */
export interface Loss {
  readonly error: Error | undefined;
}

/** An open port and the session on it: all that is on the line is one peer. */
export class SerialLine {
  /** Resolves when the port has been left, with its loss unless the server wanted that. */
  readonly left: Promise<Loss | undefined>;
  readonly #host: TransportHost;
  readonly #port: Port;
  readonly #release: () => Promise<void>;
  readonly #echo: EchoFilter | undefined;
  readonly #sender: Sender;
  #session: Session | undefined;
  #resolveLeft: (loss: Loss | undefined) => void = () => undefined;
  #leaving = false;
  #error: Error | undefined;

  /** @param release closes the port, if it is to be closed. */
  constructor(host: TransportHost, port: Port, options: LineOptions, release: () => Promise<void>) {
    this.#host = host;
    this.#port = port;
    this.#release = release;
    this.#echo = options.discardEcho ? new EchoFilter() : undefined;
    this.#sender = this.#createSender(options);
    this.left = new Promise((resolve) => {
      this.#resolveLeft = resolve;
    });
    port.on('data', this.#onData).on('drain', this.#onDrain).on('end', this.#onEnd);
    port.on('error', this.#onError).on('close', this.#onClose);
    this.#session = this.#connect(options);
    if (this.#session === undefined) void this.#leave();
    else if (!this.#leaving) port.resume();
  }

  #createSender({ rts, maxUnsent }: LineOptions): Sender {
    const events: SenderEvents = {
      writing: (bytes) => this.#echo?.expect(bytes),
      drained: this.#onDrain,
      failed: this.#onError,
    };
    return rts === undefined ? new PlainSender(this.#port, events) : new RtsSender(this.#port, rts, maxUnsent, events);
  }

  #connect({ client, manners }: LineOptions): Session | undefined {
    return this.#host.connect({
      client,
      manners,
      send: (bytes) => this.#leaving || this.#sender.send(bytes),
      pause: () => this.#port.pause(),
      resume: () => this.#port.resume(),
      end: () => void this.#sender.flushed().then(() => this.#leave()),
      destroy: () => void this.#leave(),
    });
  }

  readonly #onData = (chunk: Uint8Array) => {
    const bytes = this.#echo === undefined ? chunk : this.#echo.strip(chunk);
    if (bytes.length > 0) this.#session?.receive(bytes);
  };

  readonly #onDrain = () => this.#session?.drained();

  readonly #onEnd = () => this.#session?.inputEnded();

  readonly #onError = (error: Error) => {
    if (this.#leaving) return;
    this.#error = error;
    this.#session?.failed(error);
  };

  /** The `serialport` package tells here why. */
  readonly #onClose = (error?: Error | null) => {
    this.#error = error ?? this.#error;
    void this.#leave();
  };

  async #leave(): Promise<void> {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#port.off('data', this.#onData).off('drain', this.#onDrain).off('end', this.#onEnd);
    this.#port.off('error', this.#onError).off('close', this.#onClose);
    await this.#release();
    if (this.#session !== undefined) this.#host.disconnect(this.#session, this.#error);
    this.#resolveLeft(this.#session?.closeReason === undefined ? { error: this.#error } : undefined);
  }
}
