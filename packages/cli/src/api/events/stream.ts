import type { Room } from '../room.js';
import type { Reader } from './reader.js';

/** Milliseconds after which a browser connects again, when it was cut off. */
const RETRY = 1000;

/**
 * A stream of server-sent events. Nothing is read ahead: a client that does not read costs no memory. The reader is made
 * when the stream is first read, as for HEAD that never happens.
 */
export function eventStream(begin: () => Reader, room: Room): Response {
  const encoder = new TextEncoder();
  let reader: Reader | undefined;
  let leave: (() => void) | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const text = reader === undefined ? `retry: ${RETRY}\n\n` : await reader.read();
        leave ??= room.enter();
        reader ??= begin();
        if (text === undefined) controller.close();
        else controller.enqueue(encoder.encode(text));
      },
      cancel() {
        reader?.close();
        leave?.();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' } });
}
