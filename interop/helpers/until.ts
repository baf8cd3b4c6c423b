import { inspect } from 'node:util';

/** A bound for what never comes, well below the time that a test has. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 5;

/**
 * Reads again and again until what is read is as wanted, and returns it. It gives up after a time, not after so many
 * reads: those pass the sooner, the faster the machine.
 */
export async function until<T>(read: () => T | Promise<T>, isWanted: (value: T) => boolean = Boolean): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (isWanted(value)) return value;
    if (performance.now() > end)
      throw new Error(`${read} is still ${inspect(value)} after ${PATIENCE_MS} ms, and not ${isWanted}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
