import type { Complete } from '../../checks.js';
import { asError } from '../../errors.js';
import type { Peer } from '../../peer.js';
import type { Connection } from '../link.js';
import type { TransportHost } from '../transport.js';
import { EchoFilter } from './echo.js';
import type { Port, RtsOptions } from './options.js';
import { PlainSender, RtsSender, type Sender, type SenderEvents } from './sender.js';

/** How a line is used, whoever opened the port that leads to it. */
export interface LineOptions {
  readonly peer: Peer;
  readonly discardEcho: boolean;
  readonly rts: Complete<RtsOptions> | undefined;
  /** Bytes that may wait to be sent. */
  readonly maxUnsent: number;
}

/** An open port and the connection on it: all that is on the line is one peer. */
export class SerialLine {
  /** Resolves when the port has been left, with the reason, if one is known. */
  readonly left: Promise<Error | undefined>;
  readonly #port: Port;
  readonly #release: () => Promise<void>;
  readonly #echo: EchoFilter | undefined;
  readonly #sender: Sender;
  #connection: Connection | undefined;
  #resolveLeft: (reason: Error | undefined) => void = () => undefined;
  #leaving = false;
  #error: Error | undefined;

  /** @param release closes the port, unless it belongs to the program. */
  constructor(host: Pick<TransportHost, 'connect'>, port: Port, options: LineOptions, release: () => Promise<void>) {
    this.#port = port;
    this.#release = release;
    this.#echo = options.discardEcho ? new EchoFilter() : undefined;
    this.#sender = this.#createSender(options);
    this.left = new Promise((resolve) => {
      this.#resolveLeft = resolve;
    });
    port.on('data', this.#onData).on('drain', this.#onDrain).on('end', this.#onEnd);
    port.on('error', this.#onError).on('close', this.#onClose).on('overrun', this.#onOverrun);
    this.#connection = this.#connect(host, options.peer);
    if (this.#connection === undefined) void this.#leave();
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

  #connect(host: Pick<TransportHost, 'connect'>, peer: Peer): Connection | undefined {
    return host.connect({
      peer,
      send: (bytes) => this.#leaving || this.#send(bytes),
      pause: () => this.#port.pause(),
      resume: () => this.#port.resume(),
      end: () => void this.#sender.flushed().then(() => this.#leave()),
      destroy: () => void this.#leave(),
    });
  }

  /** The program's own port may throw, too. */
  #send(bytes: Uint8Array): boolean {
    try {
      return this.#sender.send(bytes);
    } catch (error) {
      this.#onError(error);
      void this.#leave();
      return true;
    }
  }

  readonly #onData = (chunk: Uint8Array) => {
    const bytes = this.#echo === undefined ? chunk : this.#echo.strip(chunk);
    if (bytes.length > 0) this.#connection?.receive(bytes);
  };

  readonly #onDrain = () => this.#connection?.drained();

  readonly #onEnd = () => this.#connection?.inputEnded();

  readonly #onOverrun = (count = 1) => this.#connection?.overrun(count);

  readonly #onError = (thrown: unknown) => {
    if (this.#leaving) return;
    const error = asError(thrown);
    this.#error = error;
    this.#connection?.failed(error);
  };

  /** The `serialport` package passes the reason here. */
  readonly #onClose = (error?: unknown) => {
    if (error !== undefined && error !== null) this.#error = asError(error);
    void this.#leave();
  };

  async #leave(): Promise<void> {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#port.off('data', this.#onData).off('drain', this.#onDrain).off('end', this.#onEnd);
    this.#port.off('error', this.#onError).off('close', this.#onClose).off('overrun', this.#onOverrun);
    await this.#release();
    this.#connection?.closed(this.#error);
    // A line whose framing has failed is lost as one whose port is: both may do better once it is open again.
    this.#resolveLeft(this.#connection?.closeReason ?? this.#error);
  }
}
