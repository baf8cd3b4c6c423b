import { crc32 } from 'node:zlib';
import type { BackedRequest, Backing, MemoryChange } from '../data/backing.js';
import type { ChangeSource, WholeChange } from '../data/change-event.js';
import type { Unit } from '../data/unit.js';
import { asError, StorageError } from '../errors.js';
import type { Restored } from './events.js';
import { type Fate, regionOf, storedWhole, wholePart } from './parts.js';
import type { Region } from './region.js';
import { type Restoring, restore } from './restore.js';

/** Puts changes into the store. */
export interface ChangeWriter {
  /** A unit has changes that the store does not have. */
  changed(unit: KeptUnit): void;
  /** @throws ModbusException while the store fails. */
  requireStore(): void;
  /** Resolves when all changes so far are on disk. Rejects with a ModbusException. */
  committed(): Promise<void>;
}

/** The `by` of changes that put back what was kept, or take back what could not be. */
const SOURCE = 'storage';
/** The entry by which a unit's entries are known to be complete. */
const DIGEST = 'digest';
/** Pages that a file can have. */
const FILE_PAGES = Math.ceil(10_000 / 128);

/** A unit whose values are kept: it knows what of it is not on disk. */
export class KeptUnit implements Backing, Restoring {
  readonly name = 'a storage';
  readonly unit: Unit;
  /** Undefined where clients do not wait until a write is on disk. */
  readonly write: ((request: BackedRequest) => number | Promise<number>) | undefined;
  readonly #writer: ChangeWriter;
  /** Tables and files, by the names of their parts: `holdingRegisters`, `files/7`. */
  readonly #regions = new Map<string, Region>();
  /** Those with changes that are not on disk. */
  readonly #changed = new Set<string>();
  /** Entries of parts that are kept as a whole, and those to delete, which no batch has taken. */
  #whole = new Set<string>();
  /** Those of the batch under way. */
  #flying: ReadonlySet<string> = new Set();
  /** Files and queues that the program has created or deleted. */
  readonly #made = new Set<string>();
  /**
   * CRCs of the entries, as they are in the store or on their way, and all of them combined by XOR. Those that are deleted
   * have 0: they are in the store as long as the batch that deletes them has not been written.
   */
  readonly #sums: Map<string, number>;
  #digest = 0;
  /** Entries of the unit before this one, of which nothing is kept unless it changes again. */
  readonly #doomed: Set<string>;
  /** A client's request is carried out that waits until it is on disk. */
  #owing = false;

  /** @param before whose place it takes, with the same id. */
  constructor(unit: Unit, writer: ChangeWriter, durable: boolean, before?: KeptUnit) {
    this.unit = unit;
    this.#writer = writer;
    this.write = durable ? (request) => this.#write(request) : undefined;
    this.#sums = new Map(before === undefined ? [] : before.#sums);
    this.#digest = before === undefined ? 0 : before.#digest;
    this.#doomed = new Set(this.#sums.keys());
  }

