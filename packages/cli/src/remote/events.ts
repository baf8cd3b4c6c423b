import { createParser } from 'eventsource-parser';
import type { EventData, EventType } from '../api/contract.js';
import { untilThere } from './away.js';
import type { RemoteClient } from './client.js';

/** An event of the feed. */
export type RemoteEvent<T extends EventType = EventType> = {
  [Each in T]: { readonly type: Each; readonly data: EventData<Each> };
}[T];

/** The connection was cut, or there is one again. */
interface Reach {
  readonly type: 'away' | 'back';
}

type Bytes = AsyncIterable<Uint8Array>;

/**
 * Events from now on, as they happen. When the connection is cut, they go on where they were as soon as the device is
 * there again; what cannot be told any more is an event `lost`.
 */
export async function openEvents<T extends EventType>(
  client: RemoteClient,
  types: readonly T[],
): Promise<AsyncGenerator<RemoteEvent<T | 'lost'> | Reach>> {
  const path = `events?types=${[...types, 'lost'].join(',')}`;
  return follow<T | 'lost'>(await client.stream(path), (lastId) => client.stream(path, lastId));
}

async function* follow<T extends EventType>(
  first: Bytes,
  open: (lastId: string) => Promise<Bytes>,
): AsyncGenerator<RemoteEvent<T> | Reach> {
  // Without an event so far, the device is asked as of one that it has never told: so it says that some may be lost.
  let lastId = '0';
  for (let stream = first; ; ) {
    for await (const { id, event } of read<T>(stream)) {
      lastId = id ?? lastId;
      yield event;
    }
    yield { type: 'away' };
    stream = await untilThere(
      () => open(lastId),
      () => Number.POSITIVE_INFINITY,
      () => undefined,
    );
    yield { type: 'back' };
  }
}

interface Told<T extends EventType> {
  readonly id: string | undefined;
  readonly event: RemoteEvent<T>;
}

/** The events of a stream, up to its end. */
async function* read<T extends EventType>(stream: Bytes): AsyncGenerator<Told<T>> {
  const waiting: Told<T>[] = [];
  const parser = createParser({
    onEvent({ id, event, data }) {
      waiting.push({ id, event: { type: event, data: JSON.parse(data) } as RemoteEvent<T> });
    },
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
}
