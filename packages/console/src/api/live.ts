import { effect, signal } from '@preact/signals';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { EventData, EventType } from './contract.js';
import { ApiError, open } from './request.js';
import { token, tokenWanted } from './token.js';

// The one stream of events from the server. It is read with fetch, because an EventSource cannot send a token.

/** `lost`: the server is gone; it is asked again and again. */
export const connection = signal<'connecting' | 'live' | 'lost'>('connecting');

/** Grows when events may have been missed: whatever is shown has to be asked for anew. */
export const epoch = signal(0);

type Listener<T extends EventType> = (data: EventData<T>) => void;
type Listeners = { [T in EventType]?: Set<Listener<T>> };

const listeners: Listeners = {};

/** These come each second: without them, the server is gone. */
const ALWAYS: readonly EventType[] = ['rates', 'fault', 'simulation', 'lost'];

/** Milliseconds without any event until the stream is opened anew. */
const SILENCE = 6_000;

/** Milliseconds from one attempt to the next. */
const PAUSES = [300, 1_000, 2_000, 3_000];

const wanted = signal(typesOf());
let lastId = '';

/** Calls the listener with each event of a type. @returns what ends that. */
export function subscribe<T extends EventType>(type: T, listener: Listener<T>): () => void {
  const known: Set<Listener<T>> = (listeners[type] as Set<Listener<T>> | undefined) ?? new Set();
  Object.assign(listeners, { [type]: known });
  known.add(listener);
  queueMicrotask(wantTypes);
  return () => {
    known.delete(listener);
    queueMicrotask(wantTypes);
  };
}

/** Whoever ends one subscription often begins another: only what is left of both opens the stream anew. */
function wantTypes(): void {
  wanted.value = typesOf();
}

function typesOf(): string {
  const asked = Object.entries(listeners).flatMap(([type, each]) => (each.size > 0 ? [type] : []));
  return [...new Set([...ALWAYS, ...asked])].sort().join(',');
}

/** Keeps the stream open from now on, with the types that somebody listens to. */
export function startLive(): void {
  effect(() => {
    const types = wanted.value;
    const ended = new AbortController();
    if (tokenWanted.value === undefined && token.value !== undefined) void stayConnected(types, ended.signal);
    return () => ended.abort();
  });
}

async function stayConnected(types: string, ended: AbortSignal): Promise<void> {
  // Pages that change take what they listen to from one another: all of that is one change.
  await pause(0, ended);
  for (let attempt = 0; !ended.aborted; attempt++) {
    const opened = await readStream(types, ended).catch(() => false);
    if (ended.aborted) return;
    connection.value = 'lost';
    if (opened) attempt = 0;
    await pause(PAUSES[Math.min(attempt, PAUSES.length - 1)] ?? 0, ended);
  }
}

/** Reads until the stream ends or falls silent. @returns whether it was open. */
async function readStream(types: string, ended: AbortSignal): Promise<boolean> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE);
  try {
    const headers: HeadersInit = lastId === '' ? {} : { 'Last-Event-ID': lastId };
    const response = await open(`/events?types=${types}`, {
      headers,
      signal: AbortSignal.any([ended, silence.signal]),
    });
    arrived();
    const parser = createParser({ onEvent: take });
    for await (const text of (response.body ?? emptyBody()).pipeThrough(new TextDecoderStream())) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE);
      parser.feed(text);
    }
    return true;
  } finally {
    clearTimeout(timer);
  }
}

function emptyBody(): never {
  throw new ApiError(0, 'the stream of events has no body');
}

function arrived(): void {
  // Without an id to resume from, what has happened since something was asked for is not told.
  if (connection.value === 'lost' || lastId === '') epoch.value++;
  connection.value = 'live';
}

function take({ id, event, data }: EventSourceMessage): void {
  if (id !== undefined) lastId = id;
  if (event === 'lost') epoch.value++;
  dispatch(event as EventType, JSON.parse(data));
}

function dispatch<T extends EventType>(type: T, data: EventData<T>): void {
  for (const listener of (listeners[type] as Set<Listener<T>> | undefined) ?? []) listener(data);
}

/** Resolves when the time is over, or earlier when it has ended. */
function pause(milliseconds: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    ended.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
