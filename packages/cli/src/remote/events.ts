import { createParser } from 'eventsource-parser';
import type { EventData, EventType } from '../api/contract.js';
import type { RemoteClient } from './client.js';

/** An event of the feed. */
export type RemoteEvent<T extends EventType = EventType> = {
  [Each in T]: { readonly type: Each; readonly data: EventData<Each> };
}[T];

/** Events from now on, as they happen. They end with a Failure: the device has ended. */
export async function openEvents<T extends EventType>(
  client: RemoteClient,
  types: readonly T[],
): Promise<AsyncGenerator<RemoteEvent<T | 'lost'>>> {
  const stream = await client.stream(`events?types=${[...types, 'lost'].join(',')}`);
  return read<T | 'lost'>(stream, client);
}

async function* read<T extends EventType>(
  stream: ReadableStream<Uint8Array>,
  client: RemoteClient,
): AsyncGenerator<RemoteEvent<T>> {
  const waiting: RemoteEvent<T>[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => waiting.push({ type: event, data: JSON.parse(data) } as RemoteEvent<T>),
  });
  const decoder = new TextDecoder();
  try {
    for await (const bytes of stream) {
      parser.feed(decoder.decode(bytes, { stream: true }));
      yield* waiting.splice(0);
    }
  } catch {
    // The connection was cut.
  }
  throw client.lost();
}
