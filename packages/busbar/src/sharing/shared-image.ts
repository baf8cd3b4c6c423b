import type { Place } from '../data/change-event.js';
import type { Unit } from '../data/unit.js';
import { Emitter } from '../emit.js';
import { SharingError } from '../errors.js';
import { checkSharingOptions, type SharingOptions } from './options.js';

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
  /**
   * Connects to Redis.
   * @throws OptionsError, or SharingError `REDIS_UNREACHABLE`, `REDIS_REFUSED` or `REDIS_TOO_OLD`.
   */
  static async join(options: SharingOptions): Promise<SharedImage> {
    checkSharingOptions(options);
    throw new SharingError('REDIS_UNREACHABLE', 'sharing is being built');
  }

  get state(): SharingState {
    return 'closed';
  }

  /**
   * From now on the unit's values are those of the image. The first server makes the image of the values that the unit
   * has; others take it over.
   * @throws StateError `UNIT_BACKED` if the unit is stored, or shared already; SharingError `IMAGE_FORMAT` or
   * `IMAGE_LAYOUT` if the image is of another kind or size, `UNIT_TOO_LARGE`, or those of `join`.
   */
  async share(_unit: Unit): Promise<void> {}

  /** Shares the unit no longer. Its values stay as they are, here and in the image. */
  async release(_unit: Unit): Promise<void> {}

  /**
   * Resolves when all that the program has set so far is in the image.
   * @param unit by default all.
   * @throws SharingError `CHANGE_REFUSED` if some of it was refused, `REDIS_AWAY` while Redis does not answer.
   */
  async settled(_unit?: Unit): Promise<void> {}

  /** Whether this server moves the unit's values (behaviours). One server does, or none for a moment. */
  leads(_unit: Unit): boolean {
    return false;
  }

  /** Ends the connections. Clients of units that are still shared get exceptions. */
  async close(): Promise<void> {}
}
