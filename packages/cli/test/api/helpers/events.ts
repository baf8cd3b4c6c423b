import { expect, onTestFinished } from 'vitest';
import { type EventData, type EventType, eventSchemas } from '../../../src/api/contract.js';

/** An event as a client of the stream gets it. */
export interface Told<T extends EventType = EventType> {
  readonly id: string;
  readonly type: T;
  readonly data: EventData<T>;
}

/** A stream of events, from the answer to the request on, until the end of the test. */
export async function eventsOf(url: string, query = '', headers: Record<string, string> = {}): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(new URL(`/api/v1/events${query}`, url), { headers, signal: abort.signal });
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe('text/event-stream');
  if (response.body === null) throw new Error('the stream has no body');
  onTestFinished(() => abort.abort());
  return new EventReader(response.body.getReader(), abort);
}

/** Reads a stream; all data are checked by the contract. */
export class EventReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #abort: AbortController;
  readonly #decoder = new TextDecoder();
  #text = '';
  /** The id of the last event. */
  lastId = '';

  constructor(reader: ReadableStreamDefaultReader<Uint8Array>, abort: AbortController) {
    this.#reader = reader;
    this.#abort = abort;
  }

  /** The next event. @throws when the stream ends. */
  async next(): Promise<Told> {
    for (let block = await this.nextBlock(); ; block = await this.nextBlock()) {
      const told = parsed(block);
      if (told.id !== '') this.lastId = told.id;
      if (told.type !== undefined)
        return { id: told.id, type: told.type, data: eventSchemas[told.type].parse(told.data) };
    }
  }

  /** The next event of a type, for which the condition holds; others are skipped. */
  async nextOf<T extends EventType>(
    type: T,
    condition: (data: EventData<T>) => boolean = () => true,
  ): Promise<Told<T>> {
    for (;;) {
      const event = await this.next();
      if (isOf(event, type) && condition(event.data)) return event;
    }
  }

  /** The lines up to the next empty one. */
  async nextBlock(): Promise<string> {
    while (!this.#text.includes('\n\n')) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error('the stream has ended');
      this.#text += this.#decoder.decode(value, { stream: true });
    }
    const end = this.#text.indexOf('\n\n');
    const block = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 2);
    return block;
  }

  /** Cuts the connection. */
  cut(): void {
    this.#abort.abort();
  }
}

function isOf<T extends EventType>(event: Told, type: T): event is Told<T> {
  return event.type === type;
}

function parsed(block: string): { id: string; type?: EventType; data?: unknown } {
  const fields = new Map(block.split('\n').map((line) => [line.split(':', 1)[0], line.replace(/^\w*: ?/, '')]));
  const type = fields.get('event') as EventType | undefined;
  return { id: fields.get('id') ?? '', ...(type && { type, data: JSON.parse(fields.get('data') ?? '') }) };
}
