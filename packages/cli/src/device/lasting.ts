import type { Unit } from 'busbar';
import type { Simulator } from 'busbar-simulator';
import type { Setup } from '../config/setup.js';
import { Failure } from '../ground/failure.js';
import { unitName } from '../listeners/unit-name.js';
import type { DeviceBacking } from './backing.js';
import type { Entry } from './carry-over.js';
import type { Keeping } from './keeping.js';
import type { Pairing } from './pairs.js';
import type { Sharing } from './sharing.js';

/** Keys of a unit that take it out. */
type Flags = { readonly keep?: boolean | undefined; readonly share?: boolean | undefined };

/** Sees to it that the values of a device last: in a store, in an image that servers share, or not at all. */
export class Lasting {
  keeping: Keeping | undefined;
  sharing: Sharing | undefined;
  readonly #simulator: Simulator;
  readonly #taken = new Set<Unit>();
  #closed: Promise<void> | undefined;

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
  }

  /** The units whose values last. */
  get units(): ReadonlySet<Unit> {
    return this.#taken;
  }

  get #backing(): DeviceBacking | undefined {
    return this.keeping ?? this.sharing;
  }

  /**
   * Opens what a setup asks for, and takes in its units.
   * @param reset whether what was kept is forgotten. @throws StorageError, SharingError, OptionsError
   */
  async open({ keep, share, units, content }: Setup, reset: boolean): Promise<void> {
    if (keep !== undefined) this.keeping = await (await import('./keeping.js')).Keeping.open(keep);
    if (reset) await this.keeping?.storage.reset();
    if (share !== undefined) this.sharing = await (await import('./sharing.js')).Sharing.open(share);
    const { sharing } = this;
    if (sharing !== undefined) {
      this.#simulator.leads = (unit) => !this.#taken.has(unit) || sharing.leads(unit);
      this.#simulator.clientSources = ['sharing'];
    }
    await this.take(units.filter((_, i) => this.wants(content?.units[i])));
  }

  /** Whether a unit with these keys is to be taken in. */
  wants({ keep = true, share = true }: Flags = {}): boolean {
    return this.keeping === undefined ? this.sharing !== undefined && share : keep;
  }

  /** Takes in units, all or none. */
  async take(units: readonly Unit[]): Promise<void> {
    const taken: Unit[] = [];
    try {
      for (const unit of units) {
        if (await this.#backing?.take(unit)) this.#simulator.takeUp(unit);
        taken.push(unit);
        this.#taken.add(unit);
      }
    } catch (error) {
      await this.#release(taken);
      throw error;
    }
  }

  /**
   * Takes the step from some units to others: takes in those that come, and releases those that go.
   * @param open what may fail; then nothing has changed. @param commit gives the new units to the servers, with the values
   * of those before them.
   */
  async around(
    { added, changed, removed }: Pairing<Entry>,
    open: () => Promise<void>,
    commit: () => void,
  ): Promise<void> {
    const pairs = changed
      .map(({ before, after }) => ({ before: before.unit, after: after.unit }))
      .filter(({ before }) => this.#taken.has(before));
    for (const { before, after } of pairs) this.#checkReplaceable(before, after);
    const coming = added.filter(({ content }) => this.wants(Object(content))).map(({ unit }) => unit);
    await this.take(coming);
    try {
      await open();
    } catch (error) {
      await this.#release(coming);
      throw error;
    }
    for (const { before, after } of pairs) this.#replace(before, after);
    commit();
    await this.#release(removed.map(({ unit }) => unit));
  }

  /** @throws Failure if a unit has to stay as it is. */
  #checkReplaceable(before: Unit, after: Unit): void {
    const isReplaceable = this.#backing?.replace !== undefined;
    if (isReplaceable && before.id === after.id) return;
    const [change, reason] = isReplaceable ? ['get another id', 'kept by its id'] : ['change', 'shared'];
    throw new Failure(
      `${unitName(before)} can ${change} only when busbar is started again, as its values are ${reason}`,
    );
  }

  #replace(before: Unit, after: Unit): void {
    this.#taken.delete(before);
    this.#taken.add(after);
    this.#backing?.replace?.(before, after);
  }

  /** Never rejects: a step that is made, or given up, is so though a store fails, which tells of that itself. */
  async #release(units: readonly Unit[]): Promise<void> {
    const released = units.filter((unit) => this.#taken.delete(unit));
    await Promise.allSettled(released.map((unit) => this.#backing?.release(unit)));
  }

  /** Why clients cannot write to a unit now; undefined: they can. */
  refusal(unit: Unit): string | undefined {
    return this.#taken.has(unit) ? this.#backing?.refusal : undefined;
  }

  /** Why clients should go to another server; undefined: they need not. */
  get unready(): string | undefined {
    return this.#backing?.unready;
  }

  /** Resolves when what was set so far is as safe as what clients write. @throws StorageError, SharingError */
  async settled(units: Iterable<Unit>): Promise<void> {
    for (const unit of units) if (this.#taken.has(unit)) await this.#backing?.settled(unit);
  }

  /** Writes what is not written yet. @throws StorageError */
  close(): Promise<void> {
    this.#closed ??= this.#backing?.close() ?? Promise.resolve();
    return this.#closed;
  }
}
