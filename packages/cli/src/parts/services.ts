import type { Services } from '../api/services.js';
import type { Part } from '../app/part.js';
import { logReloadFailure } from '../app/reloads.js';
import type { DeviceChanges } from '../device/changes.js';
import type { Device } from '../device/device.js';
import type { Logger } from '../log/logger.js';

/** What the HTTP API and the webhooks share: it is loaded and made for the first of them that needs it. */
export class ServicesPart implements Part {
  readonly #device: Device;
  readonly #log: Logger;
  #services: Promise<Services> | undefined;

  constructor(device: Device, log: Logger) {
    this.#device = device;
    this.#log = log;
  }

  get(): Promise<Services> {
    this.#services ??= this.#load();
    return this.#services;
  }

  async #load(): Promise<Services> {
    const { Services } = await import('../api/services.js');
    return new Services(this.#device, this.#log, () => reload(this.#device, this.#log));
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    (await this.#services)?.stop();
  }
}

async function reload(device: Device, log: Logger): Promise<DeviceChanges> {
  try {
    return await device.reload();
  } catch (error) {
    logReloadFailure(error, device.file, log);
    throw error;
  }
}
