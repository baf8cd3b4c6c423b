/** So many samples are kept. One that changes ten times a second has an hour of all of them, and hours of every other. */
const MOST = 40_000;

/** Values over time, in bounded memory: when there are too many, every other one of the older half goes. */
export class Samples {
  /** Milliseconds since 1970, growing. */
  readonly times: number[] = [];
  /** NaN: nothing is known until the next one. */
  readonly values: number[] = [];

  /** @param time a time before the last one counts as that one. */
  add(time: number, value: number): void {
    this.times.push(Math.max(time, this.times.at(-1) ?? time));
    this.values.push(value);
    if (this.times.length > MOST) this.#thin();
  }

  /** From this time on, nothing is known. */
  pause(time: number): void {
    if (!Number.isNaN(this.values.at(-1) ?? Number.NaN)) this.add(time, Number.NaN);
  }

  #thin(): void {
    const half = this.times.length >> 1;
    let kept = 0;
    for (let i = 0; i < this.times.length; i++) {
      if (i < half && i % 2 === 1) continue;
      this.times[kept] = this.times[i] ?? 0;
      this.values[kept] = this.values[i] ?? 0;
      kept++;
    }
    this.times.length = kept;
    this.values.length = kept;
  }
}
