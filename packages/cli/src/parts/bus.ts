import { ListenError } from 'busbar';
import { BusMonitor, type CaptureFile, captureMonitor } from 'busbar/monitor';
import { type Part, PartError } from '../app/part.js';
import { shown } from '../ground/shown.js';
import { describeListener } from '../listeners/describe.js';
import { usageError } from '../listeners/refused.js';
import type { SerialListener } from '../listeners/schema.js';
import { logBus } from '../log/bus.js';
import type { Logger } from '../log/logger.js';

/** A serial line that is monitored. */
export class BusPart implements Part {
  readonly #bus: BusMonitor;
  readonly #line: SerialListener;
  readonly #log: Logger;

  /** @throws UsageError */
  constructor(line: SerialListener, log: Logger) {
    this.#bus = createMonitor(line);
    this.#line = line;
    this.#log = log;
  }

  captureTo(capture: CaptureFile): void {
    captureMonitor(capture, this.#bus, this.#line.path);
  }

  async start(): Promise<void> {
    const { path } = this.#line;
    logBus(this.#bus, path, this.#log);
    try {
      await this.#bus.listen();
    } catch (error) {
      if (!(error instanceof ListenError)) throw error;
      throw new PartError({ event: 'listenFailed', text: error.message, code: error.code });
    }
    const [where] = describeListener(this.#line);
    this.#log.announce({ event: 'listening', text: `${where} is listened to`, path }, `${shown(where)}; Ctrl-C stops`);
  }

  async stop(): Promise<void> {
    await this.#bus.close();
  }
}

function createMonitor({ type, reconnect, ...source }: SerialListener): BusMonitor {
  try {
    return new BusMonitor(source);
  } catch (error) {
    throw usageError(error, `--serial ${source.path}`);
  }
}
