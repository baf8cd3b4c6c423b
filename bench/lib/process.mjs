import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const startTimeout = 15_000;
const stopTimeout = 3_000;

export const pinned = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0;

/**
 * @param {string[]} command
 * @param {number} core
 */
function onCore(command, core) {
  return pinned ? ['taskset', '-c', String(core), ...command] : command;
}

/** @param {string[]} command */
export function succeeds(command) {
  return spawnSync(command[0], command.slice(1)).status === 0;
}

/** @param {string[]} command */
export function outputOf(command) {
  return spawnSync(command[0], command.slice(1), { encoding: 'utf8' }).stdout?.trim() ?? '';
}

/**
 * Compiles a C source, or says what gcc said.
 * @param {string} source
 * @param {string} output
 * @param {string[]} libraries
 */
export function compile(source, output, libraries = []) {
  const result = spawnSync('gcc', ['-O2', '-Wall', '-o', output, source, ...libraries], { encoding: 'utf8' });
  if (result.error) throw new Error(`gcc could not be run: ${result.error.message}`);
  if (result.status !== 0) throw new Error(`gcc failed on ${source}:\n${result.stderr}`);
}

/**
 * Resident memory in MiB: now, the peak, or now without what the system can read again from files, and so lends at
 * will.
 * @param {number} pid
 * @param {'VmRSS' | 'VmHWM' | 'RssAnon'} field
 */
export function memoryOf(pid, field) {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return match ? Number(match[1]) / 1024 : Number.NaN;
}

/**
 * CPU time that the threads of a process have used. Finer than the 10 ms of /proc/<pid>/stat, for servers that use
 * little; a thread that has ended is missing.
 * @param {number} pid
 */
export function cpuSecondsOf(pid) {
  const ofThread = (/** @type {string} */ id) =>
    Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]);
  return readdirSync(`/proc/${pid}/task`).reduce((sum, id) => sum + ofThread(id) / 1e9, 0);
}

/**
 * Starts a server and waits for its line "listening PORT", or "listening" on a serial line. taskset replaces itself by
 * the command, so the child's pid is the server's.
 * @param {string[]} command
 * @param {RegExp} ready another line to wait for, with the port
 * @param {boolean} pin on core 0; else wherever there is room
 * @returns {Promise<{ pid: number, port: number, output: string, stop: () => Promise<void> }>}
 */
export function startServer(command, ready = /^listening ?(\d*)$/m, pin = true) {
  const [file, ...args] = pin ? onCore(command, 0) : command;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors = (errors + chunk).slice(0, 2000);
  });
  const stop = async () => {
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeout);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
  };
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), startTimeout);
    child.once('error', reject);
    ended.then(() => reject(new Error(`${command.join(' ')} ended before it listened: ${errors}`)));
    child.stdout.on('data', (chunk) => {
      output += chunk;
      const match = ready.exec(output);
      if (!match || child.pid === undefined) return;
      clearTimeout(timer);
      resolve({ pid: child.pid, port: Number(match[1]), output, stop });
    });
  });
}

/**
 * @typedef {{ ok: true, replies: number, seconds: number, serverCpuSeconds: number, loadgenCpuSeconds: number,
 *   otherCpuSeconds: number, medianMs: number, p99Ms: number } | { ok: false, reason: string }} Measurement
 */

/**
 * Runs the load generator on core 1, bounded in time, and reads its line of JSON.
 * @param {string} loadgen
 * @param {string[]} args
 * @param {number} timeout
 * @returns {Promise<Measurement>}
 */
export function runLoadgen(loadgen, args, timeout) {
  const [file, ...rest] = onCore([loadgen, ...args], 1);
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      resolve(output ? JSON.parse(output) : { ok: false, reason: 'the load generator did not end in time' });
    });
  });
}
