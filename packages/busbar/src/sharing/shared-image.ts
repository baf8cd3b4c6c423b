import { randomBytes } from 'node:crypto';
import { show } from '../checks.js';
import type { Place } from '../data/change-event.js';
import { Unit } from '../data/unit.js';
import { Emitter, tell } from '../emit.js';
import { asError, BusbarError, OptionsError, SharingError } from '../errors.js';
import { Connection, checkVersion } from './connection.js';
import { Follower } from './follower.js';
import type { Host } from './host.js';
import { type CheckedSharingOptions, checkSharingOptions, type SharingOptions } from './options.js';
import { Replicas } from './replicas.js';
import { UnitImage } from './unit-image.js';

/** `away`: Redis does not answer. `detached`: so, and this server goes on alone (`whenAway: 'detach'`). */
export type SharingState = 'ready' | 'away' | 'detached' | 'closed';

export interface SharedImageEvents {
  /** Redis does not answer any more, or cannot be used. */
  away: [event: { readonly error: Error }];
  /** It answers again. `lostWrites`: how many writes were taken alone meanwhile, and are lost (`detach`). */
  back: [event: { readonly lostWrites: number }];
  /** Redis answers, but takes no writes: it is full, or cannot save. Reads go on. */
  failed: [event: { readonly error: Error }];
  /** It takes writes again. */
  recovered: [];
  /** All values of a unit were read again. `reason` says why, and what may be lost. */
  reloaded: [event: { readonly unit: Unit; readonly reason: string }];
  /** This server moves the unit's values from now on. */
  lead: [event: { readonly unit: Unit }];
  /** Another server does, or none. */
  follow: [event: { readonly unit: Unit }];
  /** A change by the program was not taken into the image, and has been taken back here. */
  refused: [event: { readonly unit: Unit; readonly change: Place; readonly error: SharingError }];
  /** A listener of another event failed. */
  error: [error: Error];
}

/** Units whose values several servers hold together, over Redis. */
export class SharedImage extends Emitter<SharedImageEvents> {
  readonly #host: Host;
  readonly #following: Connection;
  readonly #follower: Follower;
  readonly #units = new Map<Unit, UnitImage>();
  #closing: Promise<void> | undefined;
  #awayError: SharingError | undefined;
  #hasFailed = false;

  /**
   * Connects to Redis.
   * @throws OptionsError, or SharingError `REDIS_UNREACHABLE`, `REDIS_REFUSED` or `REDIS_TOO_OLD`.
   */
  static async join(options: SharingOptions): Promise<SharedImage> {
    const checked = checkSharingOptions(options);
    const [connection, following] = ['', '-follower'].map(
      (role) => new Connection(checked.redis, `busbar-${checked.image}${role}`, checked.commandTimeout),
    );
    try {
      await Promise.all([connection.connect(), following.connect()]);
      await checkVersion(connection);
    } catch (error) {
      connection.end();
      following.end();
      throw asSharingError(error);
    }
    return new SharedImage(checked, connection, following);
  }

  private constructor(options: CheckedSharingOptions, connection: Connection, following: Connection) {
    super();
    this.#host = this.#createHost(options, connection);
    this.#following = following;
    this.#follower = new Follower(following, () => this.#units.values());
    this.#follower.run();
    connection.whenReady(() => {
      for (const unit of this.#units.values()) unit.beat();
    });
  }

  #createHost(options: CheckedSharingOptions, connection: Connection): Host {
    const server = randomBytes(9).toString('base64url');
    let count = 0;
    const awayError = () => this.#awayError;
    return {
      options,
      connection,
      replicas: new Replicas(connection, options),
      server,
      get awayError() {
        return awayError();
      },
      newId: () => `${server}.${(count++).toString(36)}`,
      answered: () => this.#answered(),
      away: (cause) => this.#away(cause),
      failed: (cause) => this.#failed(cause),
      recovered: () => this.#recovered(),
      tell: (event, details) => this.#tell(event, details),
    };
  }

