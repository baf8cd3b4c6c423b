import { lastingFailure, lastingLines, prepare } from '../app/lasting.js';
import type { Part } from '../app/part.js';
import type { Device } from '../device/device.js';
import type { Keeping } from '../device/keeping.js';
import { endByForceIf } from '../ground/output.js';
import type { Logger } from '../log/logger.js';
import { logDropped, logStorage } from '../log/storage.js';

/** The store of `keep`. It opens before anybody can write. */
export class StoragePart implements Part {
  readonly #device: Device;
  readonly #isReset: boolean;
  readonly #log: Logger;

  /** @param isReset whether what was kept is forgotten. */
  constructor(device: Device, isReset: boolean, log: Logger) {
    this.#device = device;
    this.#isReset = isReset;
    this.#log = log;
  }

  async start(): Promise<void> {
    const lasting = await prepare(this.#device);
    const { keeping } = lasting;
    if (keeping === undefined) return;
    endByForceIf(() => keeping.store.busy);
    const { folder, mode } = keeping.kept;
    const text = `what was kept in ${folder} is forgotten, as --reset asks for it`;
    if (this.#isReset) this.#log.log('info', { event: 'storeReset', text, folder });
    for (const line of lastingLines(lasting)) this.#log.announce({ event: 'kept', text: line, folder, mode });
    logStorage(keeping.storage, keeping.kept, this.#log);
    this.#logDropped(keeping);
    this.#device.on('reloaded', () => this.#logDropped(keeping));
  }

  #logDropped(keeping: Keeping): void {
    for (const dropped of keeping.takeDropped()) logDropped(dropped, this.#log);
  }

  /** The device closes the store when its listeners have closed; here it is closed if those have never opened. */
  async stop(): Promise<void> {
    try {
      await this.#device.close();
    } catch (error) {
      throw lastingFailure(error);
    }
  }
}
