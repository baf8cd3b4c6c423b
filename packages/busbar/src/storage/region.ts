import { BitTable } from '../data/bit-table.js';
import type { RegisterTable } from '../data/registers.js';
import type { Range } from '../protocol/address-range.js';
import { toBooleans } from '../protocol/bits.js';
import { readRegisters } from '../protocol/bytes.js';
import { add, decodePage, encodePage, has, type PageForm } from './page.js';

/** A page with changes that are not on disk. */
interface Page {
  /** It has changes that no batch has taken. */
  dirty: boolean;
  /** Clients' among them, which are not answered yet. */
  owed: boolean;
  /** What the batch under way has of it. */
  flying: Uint8Array | undefined;
  /** What it has without the clients' changes that are not on disk: what it falls back to if the store fails. */
  confirmed: Uint8Array | undefined;
}

/** A table or a file of a unit, in pages of neighbouring addresses. Only what was ever changed is kept. */
export class Region {
  readonly #table: BitTable | RegisterTable | undefined;
  readonly #form: PageForm;
  readonly #ranges: readonly Range[];
  /** Behind the last address. */
  readonly #end: number;
  /** The addresses that are kept, one bit each. */
  #mask: Uint8Array | undefined;
  /** Those that have changes that are not on disk. */
  readonly #pages = new Map<number, Page>();

  /** @param table undefined if the unit has it no more: then all that was kept is dropped. */
  constructor(table: BitTable | RegisterTable | undefined, form: PageForm) {
    this.#table = table;
    this.#form = form;
    this.#ranges = table?.ranges ?? [];
    const last = this.#ranges.at(-1);
    this.#end = last === undefined ? 0 : last.start + last.count;
  }

  /** It has no changes that are not on disk. */
  get clean(): boolean {
    return this.#pages.size === 0;
  }

