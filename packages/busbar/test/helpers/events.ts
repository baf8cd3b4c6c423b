import { EventEmitter } from 'node:events';
import type { Emitter } from 'busbar';

/** What an event carried, each time it came. */
export interface Recorder<Item> {
  readonly all: Item[];
  /** Resolves when there are `count` of them. */
  reached(count: number): Promise<Item[]>;
}

/** A recorder that `record` feeds. */
export function createRecorder<Item>(): Recorder<Item> & { record: (item: Item) => void } {
  const all: Item[] = [];
  const waiting: { count: number; resolve: (items: Item[]) => void }[] = [];
  return {
    all,
    record(item) {
      all.push(item);
      for (const { count, resolve } of waiting) if (all.length >= count) resolve(all);
    },
    reached: (count) =>
      all.length >= count ? Promise.resolve(all) : new Promise((resolve) => waiting.push({ count, resolve })),
  };
}

/** Records an event of an emitter from now on. */
export function record<Events extends { [Each in keyof Events]: unknown[] }, Name extends keyof Events & string>(
  emitter: Emitter<Events>,
  name: Name,
): Recorder<Events[Name][0]> {
  const recorder = createRecorder<Events[Name][0]>();
  EventEmitter.prototype.on.call(emitter, name, recorder.record);
  return recorder;
}

/** A promise that a test resolves when it wants to. */
export interface Gate<Value = void> {
  readonly opened: Promise<Value>;
  open(value: Value): void;
  fail(reason: unknown): void;
}

export function createGate<Value = void>(): Gate<Value> {
  let open: (value: Value) => void = () => {};
  let fail: (reason: unknown) => void = () => {};
  const opened = new Promise<Value>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { opened, open, fail };
}

/** Resolves when the event loop has gone round so often. */
export async function turns(count = 1): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
