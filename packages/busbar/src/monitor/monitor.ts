import { type Checks, checkOptions, integer, oneOf, withDefault } from '../checks.js';
import { LineCounters } from '../counters.js';
import { Emitter, emitError, tell } from '../emit.js';
import type { FramingName, StandardFraming } from '../framing/framing.js';
import { checkSilence } from '../framing/framings.js';
import {
  defaultDataBits,
  fitFraming,
  lineFraming,
  SERIAL_FRAMING_NAMES,
  type SerialFramingName,
} from '../framing/serial-framing.js';
import { Lifecycle } from '../lifecycle.js';
import { Pairing } from '../protocol/pairing.js';
import type { Link } from '../transport/link.js';
import { type PortEvents, SerialTransport } from '../transport/serial/listen.js';
import { LINE_CHECKS, type LineSource } from '../transport/serial/options.js';
import type { TransportHost } from '../transport/transport.js';
import { type Heard, MonitoredLine } from './monitored-line.js';

export interface BusMonitorOptions extends LineSource {
  /** How PDUs are framed. Default `rtu`. */
  readonly framing?: SerialFramingName | undefined;
  /** As for servers: milliseconds without a byte after which an incomplete frame is discarded. */
  readonly silence?: number | undefined;
  /** Milliseconds after which the same bytes are a repeated request and not a late reply. Default 1000. */
  readonly replyTimeout?: number | undefined;
}

/** Something on the line. Times are in milliseconds since the epoch, as exact as the system's delivery of bytes. */
interface Overheard extends Heard {
  /** Milliseconds since the previous byte; undefined for the first. */
  readonly gap: number | undefined;
}

/** An intact frame of any station. */
export interface BusFrame extends Overheard {
  readonly kind: 'request' | 'reply';
  readonly framing: FramingName;
  readonly unitId: number;
  readonly pdu: Uint8Array;
  /** For a reply: its request, if that was heard. */
  readonly request?: BusFrame | undefined;
}

/** Bytes outside all intact frames. For ASCII framing, only the bytes that could be decoded. */
export interface BusNoise extends Overheard {
  readonly bytes: Uint8Array;
}

/** Events of a monitor. An event listener that throws does no harm: it raises an `error` event. */
export interface BusMonitorEvents extends PortEvents {
  frame: [frame: BusFrame];
  noise: [noise: BusNoise];
  /** A request got no reply before the next one came. Not raised for broadcasts. */
  unanswered: [request: BusFrame];
  /**
   * The port had an error but is still open, or an event listener threw. Without a listener it is a process warning.
   */
  error: [error: Error];
  /** It has ended: the port is closed. */
  close: [];
}

const DEFAULT_REPLY_TIMEOUT = 1000;
const MAX_TIME = 0x7fffffff;
const READ_AT_ONCE = 65_536;

const CHECKS = {
  ...LINE_CHECKS,
  dataBits: fitFraming(LINE_CHECKS.dataBits),
  framing: withDefault(oneOf(SERIAL_FRAMING_NAMES), 'rtu'),
  silence: checkSilence,
  replyTimeout: withDefault(integer(1, MAX_TIME), DEFAULT_REPLY_TIMEOUT),
} satisfies Checks<BusMonitorOptions>;

/**
 * Listens to a serial line without ever sending. Reports the requests and replies of all stations, which reply belongs
 * to which request, and all other bytes.
 */
export class BusMonitor extends Emitter<BusMonitorEvents> {
  readonly #counters = new LineCounters();
  readonly #framing: StandardFraming;
  readonly #silence: number;
  readonly #transport: SerialTransport;
  readonly #pairing: Pairing<BusFrame>;
  readonly #life = new Lifecycle();
  #link: Link | undefined;
  #line: MonitoredLine | undefined;
  #lastEnd: number | undefined;

  /** @throws OptionsError with the paths of all wrong options. */
  constructor(options: BusMonitorOptions) {
    super();
    const checked = checkOptions(options, CHECKS);
    const { framing, silence, replyTimeout } = checked;
    this.#transport = new SerialTransport(checked, { dataBits: defaultDataBits(framing), unsentBytes: READ_AT_ONCE });
    this.#framing = lineFraming(framing, this.#transport.characterTime);
    this.#silence = silence ?? this.#framing.silence;
    this.#pairing = new Pairing(replyTimeout);
  }

  /** The line's counters since the monitor was created; all frames count as foreign. */
  get counters(): Readonly<LineCounters> {
    return this.#counters;
  }

  get listening(): boolean {
    return this.#life.state === 'listening';
  }

  /**
   * Opens the port; resolves when the monitor listens to it.
   * @throws ListenError with the system's code (`ENOENT`, `EACCES`, `EBUSY`, …), StateError `ALREADY_LISTENING`.
   */
  async listen(): Promise<this> {
    await this.#life.open(`the monitor of ${this.#transport.describe()}`, () => this.#transport.open(this.#host()));
    return this;
  }

  /** Closes the port, after reporting frames that were still waiting. Does nothing if it isn't listening. */
  close(): Promise<void> {
    const close = () => {
      this.#line?.inputEnded();
      const closed = this.#transport.close();
      this.#link?.destroy();
      return closed;
    };
    return this.#life.close(close, () => this.#tell('close'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #host(): Pick<TransportHost<PortEvents>, 'connect' | 'ended' | 'tell'> {
    return {
      connect: (link) => {
        this.#link = link;
        this.#line = this.#createLine();
        return this.#line;
      },
      ended: () => void this.close(),
      tell: (event, ...details) => tell(this, event, details),
    };
  }

  #createLine(): MonitoredLine {
    return new MonitoredLine(this.#framing, this.#silence, this.#transport.characterTime, this.#counters, {
      frame: (unitId, pdu, times) => this.#hearFrame(unitId, pdu, times),
      noise: (bytes, times) => this.#tell('noise', { ...times, gap: this.#gapBefore(times), bytes }),
      failed: (error) => this.#hearError(error),
      ended: () => this.#link?.destroy(),
      closed: () => {
        this.#link = undefined;
      },
    });
  }

  #hearFrame(unitId: number, pdu: Uint8Array, times: Heard): void {
    const heard = { ...times, gap: this.#gapBefore(times), framing: this.#framing.name, unitId, pdu };
    const judged = this.#pairing.judge(heard);
    if (judged.kind === 'reply') {
      this.#tell('frame', { ...heard, kind: 'reply', ...(judged.request && { request: judged.request }) });
      return;
    }
    const request: BusFrame = { ...heard, kind: 'request' };
    const unanswered = this.#pairing.ask(request);
    if (unanswered !== undefined) this.#tell('unanswered', unanswered);
    this.#tell('frame', request);
  }

  /** If the port is lost by the error, `portLost` reports it, and once is enough. */
  #hearError(error: Error): void {
    setImmediate(() => {
      if (this.#link !== undefined) this.#report(error);
    });
  }

  #gapBefore({ start, end }: Heard): number | undefined {
    const before = this.#lastEnd;
    this.#lastEnd = end;
    return before === undefined ? undefined : Math.max(0, start - before);
  }

  #tell<E extends keyof BusMonitorEvents>(event: E, ...details: BusMonitorEvents[E]): void {
    tell(this, event, details);
  }

  #report(error: Error): void {
    emitError(this, error);
  }
}
