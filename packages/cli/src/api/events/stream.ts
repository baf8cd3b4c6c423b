import type { Reader } from './reader.js';

/** Milliseconds after which a browser connects again, when it was cut off. */
const RETRY = 1000;

/**
 * A stream of server-sent events. Nothing is read ahead: a client that does not read costs no memory. The reader is made
 * when the stream is first read, as for HEAD that never happens.
 */
export function eventStream(begin: () => Reader): Response {
  const encoder = new TextEncoder();
  let reader: Reader | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const text = reader === undefined ? `retry: ${RETRY}\n\n` : await reader.read();
        reader ??= begin();
        if (text === undefined) controller.close();
        else controller.enqueue(encoder.encode(text));
      },
      cancel: () => reader?.close(),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' } });
}
