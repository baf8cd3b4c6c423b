import { replyLength } from '../../src/protocol/lengths.js';
import type { Dice } from './dice.js';
import { type Frame, Frames, isOfUnknownLength, OWN_UNITS } from './frames.js';
import type { Judge } from './judge.js';
import { Noise } from './noise.js';
import type { Wire } from './wire.js';

/** Milliseconds that the master waits for a reply. */
const RESPONSE_TIMEOUT = 300;
/**
 * Least turnaround delay after a broadcast that not every station understands at once (SL, clause 2.4.1: 100 to 200).
 */
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
/** How often a line without bias makes bytes. */
const CHATTER: Span = [10, 30];
/** How long the master takes before it goes on. */
const PAUSES: readonly Span[] = [
  [0, 0],
  [0, 0],
  [1, 6],
  [2, 60],
  [50, 400],
  [400, 3000],
];

const FOREIGN_REQUEST = 'foreign request';
const NOTHING: Uint8Array = new Uint8Array(0);

/** The master of the line and the foreign stations on it: they say what the dice tell. */
export class Master {
  readonly #dice: Dice;
  readonly #wire: Wire;
  readonly #judge: Judge;
  readonly #frames: Frames;
  readonly #noise: Noise;
  readonly #noisy: boolean;
  /** The request that was sent last, if it was to another station. */
  #asked = NOTHING;
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

  /** A request amid noise that never ends, with gaps around whatever comes. */
  askThroughChatter(): void {
    for (let count = this.#dice.below(6); count > 0; count--) this.#chatter();
    const frame = this.#frames.own(this.#dice.pick(OWN_UNITS));
    if (isOfUnknownLength(frame.bytes)) return;
    this.#gap = this.#dice.between(...CHATTER);
    this.#send('request to us', frame, frame.bytes);
    this.#judge.expectRequest(frame.bytes, false);
    this.#wire.flush();
    while (this.#judge.isWaiting) {
      this.#chatter();
      this.#wire.flush();
    }
    this.#judge.awaitDeed();
  }

  #chatter(): void {
    this.#put('noise', this.#noise.chatter(), this.#dice.between(...CHATTER));
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
    const inStep = this.#wire.certain && !isOfUnknownLength(frame.bytes);
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
    const inStep = this.#wire.certain && !isOfUnknownLength(frame.bytes);
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
    this.#sendForeign(this.#frames.foreign(), FOREIGN_REQUEST);
    this.#gap = this.#dice.chance(2) ? 0 : this.#dice.between(0, 60);
    this.#ask(this.#frames.own(this.#dice.pick(OWN_UNITS)));
  }

  #askForeign(): void {
    const request = this.#frames.foreign();
    const damaged = this.#goesWrong(15);
    if (damaged) this.#sendDamaged(request, 'foreign request');
    else this.#sendForeign(request, FOREIGN_REQUEST);
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
    if (this.#goesWrong(30)) this.#put('glitch', this.#noise.glitch(frame.bytes), this.#dice.between(0, 3));
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
    if (frame.feint !== undefined) this.#judge.know(frame.feint);
    const { smuggled } = frame;
    const endless = isOfUnknownLength(frame.bytes) || readsLikeReply(frame.bytes, this.#asked);
    this.#asked = what === FOREIGN_REQUEST ? bytes : NOTHING;
    this.#wire.send({ what, bytes, gap: this.#gap, rubbish: bytes !== frame.bytes, endless, smuggled });
  }

  #put(what: string, bytes: Uint8Array, gap: number): void {
    this.#wire.send({ what, bytes, gap, rubbish: true, endless: false, smuggled: [] });
  }
}

/**
 * Whether a request that is repeated may be the beginning of the reply that the server waits for: only silence tells
 * that it is not.
 */
function readsLikeReply(bytes: Uint8Array, asked: Uint8Array): boolean {
  if (bytes[0] !== asked[0] || bytes[1] !== asked[1]) return false;
  const length = replyLength(bytes, 1, bytes.length - 2);
  return length === 0 || (length !== undefined && length > bytes.length - 3);
}
