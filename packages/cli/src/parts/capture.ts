import { CaptureFile, captureServer } from 'busbar/monitor';
import { type Part, PartError } from '../app/part.js';
import { amount } from '../ground/amount.js';
import { writeProblem } from '../ground/files.js';
import type { BoundServer } from '../listeners/server.js';
import type { Logger } from '../log/logger.js';

/** The file of `--pcap`. */
export class CapturePart implements Part {
  readonly #path: string;
  readonly #log: Logger;
  readonly #attach: (capture: CaptureFile) => void;
  #capture: CaptureFile | undefined;

  /** @param attach makes its traffic go to the capture. */
  constructor(path: string, log: Logger, attach: (capture: CaptureFile) => void) {
    this.#path = path;
    this.#log = log;
    this.#attach = attach;
  }

  async start(): Promise<void> {
    const path = this.#path;
    const onError = (error: Error) => {
      this.#log.log('warn', { event: 'captureEnded', text: `the capture ${path} ends here: ${error.message}`, path });
    };
    try {
      this.#capture = await CaptureFile.create(path, { onError });
    } catch (error) {
      const text = `--pcap ${path}: can't be written: ${writeProblem(error)}`;
      throw new PartError({ event: 'captureFailed', text, path });
    }
    this.#attach(this.#capture);
  }

  /** Completes the file, and says what is in it. */
  async stop(): Promise<void> {
    if (this.#capture === undefined) return;
    await this.#capture.close();
    const { path, packets, dropped } = this.#capture;
    const left = dropped === 0 ? '' : `; ${dropped} left out, as the disk was too slow or failed`;
    const text = `${path}: ${amount(packets, 'packet')}${left}`;
    this.#log.log('info', { event: 'captured', text, path, packets, dropped });
  }
}

/** Writes the traffic of a server to a capture. */
export function captureBound(capture: CaptureFile, bound: BoundServer): void {
  // Only now does its name contain its port.
  bound.server.once('listening', () => captureServer(capture, bound.server, bound.name));
}
