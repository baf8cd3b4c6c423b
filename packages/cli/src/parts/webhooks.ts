import type { Services } from '../api/services.js';
import type { Webhooks } from '../api/webhooks/webhooks.js';
import type { Part } from '../app/part.js';
import type { Device } from '../device/device.js';
import type { Logger } from '../log/logger.js';

/** The webhooks of the config, as it is now. */
export class WebhooksPart implements Part {
  readonly #device: Device;
  readonly #log: Logger;
  readonly #services: () => Promise<Services>;
  /** Loaded and made as soon as there is one. */
  #webhooks: Promise<Webhooks> | undefined;

  constructor(device: Device, log: Logger, services: () => Promise<Services>) {
    this.#device = device;
    this.#log = log;
    this.#services = services;
  }

  async start(): Promise<void> {
    await this.#apply();
    this.#device.on('reloaded', this.#reloaded);
  }

  async stop(): Promise<void> {
    this.#device.off('reloaded', this.#reloaded);
    (await this.#webhooks)?.stop();
  }

  readonly #reloaded = (): void => void this.#apply();

  async #apply(): Promise<void> {
    const { webhooks = [] } = this.#device.setup.content ?? {};
    if (this.#webhooks === undefined && webhooks.length === 0) return;
    this.#webhooks ??= this.#load();
    (await this.#webhooks).replace(webhooks);
  }

  async #load(): Promise<Webhooks> {
    const [{ Webhooks }, { feed }] = await Promise.all([import('../api/webhooks/webhooks.js'), this.#services()]);
    return new Webhooks(this.#device, feed, this.#log);
  }
}