  #write(request: BackedRequest): number | Promise<number> {
    this.#writer.requireStore();
    if (request.custom) return this.#writeCustom(request);
    this.#owing = true;
    const result = request.run();
    this.#owing = false;
    // A request that is refused has changed nothing.
    return typeof result === 'number' && result < 0 ? result : this.#writer.committed().then(() => result);
  }

  /** What a user's code changes stays, as its other effects do. */
  async #writeCustom(request: BackedRequest): Promise<number> {
    const result = await request.run();
    await this.#writer.committed();
    return result;
  }

  changed(change: MemoryChange, _by: ChangeSource, requested: boolean): void {
    if (!('before' in change)) this.#changedWhole(change);
    else if (change.part === 'files') this.#changedRange(`files/${change.file}`, change.record, change, requested);
    else this.#changedRange(change.part, change.address, change, requested);
    this.#writer.changed(this);
  }

  #changedRange(
    part: string,
    at: number,
    { before, after }: Extract<MemoryChange, { before: Uint8Array }>,
    requested: boolean,
  ): void {
    this.region(part).changed(at, before, after, requested && this.#owing);
    this.#changed.add(part);
  }

  #changedWhole(change: WholeChange): void {
    const part = wholePart(change);
    if (part === undefined) return;
    this.#whole.add(part);
    if (!('action' in change) || (change.action !== 'create' && change.action !== 'delete')) return;
    this.#made.add(part);
    if (change.part === 'files') this.#replaceFile(part);
  }

  /** Another file is there, or none: what was kept of its records goes. */
  #replaceFile(part: string): void {
    for (let page = 0; page < FILE_PAGES; page++) {
      if (this.#sums.has(`${part}/${page}`)) this.#whole.add(`${part}/${page}`);
    }
    this.#regions.delete(part);
    this.region(part).changedWhole();
    this.#changed.add(part);
  }

  region(part: string): Region {
    const region = this.#regions.get(part) ?? regionOf(this.unit, part);
    this.#regions.set(part, region);
    return region;
  }

  /** Takes what has changed into a batch. */
  collect(entries: Map<string, Uint8Array | undefined>): void {
    const take = (name: string, stored: Uint8Array | undefined) => {
      this.#sum(name, stored);
      entries.set(this.#key(name), stored);
    };
    for (const name of this.#doomed) take(name, undefined);
    for (const name of this.#whole) take(name, storedWhole(this.unit, name, this.#made.has(name)));
    for (const part of this.#changed) this.region(part).collect((page, stored) => take(`${part}/${page}`, stored));
    this.#flying = this.#whole;
    this.#whole = new Set();
    entries.set(this.#key(DIGEST), digestEntry(this.#digest));
  }

  /** The batch is on disk. */
  written(): void {
    this.#flying = new Set();
    this.#doomed.clear();
    for (const part of this.#changed) {
      this.region(part).written();
      if (this.region(part).clean) this.#changed.delete(part);
    }
  }

  /** The store has failed: takes back what clients wait for. All that has changed is to be written again. */
  failed(): void {
    for (const name of this.#flying) this.#whole.add(name);
    this.#flying = new Set();
    this.unit.as(SOURCE, () => {
      for (const part of [...this.#changed]) this.region(part).failed();
    });
  }

  /** Puts back what was kept. @param stored entries by name. @throws StorageError `STORE_CORRUPT` */
  restore(stored: ReadonlyMap<string, Uint8Array>): Restored {
    const others = new Map(stored);
    others.delete(DIGEST);
    for (const [name, value] of others) this.#sum(name, value);
    const digest = stored.get(DIGEST) ?? digestEntry(0);
    if (Buffer.compare(digest, digestEntry(this.#digest)) !== 0) throw this.#corrupt('entries are missing or changed');
    try {
      return this.unit.as(SOURCE, () => restore(others, this));
    } catch (error) {
      throw this.#corrupt(asError(error).message, error);
    }
  }

  /** Something is to be written, such as that what was dropped is gone. */
  get dirty(): boolean {
    for (const [part, region] of this.#regions) if (!region.clean) this.#changed.add(part);
    return this.#changed.size > 0 || this.#whole.size > 0 || this.#doomed.size > 0;
  }

  restored(part: string, fate: Fate): void {
    if (fate === 'made') this.#made.add(part);
    if (fate === 'dropped') this.#whole.add(part);
  }

  #corrupt(problem: string, cause?: unknown): StorageError {
    const message = `what the store has of unit ${this.unit.id} is damaged: ${problem}. Put back a copy of it, or reset it`;
    return new StorageError('STORE_CORRUPT', message, { cause });
  }

  #key(name: string): string {
    return `${this.unit.id}/${name}`;
  }

  #sum(name: string, stored: Uint8Array | undefined): void {
    const before = this.#sums.get(name) ?? 0;
    const sum = stored === undefined ? 0 : crc32(stored, crc32(name));
    this.#digest = (this.#digest ^ before ^ sum) >>> 0;
    this.#sums.set(name, sum);
  }
}

function digestEntry(digest: number): Uint8Array {
  const entry = new Uint8Array(4);
  new DataView(entry.buffer).setUint32(0, digest);
  return entry;
}
