import { Histogram } from 'prom-client';

/** What was measured, in seconds. */
export interface Measured {
  readonly labels: Readonly<Record<string, string>>;
  /** Upper bounds of the classes. */
  readonly bounds: readonly number[];
  /** Of each class, and of the one above the last bound. */
  readonly counts: readonly number[];
  readonly sum: number;
}

type Got = ReturnType<Histogram['get']>;

/** A histogram of what was counted elsewhere: that of prom-client counts by itself only. */
export class DurationHistogram extends Histogram {
  readonly #empty: Histogram;
  readonly #name: string;
  readonly #read: () => readonly Measured[];

  constructor(name: string, help: string, read: () => readonly Measured[]) {
    super({ name, help, registers: [] });
    this.#empty = new Histogram({ name, help, registers: [] });
    this.#name = name;
    this.#read = read;
  }

  override async get(): Got {
    return { ...(await this.#empty.get()), values: this.#read().flatMap((measured) => this.#values(measured)) };
  }

  /** What registries ask for. */
  getForPromString(): Got {
    return this.get();
  }

  #values({ labels, bounds, counts, sum }: Measured) {
    let count = 0;
    const buckets = counts.map((more, i) => {
      count += more;
      return { metricName: `${this.#name}_bucket`, labels: { ...labels, le: canonical(bounds[i]) }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${this.#name}_sum`, labels, value: sum },
      { metricName: `${this.#name}_count`, labels, value: count },
    ];
  }
}

/** As OpenMetrics wants it: `1.0`, not `1`. */
function canonical(bound: number | undefined): string {
  if (bound === undefined) return '+Inf';
  return Number.isInteger(bound) ? bound.toFixed(1) : String(bound);
}
