import type { Unit } from 'busbar';
import { type DroppedEvent, levelStore, Storage } from 'busbar/storage';
import { ClassicLevel } from 'classic-level';
import type { KeepOptions } from '../config/keep.js';
import type { DeviceBacking } from './backing.js';
import { MeasuredStore } from './measured-store.js';

/** Keeps the values of units in a folder. */
export class Keeping implements DeviceBacking {
  readonly storage: Storage;
  readonly store: MeasuredStore;
  readonly #options: KeepOptions;
  #restored = 0;
  #dropped: DroppedEvent[] = [];
  /** Why the store fails at present. */
  problem: string | undefined;

  private constructor(storage: Storage, store: MeasuredStore, options: KeepOptions) {
    this.storage = storage;
    this.store = store;
    this.#options = options;
    storage.on('failed', ({ error }) => {
      this.problem = error.message;
    });
    storage.on('recovered', () => {
      this.problem = undefined;
    });
  }

  /** @throws StorageError, OptionsError */
  static async open(options: KeepOptions): Promise<Keeping> {
    const { folder, named: _, ...times } = options;
    const store = new MeasuredStore(levelStore(new ClassicLevel(folder)));
    return new Keeping(await Storage.open({ ...times, store }), store, options);
  }

  async take(unit: Unit): Promise<boolean> {
    const { values, dropped } = await this.storage.keep(unit);
    this.#restored += values;
    this.#dropped.push(...dropped);
    return values > 0;
  }

  replace(before: Unit, after: Unit): void {
    this.storage.replace(before, after);
  }

  release(unit: Unit): Promise<void> {
    return this.storage.release(unit);
  }

  /** How values are kept. */
  get kept(): Pick<KeepOptions, 'mode'> & { readonly folder: string; readonly restored: number } {
    const { named: folder, mode } = this.#options;
    return { folder, mode, restored: this.#restored };
  }

  /** What was kept and has no place any more; each is given once. */
  takeDropped(): readonly DroppedEvent[] {
    return this.#dropped.splice(0);
  }

  get refusal(): string | undefined {
    if (this.storage.state === 'closed') return 'the store is closed';
    return this.#options.mode === 'durable' ? this.problem : undefined;
  }

  get unready(): string | undefined {
    return this.problem;
  }

  async settled(): Promise<void> {
    if (this.#options.mode === 'durable') await this.storage.flush();
  }

  leads(): boolean {
    return true;
  }

  close(): Promise<void> {
    return this.storage.close();
  }
}
