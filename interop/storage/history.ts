import type { Slot } from './slots.js';

/** A write that a client has sent. Times are counted, not measured: all of this happens in one process. */
export interface Write {
  readonly slot: Slot;
  readonly client: number;
  readonly content: readonly number[];
  /** Before it was sent. */
  readonly begin: number;
  /** After its reply had come; infinite while nothing is known of its fate. */
  end: number;
}

/** What clients have written, and what may be found of it after a crash. */
export class History {
  acknowledged = 0;
  /** Exception codes of refused writes. */
  readonly refusals: number[] = [];
  /** A refused write may yet be found, since the server dies before it can take it back. */
  refusedMayHappen = false;
  readonly #base = new Map<Slot, readonly number[]>();
  readonly #writes = new Map<Slot, Write[]>();
  #time = 0;

  begin(slot: Slot, client: number, content: readonly number[]): Write {
    const write = { slot, client, content, begin: ++this.#time, end: Number.POSITIVE_INFINITY };
    const writes = this.#writes.get(slot);
    if (writes === undefined) this.#writes.set(slot, [write]);
    else writes.push(write);
    return write;
  }

  acknowledge(write: Write): void {
    write.end = ++this.#time;
    this.acknowledged++;
  }

  /** A refused write must not have had any effect, if nothing else is said. */
  refuse(write: Write, exceptionCode: number): void {
    this.refusals.push(exceptionCode);
    if (this.refusedMayHappen) return;
    const others = this.#writes.get(write.slot)?.filter((other) => other !== write) ?? [];
    this.#writes.set(write.slot, others);
  }

  /** Writes whose fate is not known. */
  get open(): number {
    return [...this.#writes.values()].flat().filter(({ end }) => end === Number.POSITIVE_INFINITY).length;
  }

  /** What is wrong with the content that is found while no client writes. */
  faults(slots: readonly Slot[], find: (slot: Slot) => readonly number[]): string[] {
    return slots.flatMap((slot) => this.#faults(slot, find(slot)));
  }

  /**
   * The same. From then on, what is found is the truth: a write that was neither acknowledged nor found must not come
   * back.
   */
  check(slots: readonly Slot[], find: (slot: Slot) => readonly number[]): string[] {
    const faults = this.faults(slots, find);
    for (const slot of slots) this.#base.set(slot, find(slot));
    this.#writes.clear();
    return faults;
  }

  #faults(slot: Slot, found: readonly number[]): string[] {
    const base = { client: -1, content: this.#base.get(slot) ?? slot.content(0).fill(0), begin: 0, end: 0 };
    const writes = this.#writes.get(slot) ?? [];
    const all = [base, ...writes];
    const possible = all.filter((one) => !writes.some((next) => isAcknowledged(next) && isAfter(next, one)));
    const holds = ({ content }: { content: readonly number[] }) => String(content) === String(found);
    if (possible.some(holds)) return [];
    if (!all.some(holds)) return [`${slot.name}: half a write, or none that was sent: ${found.slice(0, 12)}`];
    const lost = writes.filter(isAcknowledged).at(-1);
    return [`${slot.name}: lost the acknowledged write ${lost?.content.slice(0, 12)}, found ${found.slice(0, 12)}`];
  }
}

function isAcknowledged({ end }: Pick<Write, 'end'>): boolean {
  return end !== Number.POSITIVE_INFINITY;
}

/** Whether `next` certainly came after `one`: sent after its reply, or later by the same client. */
function isAfter(next: Write, one: Pick<Write, 'client' | 'begin' | 'end'>): boolean {
  return next.begin > one.end || (next.client === one.client && next.begin > one.begin);
}
