import type { BackedRequest, Backing, MemoryChange } from '../data/backing.js';
import { type ChangeSource, placeOf } from '../data/change-event.js';
import { putBehind } from '../data/put-behind.js';
import type { Unit } from '../data/unit.js';
import { ModbusException, SharingError } from '../errors.js';
import { Copies, SOURCE } from './copies.js';
import type { Entry } from './entry.js';
import { exchange, GIVE_UP, type Keys, keysOf, type Position } from './exchange.js';
import type { Host } from './host.js';
import { Lease } from './lease.js';
import { FREE, LED } from './mark.js';
import { Program } from './program.js';
import { Requests } from './requests.js';
import { Rounds } from './rounds.js';
import { makeImage, readSnapshot } from './snapshot.js';

/** A unit whose values are those of an image in Redis. */
export class UnitImage implements Backing {
  readonly name = 'an image in Redis';
  readonly unit: Unit;
  read: Backing['read'];
  readonly #host: Host;
  readonly #keys: Keys;
  readonly #copies: Copies;
  readonly #requests: Requests;
  readonly #program: Program;
  readonly #lease: Lease;
  readonly #rounds: Rounds;
  readonly #takeAway: () => void;
  readonly #timer: NodeJS.Timeout;
  #isLeading = false;

  /** Takes over the image, or makes it of the unit's values. */
  static async open(host: Host, unit: Unit): Promise<UnitImage> {
    const keys = keysOf(host.options.image, unit.id);
    const copies = new Copies(unit);
    // Nothing else may stand behind it; that is said before the values change.
    putBehind(unit, { name: 'an image in Redis', write: (request) => request.run() })();
    for (;;) {
      const snapshot = await readSnapshot(host.connection, keys, copies);
      if (snapshot !== undefined) {
        copies.load(snapshot.parts);
        return new UnitImage(host, keys, copies, snapshot.position);
      }
      const position = { epoch: host.newId(), version: 1, tag: host.newId() };
      if (await makeImage(host.connection, keys, copies, position)) return new UnitImage(host, keys, copies, position);
    }
  }

