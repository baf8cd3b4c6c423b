import { setImmediate } from 'node:timers/promises';

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

/** A stream of parts that are made one by one, as they are read. Others get their turn before each. */
export function streamOf(parts: Iterator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await setImmediate();
        const { value, done } = parts.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 0 },
  );
}
