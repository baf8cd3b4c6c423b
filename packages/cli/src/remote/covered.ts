import type { EventData, Point } from '../api/contract.js';

type ChangedRange = EventData<'change'>['ranges'][number];

/** The addresses that points have, whose changes are told as changes of these points. */
export class Covered {
  readonly #addresses = new Map<string, Set<number>>();

  /** A point of a single bit does not tell of the other bits of its register. */
  constructor(points: readonly Point[]) {
    for (const point of points) if (point.bit === undefined) this.#add(point);
  }

  #add(point: Point): void {
    const addresses = this.#addresses.get(tableOf(point)) ?? new Set();
    this.#addresses.set(tableOf(point), addresses);
    for (let i = 0; i < point.quantity; i++) addresses.add(point.address + i);
  }

  /** The parts of a range that lie outside of points. */
  outside(range: ChangedRange): ChangedRange[] {
    const covered = this.#addresses.get(tableOf(range));
    if (covered === undefined) return [range];
    const parts: { start: number; count: number }[] = [];
    for (let address = range.start; address < range.start + range.count; address++) {
      const last = parts.at(-1);
      if (covered.has(address)) continue;
      if (last !== undefined && last.start + last.count === address) last.count++;
      else parts.push({ start: address, count: 1 });
    }
    return parts.map((part) => ({ ...range, ...part }));
  }
}

function tableOf({ unit, table }: Pick<Point, 'unit' | 'table'>): string {
  return `${table} ${unit}`;
}
