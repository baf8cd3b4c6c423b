import type { Unit } from 'busbar';
import { lastingFailure, lastingLines, prepare } from '../app/lasting.js';
import type { Part } from '../app/part.js';
import type { Device } from '../device/device.js';
import type { Logger } from '../log/logger.js';
import { logSharing } from '../log/sharing.js';

/** The image of `share`. The units have its values before anybody can write. */
export class SharingPart implements Part {
  readonly #device: Device;
  readonly #log: Logger;

  constructor(device: Device, log: Logger) {
    this.#device = device;
    this.#log = log;
  }

  async start(): Promise<void> {
    const lasting = await prepare(this.#device);
    const { sharing } = lasting;
    if (sharing === undefined) return;
    const { image, place: redis } = sharing.shared;
    for (const line of lastingLines(lasting)) this.#log.announce({ event: 'shared', text: line, image, redis });
    const moves = (unit: Unit) => this.#device.simulator.units.includes(unit);
    logSharing(sharing.image, sharing.shared, moves, this.#log);
  }

  /** The device leaves the image when its listeners have closed; here it does if those have never opened. */
  async stop(): Promise<void> {
    try {
      await this.#device.close();
    } catch (error) {
      throw lastingFailure(error);
    }
  }
}
