import { randomUUID } from 'node:crypto';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { ServerCounters } from '../counters.js';
import type { SharedUnit } from '../data/shared-unit.js';
import { StateError } from '../errors.js';
import { BOOT } from './boot.js';
import { decodeError } from './error-data.js';
import type { SyncServerHandle } from './handle.js';
import {
  type ChangeData,
  type Message,
  type Replies,
  type Request,
  type ServerStart,
  STOP_PATIENCE_MS,
  type ThreadCode,
  WORDS,
  Word,
  type WriteData,
} from './messages.js';

/** Bounds for a thread that hangs, not measures of its speed. */
const START_PATIENCE_MS = 60_000;
const CALL_PATIENCE_MS = 10_000;
/** How long to wait for a write before checking that the thread is still there. */
const SILENCE_MS = 5000;

/** Node's switches for a program that is not a file: the thread must not get them. */
const ENTRY_SWITCH = /^(--input-type|--eval|--print|-e|-p|-pe)(=|$)/;

const ADVICE =
  'in a bundle, keep busbar external (esbuild: --external:busbar), or bundle busbar/sync/worker beside it as busbar-worker, or name it in the option `workerFile`';

type Reply = Extract<Message, { kind: 'reply' | 'failure' }>;

/** The program's end of a server's thread. Its methods block until the thread has replied. */
export class ServerThread {
  readonly #words = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
  readonly #channel = `busbar ${randomUUID()}`;
  readonly #port: MessagePort;
  readonly #worker: Worker;
  readonly #file: string;
  readonly #writes: WriteData[] = [];
  readonly #changes: ChangeData[] = [];
  readonly #onNews: () => void;
  readonly #errors: Error[] = [];
  #calls = 0;
  #reply: Reply | undefined;
  /** The error that ended the thread. */
  #failure: Error | undefined;
  #told = false;
  #stopped = false;
  /** The final counters of a server that ended by itself. */
  #last: ServerCounters | undefined;

