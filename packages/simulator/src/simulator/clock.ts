/** What happens in a step of time. */
export interface Stepper {
  /** One step, at the end of which the time has come. */
  step(): void;
  /** After the last of some steps. */
  settle(): void;
}

/** Time that the process could not use, in milliseconds, beyond which virtual time falls behind. */
const LONGEST_GAP = 1000;

/** Milliseconds of each interval that steps may take: the rest is for clients. */
const WORK = 20;

/**
 * Virtual time, which goes in equal steps and as fast as wanted. What happens in a step depends only on its number, so
 * the speed and the punctuality of timers change nothing.
 */
export class Clock {
  /** Milliseconds in a step. */
  readonly tick: number;
  readonly #stepper: Stepper;
  #speed: number;
  #steps = 0;
  /** The time that is to be reached. */
  #target = 0;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer was last heeded, by `performance.now()`. */
  #heeded = 0;

  constructor(tick: number, speed: number, stepper: Stepper) {
    this.tick = tick;
    this.#speed = speed;
    this.#stepper = stepper;
  }

  /** Milliseconds since the beginning, a multiple of `tick`. */
  get time(): number {
    return this.#steps * this.tick;
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    if (!this.running) this.#speed = speed;
    else {
      this.#heed();
      this.stop();
      this.#speed = speed;
      this.start();
    }
  }

  /** Lets time go on by a timer, which does not keep the program alive. */
  start(): void {
    if (this.running) return;
    this.#heeded = performance.now();
    this.#timer = setInterval(() => this.#heed(), this.tick / Math.min(1, this.#speed)).unref();
  }

  stop(): void {
    if (!this.running) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Lets time pass at once. @param time in milliseconds. */
  advance(time: number): void {
    this.#target += time;
    this.#run(Number.POSITIVE_INFINITY);
  }

  #heed(): void {
    const now = performance.now();
    this.#target += Math.min(now - this.#heeded, LONGEST_GAP) * this.#speed;
    this.#heeded = now;
    this.#run(now + WORK);
    this.#target = Math.min(this.#target, this.time + LONGEST_GAP * this.#speed);
  }

  /** @param end by `performance.now()`. */
  #run(end: number): void {
    const before = this.#steps;
    while (this.time + this.tick <= this.#target) {
      this.#steps++;
      this.#stepper.step();
      if (performance.now() >= end) break;
    }
    if (this.#steps > before) this.#stepper.settle();
  }
}
