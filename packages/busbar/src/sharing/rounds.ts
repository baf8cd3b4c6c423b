import { asError, SharingError } from '../errors.js';
import { ClientWrites } from './client-writes.js';
import { isWriteRefusal } from './connection.js';
import type { Copies } from './copies.js';
import type { Entry, Run } from './entry.js';
import { type Exchanged, exchange, type Keys, type Position, type Write, type WriteResult } from './exchange.js';
import type { Host } from './host.js';
import type { Lease } from './lease.js';
import { FREE } from './mark.js';
import type { Batch, Program } from './program.js';
import { type Cause, reasonOf } from './reason.js';
import type { Requests, Waiting } from './requests.js';
import { makeImage, readSnapshot } from './snapshot.js';

const SHORTAGE = 'not enough replicas have it';

/** What the rounds of a unit work on. */
export interface RoundsOf {
  readonly host: Host;
  readonly keys: Keys;
  readonly copies: Copies;
  readonly requests: Requests;
  readonly program: Program;
  readonly lease: Lease;
  /** Called after each round. */
  readonly ended: () => void;
}

/**
 * Keeps a unit equal to its image in Redis, round by round: each takes along all writes that wait, learns what others
 * have changed, and applies everything in the order of the stream. One round is under way at a time, so many writes
 * cost little more than one.
 */
export class Rounds {
  /** The server goes on without Redis (`detach`). */
  alone = false;
  /** Writes that were taken meanwhile. */
  lostWrites = 0;
  /** When Redis was last asked, and has answered, by `performance.now()`. */
  heardAt: number = performance.now();
  readonly #of: RoundsOf;
  #position: Position;
  /** Why all values have to be read again. */
  #cause: Cause | undefined;
  readonly #sent: ClientWrites;
  #running = false;
  #stopped = false;
  /** A round is due, whether there are writes or not. */
  #isDue = true;
  /** Redis has refused the program's changes a moment ago. */
  #isHeld = false;
  /** Redis has refused a whole round for its writes: the next goes without, for those who read. */
  #isRefused = false;
  /** The clock of Redis less ours; undefined: not known yet. */
  #clock: number | undefined;

  constructor(of: RoundsOf, position: Position) {
    this.#of = of;
    this.#sent = new ClientWrites(of.host, of.copies, of.requests);
    this.#position = position;
  }

  get position(): Position {
    return this.#position;
  }

  /** Has a round made soon, whether there are writes or not. */
  beat(): void {
    this.#isHeld = false;
    this.#isDue = true;
    this.kick();
  }

