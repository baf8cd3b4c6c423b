import { BroadcastChannel } from 'node:worker_threads';
import { type Checks, checkOptions, checkString, show } from '../checks.js';
import { OptionsError, StateError } from '../errors.js';
import { STOP_PATIENCE_MS, Word } from './messages.js';

/** A running server for other threads: post it to them, and `stopServerSync` there stops the server. */
export interface SyncServerHandle {
  readonly channel: string;
  readonly words: Int32Array;
}

/** Closes a server of any thread gracefully, and blocks until it has ended. */
export function stopByHandle(handle: SyncServerHandle): void {
  const { channel, words } = checkHandle(handle);
  if (Atomics.load(words, Word.ended) === 1) return;
  Atomics.store(words, Word.stopped, 1);
  const line = new BroadcastChannel(channel);
  line.postMessage('stop');
  line.close();
  awaitEnd(words);
}

function checkHandle(handle: SyncServerHandle): SyncServerHandle {
  return checkOptions(handle, CHECKS, ['handle']);
}

const CHECKS = {
  channel: checkString,
  words: (words, path) => {
    if (words instanceof Int32Array && words.buffer instanceof SharedArrayBuffer) return words;
    throw new OptionsError(path, `expected the shared memory of a server, found ${show(words)}`);
  },
} satisfies Checks<SyncServerHandle>;

function awaitEnd(words: Int32Array): void {
  const deadline = performance.now() + STOP_PATIENCE_MS;
  for (;;) {
    const seen = Atomics.load(words, Word.news);
    if (Atomics.load(words, Word.ended) === 1) return;
    const left = deadline - performance.now();
    if (left <= 0)
      throw new StateError('SERVER_THREAD_SILENT', `the server did not stop in ${STOP_PATIENCE_MS / 1000} s`);
    Atomics.wait(words, Word.news, seen, left);
  }
}
