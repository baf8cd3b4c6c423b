import type { Dice } from './dice.js';

/** Indexes of bytes that come together with the one ahead of them, or apart from it. */
export interface Cuts {
  readonly never: ReadonlySet<number>;
  readonly always: ReadonlySet<number>;
}

/** How an operating system hands bytes over: when each of them comes, never one ahead of another. */
export interface Adapter {
  /**
   * @param arrivals when each byte has ended on the line.
   * @param earliest when what came before is handed over.
   */
  handOver(arrivals: readonly number[], earliest: number, cuts: Cuts): number[];
}

/** A piece of more bytes would look like silence: they come when the last one has. */
const LONGEST_WHOLE = 24;

/** One that cuts anywhere, and is late by any time. */
class BusySystem implements Adapter {
  readonly #dice: Dice;
  readonly #longest: number;
  readonly #latest: number;

  constructor(dice: Dice, longest: number, latest: number) {
    this.#dice = dice;
    this.#longest = longest;
    this.#latest = latest;
  }

  handOver(arrivals: readonly number[], earliest: number, cuts: Cuts): number[] {
    const dues: number[] = [];
    let due = earliest;
    for (let at = 0; at < arrivals.length; ) {
      const next = this.#cut(at, arrivals.length, cuts);
      due = Math.max(due, (arrivals[next - 1] ?? 0) + this.#dice.between(0, this.#latest));
      for (; at < next; at++) dues.push(due);
    }
    return dues;
  }

  #cut(at: number, length: number, { never, always }: Cuts): number {
    const next = [...always].find((index) => index > at) ?? length;
    if (always.has(at) && next < length) return Math.min(next, at + LONGEST_WHOLE);
    let cut = at + 1 + this.#dice.below(this.#longest);
    while (cut < next && never.has(cut)) cut++;
    return Math.min(cut, next);
  }
}

/** A USB adapter: it collects bytes until its timer tells. */
class UsbAdapter implements Adapter {
  readonly #phase: number;
  readonly #period: number;

  constructor(phase: number, period: number) {
    this.#phase = phase;
    this.#period = period;
  }

  handOver(arrivals: readonly number[], earliest: number, { never }: Cuts): number[] {
    let due = earliest;
    return arrivals.map((arrival, index) => {
      if (index === 0 || !never.has(index)) due = Math.max(due, this.#tick(arrival));
      return due;
    });
  }

  #tick(arrival: number): number {
    return Math.ceil((arrival - this.#phase) / this.#period) * this.#period + this.#phase;
  }
}

/** One that shows gaps as they are. */
export function createPromptAdapter(dice: Dice): Adapter {
  return new BusySystem(dice, 300, 2);
}

export function createAdapter(dice: Dice): Adapter {
  switch (dice.below(5)) {
    case 0:
      return new BusySystem(dice, 1, 1);
    case 1:
      return new BusySystem(dice, 14, 3);
    case 2:
      return new UsbAdapter(dice.between(0, 16), 16);
    case 3:
      return new BusySystem(dice, 16, 10);
    default:
      return new BusySystem(dice, 10, 38);
  }
}
