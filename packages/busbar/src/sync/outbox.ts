import type { MessagePort } from 'node:worker_threads';
import type { ServerCounters } from '../counters.js';
import { device } from '../data/device.js';
import { UnitWord } from '../data/shared-memory.js';
import type { ChangeEvent, FileWriteEvent, WriteEvent } from '../data/unit.js';
import { encodeError } from './error-data.js';
import { type Message, QUEUE_LIMIT, Word } from './messages.js';

/** Messages from the server's thread to a program that may not read them for minutes. */
export class Outbox {
  readonly #port: MessagePort;
  readonly #words: Int32Array;

  constructor(port: MessagePort, words: Int32Array) {
    this.#port = port;
    this.#words = words;
  }

  /** Posts the result of `task`. If the task fails, posts the error and then rejects. */
  async answer<T>(
    id: number,
    task: () => Promise<T>,
    describe: (result: T) => unknown = (result) => result,
  ): Promise<T> {
    try {
      const result = await task();
      this.#post({ kind: 'reply', id, value: describe(result) });
      return result;
    } catch (error) {
      this.#post({ kind: 'failure', id, error: encodeError(error) });
      throw error;
    }
  }

  write({ unit, ...event }: WriteEvent): void {
    if (!this.#admits(Word.queuedWrites, Word.droppedWrites)) return;
    this.#post({ kind: 'write', write: { ...event, unit: unit.id } });
  }

  fileWrite({ unit, ...event }: FileWriteEvent): void {
    if (!this.#admits(Word.queuedWrites, Word.droppedWrites)) return;
    this.#post({ kind: 'write', write: { ...event, table: 'files', unit: unit.id } });
  }

  change({ unit, ...change }: ChangeEvent): void {
    // This thread has only copies of the program's.
    if (change.part === 'identity' || change.part === 'serverId') return;
    if (Atomics.load(unit[device].words, UnitWord.listening) === 0) return;
    if (!this.#admits(Word.queuedChanges, Word.droppedChanges)) return;
    this.#post({ kind: 'change', unit: unit.id, change });
  }

  error(error: Error): void {
    if (this.#admits(Word.queuedErrors, Word.droppedErrors)) this.#post({ kind: 'error', error: encodeError(error) });
  }

  /** The thread is about to end because of this error. */
  crash(error: unknown): void {
    this.#post({ kind: 'crash', error: encodeError(error) });
  }

  /** The server has ended; these are its final counters. */
  last(counters: ServerCounters): void {
    this.#post({ kind: 'last', counters });
  }

  end(): void {
    Atomics.store(this.#words, Word.ended, 1);
    this.#announce();
  }

  /** Takes a place in a queue that the program empties. @returns false if it is full. */
  #admits(queued: number, dropped: number): boolean {
    const full = Atomics.load(this.#words, queued) >= QUEUE_LIMIT;
    Atomics.add(this.#words, full ? dropped : queued, 1);
    return !full;
  }

  #post(message: Message): void {
    this.#port.postMessage(message);
    this.#announce();
  }

  #announce(): void {
    Atomics.add(this.#words, Word.news, 1);
    Atomics.notify(this.#words, Word.news);
  }
}
