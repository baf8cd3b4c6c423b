/** The upper bounds of the classes, in milliseconds; the last class has none. */
const DURATION_BOUNDS: readonly number[] = [
  0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000,
];

/** How long replies have taken, from the arrival of their requests until they were handed to the system. */
export interface ReplyDurations {
  /** The upper bounds of the classes, in milliseconds, each included; the last class has none. */
  readonly bounds: readonly number[];
  /** Replies in each class: one more than there are bounds. */
  readonly counts: readonly number[];
  /** Milliseconds of all replies together. */
  readonly sum: number;
}

/** Collects how long replies take, once that is asked for. */
export class Durations implements ReplyDurations {
  readonly bounds: readonly number[] = DURATION_BOUNDS;
  readonly counts: number[] = Array.from({ length: DURATION_BOUNDS.length + 1 }, () => 0);
  sum = 0;
  /** Until then, nothing is measured. */
  on = false;

  /** @param time milliseconds that each of `replies` took. */
  add(time: number, replies: number): void {
    if (!this.on) return;
    this.sum += time * replies;
    let at = 0;
    while (at < DURATION_BOUNDS.length && time > DURATION_BOUNDS[at]) at++;
    this.counts[at] += replies;
  }
}
