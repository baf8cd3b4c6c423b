import type { SyncServer } from 'busbar/sync';

const PATIENCE_MS = 20_000;

/** Waits until the server's thread has served so many requests, while nothing of the server's can come to the program. */
export function untilServed(server: Pick<SyncServer<unknown>, 'counters'>, count: number): void {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const { requests } = server.counters;
    if (requests >= count) return;
    if (performance.now() > end) throw new Error(`${requests} of ${count} requests were served in ${PATIENCE_MS} ms`);
  }
}
