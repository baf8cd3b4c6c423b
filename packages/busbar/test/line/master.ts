import type { Dice } from './dice.js';
import { type Frame, Frames, isOfUnknownLength, OWN_UNITS } from './frames.js';
import type { Judge } from './judge.js';
import { Noise } from './noise.js';
import type { Wire } from './wire.js';

/** Milliseconds that the master waits for a reply. */
const RESPONSE_TIMEOUT = 300;
/** Least turnaround delay after a broadcast that not every station understands at once (SL, clause 2.4.1: 100 to 200). */
const TURNAROUND = 100;

type Span = readonly [least: number, most: number];
/** How long stations take for a reply: some are slow, and some so slow that the master has given up. */
const DELAYS: readonly Span[] = [
  [0, 6],
  [0, 6],
  [6, 80],
  [80, 290],
  [RESPONSE_TIMEOUT + 20, 900],
];
/** How long the master takes before it goes on. */
const PAUSES: readonly Span[] = [
  [0, 0],
  [0, 0],
  [1, 6],
  [2, 60],
  [50, 400],
  [400, 3000],
];

/** The master of the line and the foreign stations on it: they say what the dice tell. */
export class Master {
  readonly #dice: Dice;
  readonly #wire: Wire;
  readonly #judge: Judge;
  readonly #frames: Frames;
  readonly #noise: Noise;
  readonly #noisy: boolean;
  /** Milliseconds from what was sent last to what is sent next. */
  #gap = 0;

  constructor(dice: Dice, wire: Wire, judge: Judge, noisy: boolean) {
    this.#dice = dice;
    this.#wire = wire;
    this.#judge = judge;
    this.#noisy = noisy;
    this.#frames = new Frames(dice, !noisy);
    this.#noise = new Noise(dice);
  }

  /** One request, to whomever, with what comes of it. */
  exchange(): void {
    if (this.#goesWrong(6)) this.#interfere();
    const kind = this.#dice.below(16);
    if (kind < 6) this.#askOwn();
    else if (kind < 7) this.#broadcast();
    else if (kind < 8) this.#askTwo();
    else this.#askForeign();
  }

  /** The line is silent for a while. */
  rest(): void {
    this.#wire.flush();
    this.#wire.sleep(1000);
  }

  #goesWrong(oneIn: number): boolean {
    return this.#noisy && this.#dice.chance(oneIn);
  }

  #askOwn(): void {
    const frame = this.#frames.own(this.#dice.pick(OWN_UNITS));
    if (this.#goesWrong(10)) {
      this.#sendDamaged(frame, 'request to us');
      this.#gap = RESPONSE_TIMEOUT;
    } else {
      this.#ask(frame);
    }
  }

  #ask(frame: Frame): void {
    this.#sendWhole(frame, 'request to us');
    const inStep = this.#wire.clean && !isOfUnknownLength(frame.bytes);
    this.#judge.expectRequest(frame.bytes, inStep);
    // A server in step does not have to wait to be sure of the request.
    if (inStep && this.#goesWrong(6)) this.#put('noise behind the request', this.#noise.burst(), 0);
    else if (this.#goesWrong(8)) this.#put('glitch', this.#noise.glitch(frame.bytes), this.#dice.between(0, 5));
    this.#wire.flush();
    this.#judge.awaitDeed();
    this.#gap = this.#pause();
  }

  #broadcast(): void {
    const frame = this.#frames.own(0);
    if (this.#goesWrong(10)) {
      this.#sendDamaged(frame, 'broadcast');
      this.#gap = this.#turnaround();
    } else {
      this.#tellAll(frame);
    }
  }

  #tellAll(frame: Frame): void {
    this.#sendWhole(frame, 'broadcast');
    const inStep = this.#wire.clean && !isOfUnknownLength(frame.bytes);
    this.#judge.expectBroadcast(frame.bytes);
    this.#gap = this.#pause();
    if (inStep && this.#dice.chance(2)) return;
    this.#wire.flush();
    this.#wire.sleep(this.#turnaround());
    this.#judge.awaitDeed();
  }

  #turnaround(): number {
    return this.#dice.between(TURNAROUND, 3 * TURNAROUND);
  }

  /** It does not wait for the reply of a station that is not there. */
  #askTwo(): void {
    this.#sendForeign(this.#frames.foreign(), 'request');
    this.#gap = this.#dice.chance(2) ? 0 : this.#dice.between(0, 60);
    this.#ask(this.#frames.own(this.#dice.pick(OWN_UNITS)));
  }

  #askForeign(): void {
    const request = this.#frames.foreign();
    const damaged = this.#goesWrong(15);
    if (damaged) this.#sendDamaged(request, 'foreign request');
    else this.#sendForeign(request, 'foreign request');
    // Mostly the station has read the same as we.
    if (this.#dice.chance(damaged ? 2 : 10)) this.#gap = RESPONSE_TIMEOUT;
    else this.#answer(request);
  }

  #answer(request: Frame): void {
    this.#gap = this.#dice.between(...this.#dice.pick(DELAYS));
    if (this.#goesWrong(12)) this.#interfere();
    const reply = this.#frames.reply(request);
    if (this.#goesWrong(10)) this.#sendDamaged(reply, 'foreign reply');
    else this.#sendForeign(reply, 'foreign reply');
    this.#gap = this.#pause();
  }

  #pause(): number {
    return this.#dice.between(...this.#dice.pick(PAUSES));
  }

  #interfere(): void {
    this.#put('noise', this.#dice.chance(3) ? this.#noise.glitch() : this.#noise.burst(), this.#gap);
    this.#gap = this.#pause();
  }

  #glitch(gap: number): void {
    this.#put('glitch', this.#noise.glitch(), gap);
  }

  #sendForeign(frame: Frame, what: string): void {
    this.#judge.expectForeign(frame.bytes);
    this.#sendWhole(frame, what);
    if (this.#goesWrong(30)) this.#glitch(this.#dice.between(0, 3));
  }

  #sendWhole(frame: Frame, what: string): void {
    if (this.#goesWrong(30)) {
      this.#glitch(this.#gap);
      this.#gap = this.#dice.between(0, 2);
    }
    this.#send(what, frame, frame.bytes);
  }

  #sendDamaged(frame: Frame, what: string): void {
    this.#send(`damaged ${what}`, frame, this.#noise.damaged(frame, this.#wire.last));
  }

  #send(what: string, frame: Frame, bytes: Uint8Array): void {
    for (const request of frame.smuggled) this.#judge.know(request);
    const { smuggled } = frame;
    this.#wire.send({ what, bytes, gap: this.#gap, rubbish: bytes !== frame.bytes, smuggled });
  }

  #put(what: string, bytes: Uint8Array, gap: number): void {
    this.#wire.send({ what, bytes, gap, rubbish: true, smuggled: [] });
  }
}