  /** @param onNews called when the event loop has brought a message from the thread. */
  constructor(server: ServerStart, units: readonly SharedUnit[], code: ThreadCode, onNews: () => void) {
    this.#onNews = onNews;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#file = code.file;
    this.#worker = new Worker(BOOT, {
      eval: true,
      name: `busbar ${server.transport} server`,
      execArgv: process.execArgv.some((argument) => ENTRY_SWITCH.test(argument)) ? [] : undefined,
      workerData: { words: this.#words, channel: this.#channel, port: port2, server, units, ...code },
      transferList: [port2],
    });
    port1.on('message', (message: Message) => {
      if (this.#stopped) return;
      this.#sort(message);
      this.#onNews();
    });
    port1.unref();
    this.#worker.once('error', (error) => this.#crashed(error));
    this.#worker.once('exit', (code) => {
      if (code !== 0) this.#crashed(undefined);
    });
  }

  /** Blocks until the server listens. @returns its address. @throws the error that kept it from listening. */
  started(): unknown {
    try {
      return this.#result(0, START_PATIENCE_MS);
    } catch (error) {
      throw Atomics.load(this.#words, Word.begun) === 1 ? error : this.#notStarted();
    }
  }

  #notStarted(): StateError {
    const reason = this.#failure?.message ?? `it has not started within ${START_PATIENCE_MS / 1000} s`;
    return new StateError(
      'SERVER_THREAD_NOT_STARTED',
      `${this.#file} does not run as the server's thread: ${reason}; ${ADVICE}`,
    );
  }

  get running(): boolean {
    return !this.#stopped && !this.#ended;
  }

  call<R extends Request>(request: R, patience: number = CALL_PATIENCE_MS): Replies[R['kind']] {
    if (this.#stopped) throw new StateError('NOT_LISTENING', 'the server was stopped');
    const id = ++this.#calls;
    this.#port.postMessage({ id, request });
    return this.#result(id, patience) as Replies[R['kind']];
  }

  /** The oldest write not yet taken; blocks until there is one, or the time has passed. */
  nextWrite(timeout: number): WriteData | undefined {
    const deadline = performance.now() + timeout;
    for (;;) {
      const now = performance.now();
      const write = this.#await(() => this.#writes.shift(), Math.min(deadline, now + SILENCE_MS));
      if (write !== undefined) Atomics.sub(this.#words, Word.queuedWrites, 1);
      if (write !== undefined || performance.now() >= deadline) return write;
      this.call({ kind: 'ping' });
    }
  }

  /** All writes not yet taken, and how many found the queue full since the last call. */
  takeWrites(): { writes: WriteData[]; dropped: number } {
    const writes = this.#take(this.#writes, Word.queuedWrites);
    return { writes, dropped: Atomics.exchange(this.#words, Word.droppedWrites, 0) };
  }

  /** All changes not yet taken, and how many found the queue full since the last call. */
  takeChanges(): { changes: ChangeData[]; dropped: number } {
    this.#collect();
    const changes = this.#changes.splice(0);
    Atomics.sub(this.#words, Word.queuedChanges, changes.length);
    return { changes, dropped: Atomics.exchange(this.#words, Word.droppedChanges, 0) };
  }

  takeErrors(): { errors: Error[]; dropped: number } {
    const errors = this.#take(this.#errors, Word.queuedErrors);
    return { errors, dropped: Atomics.exchange(this.#words, Word.droppedErrors, 0) };
  }

  get handle(): SyncServerHandle {
    return { channel: this.#channel, words: this.#words };
  }

  /** Blocks until the server has ended. @throws StateError if a fault has ended it. */
  waitForEnd(): ServerCounters | undefined {
    for (;;) {
      const seen = Atomics.load(this.#words, Word.news);
      const ended = this.#ended;
      this.#collect();
      if (ended) break;
      if (Atomics.wait(this.#words, Word.news, seen, SILENCE_MS) === 'timed-out') this.#ping();
    }
    if (this.#failure !== undefined) throw this.#endedError();
    return this.#last;
  }

  /** Checks that the thread is still there. */
  #ping(): void {
    try {
      this.call({ kind: 'ping' });
    } catch (error) {
      if (!this.#ended) throw error;
    }
  }

  /** Closes the server gracefully. @throws StateError if it has ended by a fault that was not yet reported. */
  stop(): Replies['stop'] | undefined {
    const told = this.#told;
    try {
      return this.call({ kind: 'stop' }, STOP_PATIENCE_MS);
    } catch (error) {
      if (!this.#ended || told || this.#stoppedElsewhere) return this.#last;
      throw error;
    }
  }

  /** Ends the thread, whatever it is doing. */
  end(): void {
    this.#collect();
    this.#stopped = true;
    void this.#worker.terminate();
  }

  get #stoppedElsewhere(): boolean {
    return Atomics.load(this.#words, Word.stopped) === 1;
  }

  get #ended(): boolean {
    return Atomics.load(this.#words, Word.ended) === 1;
  }

  #result(id: number, patience: number): unknown {
    const reply = this.#await(() => (this.#reply?.id === id ? this.#reply : undefined), performance.now() + patience);
    if (reply === undefined) {
      const message = `the server's thread did not answer within ${patience / 1000} s; does code of its module block it?`;
      throw new StateError('SERVER_THREAD_SILENT', message);
    }
    if (reply.kind === 'failure') throw decodeError(reply.error);
    return reply.value;
  }

  /** Blocks until `find` finds something among the posted messages; undefined after the deadline. */
  #await<T>(find: () => T | undefined, deadline: number): T | undefined {
    for (;;) {
      const seen = Atomics.load(this.#words, Word.news);
      const ended = this.#ended;
      this.#collect();
      const found = find();
      if (found !== undefined) return found;
      if (ended || this.#stopped) throw this.#endedError();
      const left = deadline - performance.now();
      if (left <= 0) return undefined;
      Atomics.wait(this.#words, Word.news, seen, left);
    }
  }

  #take<T>(queue: T[], queued: number): T[] {
    const ended = this.#ended;
    this.#collect();
    if (ended && !this.#stopped && queue.length === 0) throw this.#endedError();
    const taken = queue.splice(0);
    Atomics.sub(this.#words, queued, taken.length);
    return taken;
  }

  /** Sorts the messages that the thread has posted. */
  #collect(): void {
    if (this.#stopped) return;
    for (let next = receiveMessageOnPort(this.#port); next !== undefined; next = receiveMessageOnPort(this.#port)) {
      this.#sort(next.message);
    }
  }

  #sort(message: Message): void {
    if (message.kind === 'write') this.#writes.push(message.write);
    else if (message.kind === 'error') this.#errors.push(decodeError(message.error));
    else if (message.kind === 'unusable') this.#failure ??= new Error(message.problem);
    else if (message.kind === 'crash') this.#failure ??= decodeError(message.error);
    else if (message.kind === 'last') this.#last = message.counters;
    else if (message.kind === 'change') this.#changes.push(message);
    else this.#reply = message;
  }

  #endedError(): StateError {
    if (this.#stopped) return new StateError('NOT_LISTENING', 'the server was stopped');
    if (this.#stoppedElsewhere) return new StateError('NOT_LISTENING', 'another thread has stopped the server');
    this.#told = true;
    const reason = this.#failure === undefined ? '' : `: ${this.#failure.message}`;
    return new StateError('SERVER_THREAD_ENDED', `the server has ended by itself${reason}`, { cause: this.#failure });
  }

  /** Reaches only a program that returns to its event loop; in any other, the next call throws. */
  #crashed(error: Error | undefined): void {
    if (this.#stopped) return;
    this.#collect();
    this.#failure ??= error;
    Atomics.store(this.#words, Word.ended, 1);
    if (!this.#told) process.emitWarning(this.#endedError());
  }
}
