import { Word } from './messages.js';

/**
 * The thread runs this first; it imports the thread's file. The program is blocked meanwhile and gets no events of the
 * thread, so the reason for a failure must be posted. This is a text because a bundler could lose a file.
 */
export const BOOT: string = `
  import('node:worker_threads').then(async ({ workerData: { file, port, words } }) => {
    let problem = 'it has ended';
    function tell() {
      if (Atomics.load(words, ${Word.begun}) === 1) return;
      port.postMessage({ kind: 'unusable', problem });
      Atomics.store(words, ${Word.ended}, 1);
      Atomics.add(words, ${Word.news}, 1);
      Atomics.notify(words, ${Word.news});
    }
    process.once('exit', tell);
    try {
      await import(file);
      problem = "it is not the program of a server's thread";
    } catch (error) {
      problem = String(error?.message ?? error);
    }
    process.off('exit', tell);
    tell();
  });
`;
