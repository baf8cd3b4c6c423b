import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { MbapClient } from '../helpers/mbap-client.js';

/** A program in another process, whose first line is the port that it serves on. */
export interface SyncProgram {
  readonly child: ChildProcess;
  readonly client: MbapClient;
  /** Resolves when it has ended, with what it printed behind the port. */
  readonly ended: Promise<{ code: number | null; lines: string[] }>;
}

export async function startProgram(file: string, args: readonly string[] = []): Promise<SyncProgram> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = collect(child);
  await output.firstLine;
  const port = Number(output.lines()[0]);
  const client = await MbapClient.connect({ host: '127.0.0.1', port });
  onTestFinished(() => client.close());
  const ended = once(child, 'close').then(([code]) => ({ code, lines: output.lines().slice(1) }));
  return { child, client, ended };
}

function collect(child: ChildProcess) {
  let text = '';
  let problem = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    problem += chunk;
  });
  const firstLine = new Promise<void>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve();
    });
    child.once('close', () => reject(new Error(`the program ended: ${problem}`)));
  });
  return { firstLine, lines: () => text.split('\n').filter((line) => line !== '') };
}

/** Tells a program's loop that it may end. */
export async function tell(client: MbapClient): Promise<void> {
  await client.request(1, Uint8Array.of(0x05, 0, 0, 0xff, 0));
}