  get state(): SharingState {
    if (this.#closed) return 'closed';
    if (this.#awayError === undefined) return 'ready';
    return this.#host.options.whenAway === 'detach' ? 'detached' : 'away';
  }

  /**
   * From now on the unit's values are those of the image. The first server makes the image of the values that the unit
   * has; others take it over.
   * @throws OptionsError; StateError `UNIT_BACKED` if the unit is stored, or shared already; SharingError `IMAGE_FORMAT` or
   * `IMAGE_LAYOUT` if the image is of another kind or size, `UNIT_TOO_LARGE`, or those of `join`.
   */
  async share(unit: Unit): Promise<void> {
    this.#refuseIfClosed();
    if (!(unit instanceof Unit)) throw new OptionsError(['unit'], `expected a Unit, found ${show(unit)}`);
    try {
      this.#units.set(unit, await UnitImage.open(this.#host, unit));
    } catch (error) {
      throw asSharingError(error);
    }
    if (this.#closed) await this.release(unit);
  }

  /** Shares the unit no longer. Its values stay as they are, here and in the image. */
  async release(unit: Unit): Promise<void> {
    const shared = this.#units.get(unit);
    this.#units.delete(unit);
    await shared?.release(this.#host.options.commandTimeout);
  }

  /**
   * Resolves when all that the program has set so far is in the image; while this server is alone (`detach`), at once.
   * @param unit by default all.
   * @throws SharingError `CHANGE_REFUSED` if some of it was refused, `REDIS_AWAY` while Redis does not answer,
   * `REPLICAS_MISSING` if too few replicas have it.
   */
  async settled(unit?: Unit): Promise<void> {
    this.#refuseIfClosed();
    const units = unit === undefined ? [...this.#units.values()] : [this.#get(unit)];
    await Promise.all(units.map((each) => each.settled()));
  }

  /** Whether this server moves the unit's values (behaviours). One server does, or none for a moment. */
  leads(unit: Unit): boolean {
    return !this.#closed && this.#units.get(unit)?.leads === true;
  }

  /**
   * How far this server has followed a unit: the version of the image that it has, and how many ms ago Redis last
   * answered. @throws SharingError `UNIT_NOT_SHARED`
   */
  progress(unit: Unit): { readonly version: number; readonly age: number } {
    const { version, age } = this.#get(unit);
    return { version, age };
  }

  /** Shares no unit any longer, and ends the connections. Clients that still write are served by this server alone. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  get #closed(): boolean {
    return this.#closing !== undefined;
  }

  async #close(): Promise<void> {
    const units = [...this.#units.keys()];
    await Promise.all(units.map((unit) => this.release(unit)));
    this.#follower.stop();
    this.#following.end();
    this.#host.connection.end();
  }

  #get(unit: Unit): UnitImage {
    const shared = this.#units.get(unit);
    if (shared !== undefined) return shared;
    throw new SharingError('UNIT_NOT_SHARED', `unit ${unit.id} is not shared: call share(unit) first`);
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new SharingError('IMAGE_CLOSED', 'the image is closed: join() again');
  }

  /** Again, too: a unit that was back already may have to go on alone once more. */
  #away(cause: Error): void {
    if (this.#closed) return;
    const known = this.#awayError;
    const error = known ?? new SharingError('REDIS_AWAY', `Redis cannot be used: ${cause.message}`, { cause });
    this.#awayError = error;
    for (const unit of this.#units.values()) unit.away(error);
    if (known === undefined) this.#tell('away', { error });
  }

  /** Units that went on alone come back one by one. */
  #answered(): void {
    const units = [...this.#units.values()];
    if (this.#awayError === undefined || units.some(({ isAlone }) => isAlone)) return;
    this.#awayError = undefined;
    const lostWrites = units.reduce((sum, unit) => sum + unit.lostWrites, 0);
    for (const unit of units) unit.back();
    this.#tell('back', { lostWrites });
  }

  #failed(cause: Error): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#tell('failed', {
      error: new SharingError('REDIS_AWAY', `Redis takes no writes: ${cause.message}`, { cause }),
    });
  }

  #recovered(): void {
    if (!this.#hasFailed) return;
    this.#hasFailed = false;
    this.#tell('recovered');
  }

  #tell(event: string, details?: object): void {
    if (!this.#closed) tell(this, event, details === undefined ? [] : [details]);
  }
}

function asSharingError(error: unknown): Error {
  if (error instanceof BusbarError) return error;
  const cause = asError(error);
  return new SharingError('REDIS_UNREACHABLE', `Redis cannot be used: ${cause.message}`, { cause });
}
