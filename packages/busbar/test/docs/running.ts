import { type ChildProcess, spawn } from 'node:child_process';
import { onFreePort, type Program, root } from '../../../../interop/helpers/document.js';

/** A bound for a program that never ends, not a measure of its speed. */
const PATIENCE_MS = 30_000;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command of Node.js to its end. */
export function runNode(args: string[], { cwd = root, input = '' } = {}): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd });
  child.stdin.on('error', () => {}); // a program that ends without reading its input
  child.stdin.end(input);
  return ended(child);
}

/** Runs a program of a document: to its end, or until it serves and is interrupted. */
export function runProgram({ source, serves }: Program): Promise<Ended> {
  const child = spawn(process.execPath, ['--input-type=module', '-'], { cwd: root });
  child.stdin.end(onFreePort(source));
  // The documents print where they listen after they have set the handler of the signal.
  if (serves) child.stdout.once('data', () => child.kill('SIGINT'));
  return ended(child);
}

function ended(child: ChildProcess): Promise<Ended> {
  const output = { stdout: '', stderr: '' };
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, ...output });
    });
  });
}
