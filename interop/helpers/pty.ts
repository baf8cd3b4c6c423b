import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { temporaryFolder } from './folder.js';
import { startError } from './process.js';

/** Two pseudo-terminals, each of which gets what is written to the other, by their paths. */
export interface PtyPair {
  readonly a: string;
  readonly b: string;
  /** Takes both away, as if an adapter was unplugged. */
  unplug(): Promise<void>;
  /** Gives them back, under the same paths. */
  plug(): Promise<void>;
  remove(): Promise<void>;
}

/** A serial line that needs no hardware: socat joins two pseudo-terminals. */
export async function createPtyPair(): Promise<PtyPair> {
  const folder = temporaryFolder();
  const [a, b] = [join(folder.path, 'a'), join(folder.path, 'b')];
  let socat: ChildProcess | undefined = await startSocat(a, b);
  const unplug = async () => {
    if (socat !== undefined) await stop(socat);
    socat = undefined;
  };
  return {
    a,
    b,
    unplug,
    plug: async () => {
      socat = await startSocat(a, b);
    },
    remove: async () => {
      await unplug();
      folder.remove();
    },
  };
}

function startSocat(a: string, b: string): Promise<ChildProcess> {
  const ends = [a, b].map((path) => `pty,raw,echo=0,link=${path}`);
  const socat = spawn('socat', ['-d', '-d', ...ends], { stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    let log = '';
    socat.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      log += chunk;
      if (log.includes('starting data transfer')) resolve(socat);
    });
    socat.once('error', (error) => reject(startError('socat', error)));
    socat.once('close', (code) => reject(new Error(`socat ended with ${code}: ${log}`)));
  });
}

async function stop(socat: ChildProcess): Promise<void> {
  const closed = once(socat, 'close');
  socat.kill();
  await closed;
}
