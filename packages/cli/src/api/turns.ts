import { setImmediate, setTimeout } from 'node:timers/promises';

/** Work that may be left off at each `yield`, and taken up again later. */
export type Work<T> = Generator<void, T>;

/** Milliseconds of work after which others get their turn: as long as some requests of clients take. */
const TURN = 1;

/** Does long work bit by bit, so that serving goes on. */
export async function inTurns<T>(work: Work<T>): Promise<T> {
  for (let end = performance.now() + TURN; ; ) {
    const { value, done } = work.next();
    if (done) return value;
    if (performance.now() < end) continue;
    await setImmediate();
    end = performance.now() + TURN;
  }
}

/** Does work at once. */
export function atOnce<T>(work: Work<T>): T {
  for (;;) {
    const { value, done } = work.next();
    if (done) return value;
  }
}

/** After each part, so many times as long as it took are left to others. */
const REST = 4;

/**
 * A stream of parts that are made one by one, as they are read, with rests: else a large answer, or a few, would take
 * most of the time that there is. @param ended is called when no part is wanted any more.
 */
export function streamOf(parts: Iterator<Uint8Array>, ended: () => void = () => undefined): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const begin = performance.now();
        const { value, done } = parts.next();
        if (done) {
          ended();
          return controller.close();
        }
        controller.enqueue(value);
        await setTimeout(REST * (performance.now() - begin));
      },
      cancel: ended,
    },
    { highWaterMark: 0 },
  );
}