  private constructor(host: Host, keys: Keys, copies: Copies, position: Position) {
    const { commandTimeout, awayException, lease } = host.options;
    this.unit = copies.unit;
    this.#host = host;
    this.#keys = keys;
    this.#copies = copies;
    this.#requests = new Requests(commandTimeout, awayException);
    this.#lease = new Lease(host.server, lease);
    this.#program = new Program(copies, this.#lease, () => host.newId());
    this.#rounds = new Rounds(
      {
        host,
        keys,
        copies,
        requests: this.#requests,
        program: this.#program,
        lease: this.#lease,
        ended: () => this.#checkLead(),
      },
      position,
    );
    this.#takeAway = putBehind(this.unit, this);
    // What the program has set while the image was made.
    copies.noteAll(FREE);
    this.#updateRead();
    this.#timer = setInterval(() => this.beat(), beatOf(host));
    this.#rounds.beat();
  }

  get stream(): string {
    return this.#keys.stream;
  }

  get version(): number {
    return this.#rounds.position.version;
  }

  /** Milliseconds since Redis has said that there is nothing newer, or sent it. */
  get age(): number {
    return performance.now() - this.#rounds.heardAt;
  }

  get isAlone(): boolean {
    return this.#rounds.alone;
  }

  /** Writes that were taken alone. */
  get lostWrites(): number {
    return this.#rounds.lostWrites;
  }

  get leads(): boolean {
    return this.isAlone || this.#lease.isHeld;
  }

  write(request: BackedRequest): number | Promise<number> {
    if (this.isAlone) {
      this.#rounds.lostWrites++;
      return request.run();
    }
    this.#refuseIfAway();
    if (request.custom) return this.#runCustom(request);
    const result = this.#requests.add(request, this.#host.newId(), true);
    this.#rounds.kick();
    return result;
  }

  /** What a user's code changes goes the way of the program's changes; the client waits for that. */
  async #runCustom(request: BackedRequest): Promise<number> {
    const result = await request.run();
    const { commandTimeout, awayException } = this.#host.options;
    const problem = await within(commandTimeout, this.#program.settled());
    if (problem !== undefined) throw new ModbusException(awayException, problem.message);
    return result;
  }

  #read(request: BackedRequest): number | Promise<number> {
    if (this.isAlone || this.#isFreshEnough) return request.run();
    this.#refuseIfAway();
    if (this.#host.options.reads === 'local') return request.run();
    const result = this.#requests.add(request, '', false);
    this.#rounds.kick();
    return result;
  }

  /** While Redis is away. */
  get #isFreshEnough(): boolean {
    const { whenAway, maxStale } = this.#host.options;
    if (this.#host.awayError === undefined || whenAway !== 'stale') return false;
    return this.age <= maxStale;
  }

  /** With `detach`, a unit that is not alone any more asks Redis, while others are. */
  #refuseIfAway(): void {
    const { awayError, options } = this.#host;
    if (awayError === undefined || options.whenAway === 'detach') return;
    throw new ModbusException(options.awayException, awayError.message);
  }

  /** While it is undefined, reads cost what they cost without sharing. */
  #updateRead(): void {
    const { awayError, options } = this.#host;
    const isAsked = !this.isAlone && (awayError !== undefined || options.reads === 'latest');
    this.read = isAsked ? (request) => this.#read(request) : undefined;
  }

  changed(change: MemoryChange, by: ChangeSource, requested: boolean): void {
    if (this.isAlone) {
      if (!requested && by !== SOURCE) this.#rounds.lostWrites++;
      return;
    }
    const kind = typeof by === 'string' && this.#host.options.led.has(by) ? LED : FREE;
    if (this.#copies.note(change, kind, requested)) this.#rounds.kick();
    else if (this.#copies.isOutside(change)) this.#refuseLayout(change);
  }

  #refuseLayout(change: Extract<MemoryChange, { action: string }>): void {
    const { unit } = this;
    const advice = 'release the unit, do it on all servers with another image, and share it again';
    const message = `unit ${unit.id}: files and queues cannot be added, replaced or removed while it is shared: ${advice}`;
    const error = new SharingError('CHANGE_REFUSED', message);
    this.#host.tell('refused', { unit, change: placeOf(change), error });
  }

  follow(entries: readonly Entry[]): void {
    this.#rounds.follow(entries);
  }

  beat(): void {
    this.#checkLead();
    this.#rounds.beat();
  }

  #checkLead(): void {
    const { leads } = this;
    if (leads === this.#isLeading) return;
    this.#isLeading = leads;
    this.#host.tell(leads ? 'lead' : 'follow', { unit: this.unit });
  }

  away(error: SharingError): void {
    this.#requests.refuseAll(error.message);
    this.#program.fail(error);
    if (this.#host.options.whenAway === 'detach') this.#rounds.alone = true;
    this.#updateRead();
    this.#checkLead();
  }

  back(): void {
    this.#updateRead();
    this.#rounds.lostWrites = 0;
  }

  async settled(): Promise<void> {
    // What is set alone waits for nothing, and what was on its way before is given up, or part of an image made again.
    if (this.isAlone) return;
    if (this.#program.hasWork && this.#host.awayError !== undefined) throw this.#host.awayError;
    await this.#program.settled();
  }

  /** @param timeout ms for the last changes of the program. */
  async release(timeout: number): Promise<void> {
    if (this.#host.awayError === undefined) await within(timeout, this.#program.settled());
    this.#takeAway();
    clearInterval(this.#timer);
    this.#rounds.stop();
    this.#requests.refuseAll('the server shares the unit no longer');
    this.#requests.end();
    this.#program.fail(new SharingError('IMAGE_CLOSED', `unit ${this.unit.id} is not shared any more`));
    const { connection, server } = this.#host;
    await within(timeout, exchange(connection, this.#keys, this.#rounds.position, server, GIVE_UP, []));
  }
}

/** Milliseconds between rounds without writes: what hangs is noticed sooner than the user wants to know. */
function beatOf({ options }: Host): number {
  const { lease, whenAway, maxStale } = options;
  return Math.max(20, Math.min(500, lease / 4, whenAway === 'stale' ? maxStale / 2 : 500));
}

/** Waits for a task, but not longer. @returns what it failed with. */
function within(ms: number, task: Promise<unknown>): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(new Error(`Redis did not answer in ${ms} ms`)), ms);
    const settle = (error?: Error) => {
      clearTimeout(timer);
      resolve(error);
    };
    task.then(() => settle(), settle);
  });
}
