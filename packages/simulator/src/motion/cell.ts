import type { Point } from 'busbar';
import type { Behaviour } from '../behaviours/behaviour.js';
import type { Simulate } from '../behaviours/simulate.js';
import { parseDuration } from '../duration.js';
import type { Random } from '../random.js';
import { readNumber, type Value } from '../value.js';
import { fitter, rawOf } from './fit.js';

/** A moment of virtual time. */
export interface Now {
  /** Milliseconds since the simulation began. */
  readonly time: number;
  /** Milliseconds since 1970. */
  readonly date: number;
}

type PointValue = Point['value'];

/** What a moving point is made of. */
export interface CellParts {
  readonly point: Point;
  readonly settings: Simulate;
  /** Makes its behaviour, which reads the sources. */
  readonly create: () => Behaviour;
  readonly sources: ReadonlySet<Point>;
  /** Random numbers for the noise. */
  readonly noise: Random;
}

/** A point that moves, in a time of its own: it can be stopped. */
export class Cell {
  readonly point: Point;
  readonly settings: Simulate;
  /** The points that its behaviour reads. */
  readonly sources: ReadonlySet<Point>;
  readonly #create: () => Behaviour;
  readonly #adjust: (value: Value, time: number) => Value;
  readonly #fit: (value: Value) => PointValue;
  readonly #rawOf: (value: PointValue) => PointValue;
  readonly #every: number;
  #behaviour: Behaviour;
  /** When its own time was zero. */
  #origin = 0;
  /** Since when it stands still. */
  #stopped: number | undefined;
  /** Its own time, at which it was moved last. */
  #moved = -1;
  /** What its behaviour gave last. */
  #exact: Value | undefined;
  /** What the registers got last. */
  #given: PointValue | undefined;
  /** What the point held after that, if its behaviour wants to know. */
  #reading: PointValue | undefined;
  #asksHeld = false;
  /** Filled in anew for each move, so that ten thousand points a tick make no garbage. */
  readonly #moment = { time: 0, date: 0, held: () => this.#held(), takenUp: false };

  constructor({ point, settings, create, sources, noise }: CellParts) {
    this.point = point;
    this.settings = settings;
    this.sources = sources;
    this.#create = create;
    this.#behaviour = create();
    this.#adjust = adjuster(settings, noise);
    this.#fit = fitter(point);
    this.#rawOf = rawOf(point);
    this.#every = settings.every === undefined ? 0 : parseDuration(settings.every);
    if (settings.active === false) this.#stopped = 0;
  }

  /** Gives the point its value of now. The point keeps what somebody else wrote until there is another value. */
  move({ time: total, date }: Now): void {
    if (this.#stopped !== undefined) return;
    const elapsed = total - this.#origin;
    const time = this.#every === 0 ? elapsed : elapsed - (elapsed % this.#every);
    if (time === this.#moved) return;
    this.#moved = time;
    this.#moment.time = time;
    this.#moment.date = date;
    const exact = this.#behaviour(this.#moment);
    this.#exact = exact;
    const value = this.#fit(this.#adjust(exact, time));
    const raw = this.#rawOf(value);
    if (raw === this.#given) return;
    this.point.value = value;
    this.#given = raw;
    if (this.#asksHeld) this.#reading = this.point.value;
  }

  #held(): number {
    this.#asksHeld = true;
    return typeof this.#exact === 'number' && this.point.value === this.#reading ? this.#exact : readNumber(this.point);
  }

  stop({ time }: Now): void {
    this.#stopped ??= time;
  }

  /** Goes on after a stop. */
  start({ time }: Now): void {
    if (this.#stopped === undefined) return;
    this.#origin += time - this.#stopped;
    this.#stopped = undefined;
  }

  /** Begins anew. */
  restart({ time }: Now): void {
    this.#origin = time;
    this.#stopped = undefined;
    this.#begin(false);
  }

  /** Goes on from what the point holds by now, whoever has given it that. */
  takeUp(): void {
    this.#begin(true);
  }

  #begin(takenUp: boolean): void {
    this.#behaviour = this.#create();
    this.#moment.takenUp = takenUp;
    this.#moved = -1;
    this.#exact = undefined;
    this.#given = undefined;
  }
}

const AS_IT_IS = (value: Value): Value => value;

/** Noise and limits, which are for numbers only. */
function adjuster({ noise = 0, min, max }: Simulate, random: Random): (value: Value, time: number) => Value {
  if (noise === 0 && min === undefined && max === undefined) return AS_IT_IS;
  const [low, high] = [min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY];
  return (value, time) => {
    if (typeof value !== 'number') return value;
    const number = noise === 0 ? value : value + noise * (2 * random.at(Math.floor(time)) - 1);
    return Math.min(high, Math.max(low, number));
  };
}
