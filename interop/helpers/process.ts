import { spawn } from 'node:child_process';

/** Debian's python: another one on the PATH may lack the packages that Debian installs. */
export const PYTHON = '/usr/bin/python3';

/** Has mbpoll ask once, by protocol address, and wait for the reply of a busy machine, too. */
export const ONCE = ['-0', '-1', '-o', '10'];

const PACKAGES: Record<string, string> = {
  gcc: 'gcc',
  haproxy: 'haproxy',
  mbpoll: 'mbpoll',
  nmap: 'nmap',
  'redis-server': 'redis-server',
  socat: 'socat',
  strace: 'strace',
  tshark: 'tshark',
};

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Why a program could not be started, with what installs it where it is simply missing. */
export function startError(program: string, error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT') return error;
  const remedy = PACKAGES[program];
  return new Error(`${program} is missing${remedy ? `: install the Debian package ${remedy}` : ''}`, { cause: error });
}

/** Runs a program to its end; rejects where it can't be started, or is still running after `timeout` ms. */
export function run(program: string, args: string[], { timeout = 60_000, input = '' } = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output.stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      output.stderr += chunk;
    });
    child.stdin.on('error', () => {}); // a program that ends without reading its input
    child.stdin.end(input);
    child.once('error', (error) => reject(startError(program, error)));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (signal === 'SIGKILL') reject(new Error(`${program} ${args.join(' ')} did not end in ${timeout} ms`));
      else resolve({ code, ...output });
    });
  });
}

/** Runs a program that must succeed, and returns what it printed. */
export async function runChecked(program: string, args: string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, { input });
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${code}: ${stderr || stdout}`);
  return stdout;
}