  /** Has a round made, unless one is under way, with all that comes in this turn of the event loop. */
  kick(): void {
    if (this.#running || this.#stopped) return;
    this.#running = true;
    setImmediate(() => this.#run());
  }

  stop(): void {
    this.#stopped = true;
  }

  get #hasWork(): boolean {
    const { requests, program } = this.#of;
    return this.#isDue || requests.all.length > 0 || (!this.#isHeld && program.hasWork);
  }

  async #run(): Promise<void> {
    while (!this.#stopped && this.#hasWork) if (!(await this.#goRound())) break;
    this.#running = false;
    if (this.#isDue) this.kick();
  }

  /** @returns whether Redis has answered. If not, the next beat tries again. */
  async #goRound(): Promise<boolean> {
    this.#isDue = false;
    try {
      await this.#round();
      return true;
    } catch (error) {
      return !this.#stopped && this.#failed(asError(error));
    } finally {
      this.#sent.clear();
      this.#of.requests.sweep();
      this.#of.ended();
    }
  }

  async #round(): Promise<void> {
    const { host, keys, requests } = this.#of;
    if (this.alone) this.#cause = { kind: 'detached', found: 0 };
    if (this.#cause !== undefined) await this.#reload(this.#cause);
    const readers = requests.all.filter(({ isWrite }) => !isWrite);
    const writes = this.#isRefused ? [] : this.#writes();
    this.#isRefused = false;
    const askedAt = performance.now();
    const { connection, server, options } = host;
    const reply = await this.#timed(exchange(connection, keys, this.#position, server, options.lease, writes));
    if (this.#stopped) return;
    if (reply.loss !== undefined) this.#lost({ kind: reply.loss, found: reply.version });
    else await this.#heard(reply, writes, readers, askedAt);
  }

  /** @param readers those who have waited since before Redis was asked. */
  async #heard(
    reply: Exchanged,
    writes: readonly Write[],
    readers: readonly Waiting[],
    askedAt: number,
  ): Promise<void> {
    const { host, lease, program } = this.#of;
    if (reply.refusal.startsWith('READONLY')) throw new Error(reply.refusal);
    this.#clock = reply.now - performance.now();
    lease.heard(reply.holder, askedAt);
    const isEnough = !reply.results.includes('done') || (await host.replicas.haveAll());
    if (this.#stopped) return;
    this.follow(reply.entries);
    for (const [i, result] of reply.results.entries()) this.#conclude(writes[i], result, isEnough);
    program.concluded(isEnough ? undefined : new SharingError('REPLICAS_MISSING', SHORTAGE));
    for (const reader of readers) if (!reader.over) reader.settle(reader.request.run());
    this.heardAt = askedAt;
    host.answered();
    if (reply.refusal !== '') host.failed(new Error(reply.refusal));
    else if (reply.results.includes('done')) host.recovered();
  }

  #writes(): Write[] {
    return [...(this.#isHeld ? [] : this.#of.program.batches), ...this.#sent.build(this.#clock)];
  }

  /** Clients get the exception in time; the round itself goes on until Redis answers, or its connection is cut. */
  async #timed<T>(reply: Promise<T>): Promise<T> {
    const { host } = this.#of;
    const { commandTimeout } = host.options;
    let isThere = false;
    // What has come by now is looked at first.
    const late = () => setImmediate(() => isThere || host.away(new Error(`no answer in ${commandTimeout} ms`)));
    const timer = setTimeout(late, commandTimeout);
    try {
      return await reply;
    } finally {
      isThere = true;
      clearTimeout(timer);
    }
  }

  /** Applies what is in the stream. What is known already is passed by; with a gap, a round finds out the rest. */
  follow(entries: readonly Entry[]): void {
    if (this.alone || this.#cause !== undefined || this.#stopped) return;
    for (const entry of entries) {
      const { version, tag } = this.#position;
      if (entry.version <= version) continue;
      if (entry.version !== version + 1 || entry.previous !== tag) {
        this.beat();
        break;
      }
      this.#apply(entry);
    }
  }

  #apply({ version, tag, runs }: Entry): void {
    const { program, copies } = this.#of;
    this.#position = { ...this.#position, version, tag };
    const batch = program.find(tag);
    const waiting = this.#sent.find(tag);
    if (batch !== undefined) program.made(batch);
    else if (waiting === undefined || waiting.over || waiting.due < performance.now()) copies.apply(runs);
    else this.#carryOut(waiting, runs);
  }

  #carryOut(waiting: Waiting, runs: readonly Run[]): void {
    const result = this.#of.copies.carryOut(runs, () => waiting.request.run());
    if (this.#of.host.options.waitReplicas === 0) waiting.settle(result);
    else waiting.result = result;
  }

  #conclude({ id }: Write, result: WriteResult, isEnough: boolean): void {
    const { program, requests } = this.#of;
    const batch = program.find(id);
    if (batch !== undefined && result === 'fenced') this.#refuse(batch);
    const waiting = this.#sent.find(id);
    if (waiting === undefined || waiting.over || result === 'again') return;
    if (waiting.result === undefined) requests.refuse(waiting, 'Redis was too slow');
    else if (isEnough) waiting.settle(waiting.result);
    else requests.refuse(waiting, SHORTAGE);
  }

  #refuse(batch: Batch): void {
    const { host, program, copies } = this.#of;
    const { unit } = copies;
    const message = `unit ${unit.id}: only the server that leads changes this, and it is another: set it there`;
    const error = new SharingError('CHANGE_REFUSED', message);
    program.refused(batch, error);
    for (const run of batch.runs) host.tell('refused', { unit, change: copies.place(run), error });
  }

  /** What this server has is not what Redis had. */
  #lost(cause: Cause): void {
    this.#cause = cause;
    this.#isDue = true;
  }

  async #reload(cause: Cause): Promise<void> {
    const { host, keys, copies, program } = this.#of;
    const snapshot = await readSnapshot(host.connection, keys, copies);
    if (this.#stopped) return;
    const reason = reasonOf(cause, snapshot !== undefined, this.#position.version);
    if (snapshot === undefined) {
      const made = await this.#makeAgain();
      if (made === undefined) await this.#reload(cause);
      else this.#reloaded(made, reason);
    } else {
      if (this.alone) program.forget(new SharingError('CHANGE_REFUSED', reason));
      else program.again();
      copies.load(snapshot.parts);
      this.#reloaded(snapshot.position, reason);
    }
  }

  /** Redis has no image any more: it gets what is here. @returns undefined if another server was faster. */
  async #makeAgain(): Promise<Position | undefined> {
    const { host, keys, copies, program } = this.#of;
    if (this.alone) program.adopt();
    else program.again();
    const position = { epoch: host.newId(), version: this.#position.version + 1, tag: host.newId() };
    if (!(await makeImage(host.connection, keys, copies, position))) return undefined;
    if (this.alone) {
      // What was set alone while the image was made.
      copies.noteAll(FREE);
      this.lostWrites = 0;
    }
    return position;
  }

  #reloaded(position: Position, reason: string): void {
    this.#position = position;
    this.#cause = undefined;
    this.alone = false;
    this.#of.host.tell('reloaded', { unit: this.#of.copies.unit, reason });
  }

  /** @returns whether Redis has answered. */
  #failed(error: Error): boolean {
    const { host } = this.#of;
    const isRefusal = isWriteRefusal(error);
    this.#isHeld = true;
    this.#clock = undefined;
    // A replica: the next connection may lead to the server that takes writes.
    if (error.message.startsWith('READONLY')) host.connection.cut();
    if (isRefusal) this.#refused(error);
    else host.away(error);
    return isRefusal;
  }

  /** Redis takes no writes. */
  #refused(error: Error): void {
    const { host, program } = this.#of;
    this.#isRefused = true;
    this.#sent.refuse(error.message);
    program.fail(new SharingError('REDIS_AWAY', `Redis takes no writes: ${error.message}`, { cause: error }));
    host.failed(error);
  }
}