  /** All of it is to be kept. */
  changedWhole(): void {
    for (const { start, count } of this.#ranges) {
      this.#keep(start, count);
      for (const number of this.#numbers(start, count)) this.#page(number).dirty = true;
    }
  }

  /** A change is made. @param owed a client waits until it is on disk. */
  changed(address: number, before: Uint8Array, after: Uint8Array, owed: boolean): void {
    const count = after.length / this.#form.itemBytes;
    this.#keep(address, count);
    for (const number of this.#numbers(address, count)) {
      const page = this.#page(number);
      page.dirty = true;
      if (owed) {
        page.owed = true;
        page.confirmed ??= this.#overlay(this.#image(number), number, address, before);
      } else {
        // It stays, even if what clients have changed does not.
        if (page.confirmed !== undefined) this.#overlay(page.confirmed, number, address, after);
        if (page.flying !== undefined) this.#overlay(page.flying, number, address, after);
      }
    }
  }

  /** Takes the pages with changes into a batch; undefined for one of which nothing is kept any more. */
  collect(take: (number: number, stored: Uint8Array | undefined) => void): void {
    for (const [number, page] of this.#pages) {
      if (!page.dirty) continue;
      page.dirty = false;
      page.owed = false;
      page.flying = this.#image(number);
      const mask = this.#maskOf(number);
      take(number, mask.some((byte) => byte !== 0) ? encodePage(this.#form, mask, page.flying) : undefined);
    }
  }

  /** The batch is on disk. */
  written(): void {
    for (const [number, page] of this.#pages) {
      // One that was not in it keeps what it falls back to.
      if (page.flying === undefined) continue;
      page.confirmed = page.owed ? page.flying : undefined;
      page.flying = undefined;
      if (!page.dirty) this.#pages.delete(number);
    }
  }

  /** The store has failed: takes back what clients wait for. Only then does it write into the table. */
  failed(): void {
    const back: [number, Uint8Array][] = [];
    for (const [number, page] of this.#pages) {
      if (page.confirmed !== undefined) back.push([number, page.confirmed]);
      this.#pages.set(number, { dirty: true, owed: false, flying: undefined, confirmed: undefined });
    }
    for (const [number, image] of back) this.#restoreImage(number, image);
  }

  /**
   * Puts a stored page back. @param dropped is told of the addresses that do not exist any more.
   * @returns how many items are back; undefined if it is no page.
   */
  restore(number: number, stored: Uint8Array, dropped: (range: Range) => void): number | undefined {
    const decoded = decodePage(this.#form, stored);
    if (decoded === undefined) return undefined;
    const { itemBytes, items } = this.#form;
    let at = 0;
    let restored = 0;
    for (const { start, count } of runs(items, (i) => has(decoded.mask, i))) {
      const from = number * items + start;
      const offset = at - from;
      for (const part of this.#split({ start: from, count })) {
        if (part.exists) {
          const begin = (part.start + offset) * itemBytes;
          this.#set(part.start, decoded.kept.subarray(begin, begin + part.count * itemBytes));
          this.#keep(part.start, part.count);
          restored += part.count;
        } else {
          dropped({ start: part.start, count: part.count });
          this.#page(number).dirty = true;
        }
      }
      at += count;
    }
    return restored;
  }

  #restoreImage(number: number, image: Uint8Array): void {
    const { items, itemBytes } = this.#form;
    const now = this.#image(number);
    const differs = (i: number) =>
      now[i * itemBytes] !== image[i * itemBytes] || (itemBytes === 2 && now[2 * i + 1] !== image[2 * i + 1]);
    for (const { start, count } of runs(items, differs)) {
      for (const part of this.#split({ start: number * items + start, count })) {
        const begin = (part.start - number * items) * itemBytes;
        if (part.exists) this.#set(part.start, image.subarray(begin, begin + part.count * itemBytes));
      }
    }
  }

  #set(address: number, bytes: Uint8Array): void {
    const table = this.#table;
    if (table instanceof BitTable) table.set(address, toBooleans(bytes));
    else table?.set(address, readRegisters(bytes, 0, bytes.length / 2));
  }

  /** Divides a range into parts that exist or not. */
  *#split({ start, count }: Range): Iterable<Range & { exists: boolean }> {
    const end = start + count;
    let at = start;
    for (let i = this.#rangeAt(start); i < this.#ranges.length && this.#ranges[i].start < end; i++) {
      const range = this.#ranges[i];
      if (at < range.start) yield { start: at, count: range.start - at, exists: false };
      at = Math.max(at, range.start);
      const stop = Math.min(end, range.start + range.count);
      yield { start: at, count: stop - at, exists: true };
      at = stop;
    }
    if (at < end) yield { start: at, count: end - at, exists: false };
  }

  /** Index of the first range that ends behind an address. */
  #rangeAt(address: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { start, count } = this.#ranges[middle];
      if (start + count <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #image(number: number): Uint8Array {
    const { items, itemBytes } = this.#form;
    const image = new Uint8Array(items * itemBytes);
    for (const { start, count, exists } of this.#split({ start: number * items, count: items })) {
      if (exists && this.#table) image.set(this.#table.view(start, count), (start - number * items) * itemBytes);
    }
    return image;
  }

  /** Puts into the image of a page what it has of these bytes. */
  #overlay(image: Uint8Array, number: number, address: number, bytes: Uint8Array): Uint8Array {
    const { items, itemBytes } = this.#form;
    const offset = (address - number * items) * itemBytes;
    const from = Math.max(0, -offset);
    const to = Math.min(bytes.length, image.length - offset);
    image.set(bytes.subarray(from, to), offset + from);
    return image;
  }

  #numbers(address: number, count: number): number[] {
    const { items } = this.#form;
    const first = Math.floor(address / items);
    return Array.from({ length: Math.ceil((address + count) / items) - first }, (_, i) => first + i);
  }

  #page(number: number): Page {
    const page = this.#pages.get(number) ?? { dirty: false, owed: false, flying: undefined, confirmed: undefined };
    this.#pages.set(number, page);
    return page;
  }

  #keep(address: number, count: number): void {
    const { items } = this.#form;
    this.#mask ??= new Uint8Array((Math.ceil(this.#end / items) * items) / 8);
    add(this.#mask, address, count);
  }

  #maskOf(number: number): Uint8Array {
    const size = this.#form.items / 8;
    const mask = new Uint8Array(size);
    if (this.#mask !== undefined) mask.set(this.#mask.subarray(number * size, (number + 1) * size));
    return mask;
  }
}

/** Runs of neighbouring numbers below `end` that are chosen. */
function* runs(end: number, chosen: (i: number) => boolean): Iterable<Range> {
  for (let start = 0; start < end; start++) {
    if (!chosen(start)) continue;
    let stop = start + 1;
    while (stop < end && chosen(stop)) stop++;
    yield { start, count: stop - start };
    start = stop;
  }
}
