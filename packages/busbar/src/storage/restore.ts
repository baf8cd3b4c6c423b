import type { Place } from '../data/change-event.js';
import type { Unit } from '../data/unit.js';
import type { Range } from '../protocol/address-range.js';
import { TABLE_NAMES } from '../protocol/tables.js';
import type { DroppedEvent, Restored } from './events.js';
import { type Fate, restoreWhole } from './parts.js';
import type { Region } from './region.js';

/** Who is told of what becomes of the entries. */
export interface Restoring {
  readonly unit: Unit;
  region(part: string): Region;
  /** What has become of a part that is kept as a whole. */
  restored(part: string, fate: Fate): void;
}

/** An entry's name: a page of a table or a file, or a part as a whole. */
interface EntryName {
  readonly name: string;
  readonly part: string;
  readonly page: number | undefined;
}

function parseName(name: string): EntryName {
  const end = name.lastIndexOf('/');
  const part = name.slice(0, Math.max(0, end));
  const isPage = TABLE_NAMES.some((table) => table === part) || part.includes('/');
  return isPage ? { name, part, page: Number(name.slice(end + 1)) } : { name, part: name, page: undefined };
}

/** Puts the entries of a unit back, as far as it has a place for them. Throws if one is nothing that was kept. */
export function restore(stored: ReadonlyMap<string, Uint8Array>, into: Restoring): Restored {
  const names = [...stored.keys()].map(parseName);
  const dropped = new Dropped(into.unit);
  let values = 0;
  // Which files there are is known before their records come.
  for (const { name, page } of names) if (page === undefined) values += restorePart(name);
  for (const { name, part, page } of inOrder(names)) values += restorePage(name, part, page);
  return { values, dropped: dropped.events };

  function restorePart(name: string): number {
    const fate = restoreWhole(into.unit, name, bytesOf(name));
    into.restored(name, fate);
    if (fate === 'dropped') dropped.addPart(name);
    return fate === 'dropped' ? 0 : 1;
  }

  function restorePage(name: string, part: string, page: number): number {
    const count = into.region(part).restore(page, bytesOf(name), (range) => dropped.addRange(part, range));
    if (count === undefined) throw new TypeError(`${name} is no page`);
    return count;
  }

  function bytesOf(name: string): Uint8Array {
    return stored.get(name) ?? new Uint8Array();
  }
}

/** The pages, by part and number, so that dropped ranges are told in one piece. */
function inOrder(names: readonly EntryName[]): (EntryName & { readonly page: number })[] {
  const pages = names.filter((entry): entry is EntryName & { page: number } => entry.page !== undefined);
  return pages.sort((a, b) => (a.part === b.part ? a.page - b.page : a.part < b.part ? -1 : 1));
}

/** Collects what a unit has no place for. */
class Dropped {
  readonly events: DroppedEvent[] = [];
  readonly #unit: Unit;

  constructor(unit: Unit) {
    this.#unit = unit;
  }

  addPart(name: string): void {
    const [part, number] = name.split('/');
    const place =
      part === 'fifos'
        ? { part, pointer: Number(number) }
        : part === 'files'
          ? { part, file: Number(number) }
          : { part };
    this.events.push({ unit: this.#unit, ...(place as Place) });
  }

  addRange(name: string, { start, count }: Range): void {
    const last = this.events.at(-1);
    const [part, number] = name.split('/');
    const place =
      part === 'files'
        ? { part, file: Number(number), record: start, quantity: count }
        : { part, address: start, quantity: count };
    const joined = last && join(last, place as Place);
    if (joined !== undefined) this.events[this.events.length - 1] = joined;
    else this.events.push({ unit: this.#unit, ...(place as Place) });
  }
}

/** A range with its neighbour behind it; undefined if it is none. */
function join(event: DroppedEvent, next: Place): DroppedEvent | undefined {
  if ('address' in event && 'address' in next) {
    if (event.part !== next.part || event.address + event.quantity !== next.address) return undefined;
    return { ...event, quantity: event.quantity + next.quantity };
  }
  if (!('file' in event && 'file' in next) || event.record === undefined || next.record === undefined) return undefined;
  if (event.file !== next.file || event.record + event.quantity !== next.record) return undefined;
  return { ...event, quantity: event.quantity + next.quantity };
}
