import { asError, type ConnectionError } from '../../errors.js';
import type { LineState } from '../../line-state.js';
import type { Peer } from '../../peer.js';
import type { PortEvents } from '../../server/events.js';
import type { LineManners } from '../../server/line.js';
import type { Link } from '../link.js';
import { EchoFilter } from './echo.js';
import type { Port, RtsOptions } from './options.js';
import { PlainSender, RtsSender, type Sender, type SenderEvents } from './sender.js';

/** The user of a line: the session of a server, or a monitor. */
export interface LineListener {
  receive(bytes: Uint8Array): void;
  drained(): void;
  inputEnded(): void;
  overrun(count: number): void;
  failed(error: Error): void;
  /** Why it has closed the line itself, if it did. */
  readonly closeReason: ConnectionError | undefined;
}

/** The owner of a port, which hears of its changes. */
export interface LineHost {
  /** The port is open. @returns undefined to close it again. */
  connect(link: Link): LineListener | undefined;
  disconnect(listener: LineListener, error: Error | undefined): void;
  portLost(...event: PortEvents['portLost']): void;
  portAwaited(...event: PortEvents['portAwaited']): void;
  portOpened(...event: PortEvents['portOpened']): void;
}

/** How a line is served, both on an opened port and on the program's own. */
export interface LineOptions {
  readonly peer: Peer;
  readonly manners: LineManners;
  /** The state of the port, which survives reopening. */
  readonly state: LineState;
  readonly discardEcho: boolean;
  readonly rts: Required<RtsOptions> | undefined;
  /** Bytes that may wait to be sent. */
  readonly maxUnsent: number;
}

/** The loss of a port, and its reason. */
export interface Loss {
  readonly error: Error | undefined;
}

/** An open port and its session: everything on the line is one peer. */
export class SerialLine {
  /** Resolves when the port has been released; with the loss, unless the server closed it. */
  readonly left: Promise<Loss | undefined>;
  readonly #host: LineHost;
  readonly #port: Port;
  readonly #release: () => Promise<void>;
  readonly #echo: EchoFilter | undefined;
  readonly #sender: Sender;
  #listener: LineListener | undefined;
  #resolveLeft: (loss: Loss | undefined) => void = () => undefined;
  #leaving = false;
  #error: Error | undefined;

  /** @param release closes the port, unless it belongs to the program. */
  constructor(host: LineHost, port: Port, options: LineOptions, release: () => Promise<void>) {
    this.#host = host;
    this.#port = port;
    this.#release = release;
    this.#echo = options.discardEcho ? new EchoFilter() : undefined;
    this.#sender = this.#createSender(options);
    this.left = new Promise((resolve) => {
      this.#resolveLeft = resolve;
    });
    port.on('data', this.#onData).on('drain', this.#onDrain).on('end', this.#onEnd);
    port.on('error', this.#onError).on('close', this.#onClose).on('overrun', this.#onOverrun);
    this.#listener = this.#connect(options);
    if (this.#listener === undefined) void this.#leave();
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

  #connect({ peer, manners, state }: LineOptions): LineListener | undefined {
    return this.#host.connect({
      peer,
      manners,
      state,
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
    if (bytes.length > 0) this.#listener?.receive(bytes);
  };

  readonly #onDrain = () => this.#listener?.drained();

  readonly #onEnd = () => this.#listener?.inputEnded();

  readonly #onOverrun = (count = 1) => this.#listener?.overrun(count);

  readonly #onError = (thrown: unknown) => {
    if (this.#leaving) return;
    const error = asError(thrown);
    this.#error = error;
    this.#listener?.failed(error);
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
    if (this.#listener !== undefined) this.#host.disconnect(this.#listener, this.#error);
    this.#resolveLeft(this.#loss());
  }

  /** A line whose framing has failed counts as lost, like one whose port has: reopening may help both. */
  #loss(): Loss | undefined {
    const reason = this.#listener?.closeReason;
    if (reason === undefined) return { error: this.#error };
    return reason.code === 'INVALID_FRAME' ? { error: reason } : undefined;
  }
}
