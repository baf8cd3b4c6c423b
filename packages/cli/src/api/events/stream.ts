import type { Reader } from './reader.js';

/** Milliseconds after which a browser connects again, when it was cut off. */
const RETRY = 1000;

/** A stream of server-sent events. Nothing is read ahead: a client that does not read costs no memory. */
export function eventStream(reader: Reader): Response {
  const encoder = new TextEncoder();
  let greeted = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const text = greeted ? await reader.read() : `retry: ${RETRY}\n\n`;
        greeted = true;
        if (text === undefined) controller.close();
        else controller.enqueue(encoder.encode(text));
      },
      cancel: () => reader.close(),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' } });
}
