import type { Unit } from 'busbar';

/** What stands behind the values of units: a store that keeps them, or an image that servers share. */
export interface DeviceBacking {
  /** Takes a unit in, before clients reach it. @returns whether it has got values that were there before. */
  take(unit: Unit): Promise<boolean>;
  /** Leaves it as it is. */
  release(unit: Unit): Promise<void>;
  /**
   * Another unit takes the place of one, with the same id; it gets its values in a moment. Absent: a unit that is taken in
   * cannot be replaced.
   */
  replace?(before: Unit, after: Unit): void;
  /** Why nothing can be written now; undefined: it can. */
  readonly refusal: string | undefined;
  /** Why clients should go to another server; undefined: they need not. */
  readonly unready: string | undefined;
  /** Resolves when what was set so far has come as far as the reply to a client's write says. @throws why it has not. */
  settled(unit: Unit): Promise<void>;
  /** Whether this server moves the values of a unit. */
  leads(unit: Unit): boolean;
  close(): Promise<void>;
}
