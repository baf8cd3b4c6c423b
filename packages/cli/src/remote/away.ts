import { setTimeout } from 'node:timers/promises';
import { Failure } from '../ground/failure.js';

/** Nothing answers now, or the connection was cut: the device may be about to start, or to start again. */
export class Away extends Failure {
  override name = 'Away';
}

/** Milliseconds between two attempts. */
const PAUSE = 250;

/**
 * Asks a device, again and again while it is away.
 *
 * @param timeLeft milliseconds in which it may come back.
 * @param away is called when it is away for the first time.
 */
export async function untilThere<T>(
  ask: () => Promise<T>,
  timeLeft: () => number | Promise<number>,
  away: () => void,
): Promise<T> {
  for (let wasAway = false; ; wasAway = true) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Away)) throw error;
      const left = await timeLeft();
      if (left <= 0) throw error;
      if (!wasAway) away();
      await setTimeout(Math.min(PAUSE, left));
    }
  }
}
