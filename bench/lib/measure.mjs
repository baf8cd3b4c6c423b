import { memoryOf, runLoadgen, startServer } from './process.mjs';

const readTen = { functionCode: 3, registers: 10 };
export const loads = [
  { name: '1x1', connections: 1, outstanding: 1, ...readTen },
  { name: '64x1', connections: 64, outstanding: 1, ...readTen },
  { name: '64x16', connections: 64, outstanding: 16, ...readTen },
  { name: '1x64', connections: 1, outstanding: 64, ...readTen },
  { name: '64x16 read 125', connections: 64, outstanding: 16, functionCode: 3, registers: 125 },
  { name: '64x16 write 100', connections: 64, outstanding: 16, functionCode: 16, registers: 100 },
];
const warmUp = 300;
/** What the load generator may take beyond its two phases: connecting, and waiting for lost replies. */
const grace = 10_000;

/**
 * @typedef {import('./process.mjs').Measurement} Measurement
 * @typedef {(typeof loads)[number]} Load
 * @typedef {{ requestsPerSecond: number, requestsPerCpuSecond: number, serverCpu: number, loadgenCpu: number,
 *   otherCpu: number, medianMs: number, p99Ms: number }} Figures
 */

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {Measurement & { ok: true }} run */
function figuresOf(run) {
  return {
    requestsPerSecond: run.replies / run.seconds,
    requestsPerCpuSecond: run.replies / run.serverCpuSeconds,
    serverCpu: run.serverCpuSeconds / run.seconds,
    loadgenCpu: run.loadgenCpuSeconds / run.seconds,
    otherCpu: run.otherCpuSeconds / run.seconds,
    medianMs: run.medianMs,
    p99Ms: run.p99Ms,
  };
}

/** One server under test: its process and what has been measured so far. */
export class Contestant {
  /** @type {Map<string, Figures[]>} */
  #rounds = new Map();
  /** @type {Map<string, string>} */
  failures = new Map();
  /** @type {Awaited<ReturnType<typeof startServer>> | undefined} */
  #process;
  memory = { idle: 0, afterLoad: 0, peak: 0 };

  /**
   * @param {string} name
   * @param {string} version
   * @param {string[]} command
   */
  constructor(name, version, command) {
    this.name = name;
    this.version = version;
    this.command = command;
  }

  async #running() {
    if (this.#process) return this.#process;
    this.#process = await startServer(this.command);
    this.memory.idle = memoryOf(this.#process.pid, 'VmRSS');
    return this.#process;
  }

  /** A load that failed once is not tried again, and the server starts afresh for the next. */
  async #fail(/** @type {Load} */ load, /** @type {string} */ reason) {
    this.failures.set(load.name, reason);
    await this.stop();
  }

  /**
   * @param {string} loadgen
   * @param {Load} load
   * @param {number} seconds
   */
  async measure(loadgen, load, seconds) {
    if (this.failures.has(load.name)) return;
    const { pid, port } = await this.#running();
    const { connections, outstanding, functionCode, registers } = load;
    const args = [port, connections, outstanding, functionCode, registers, warmUp, seconds * 1000, pid].map(String);
    const run = await runLoadgen(loadgen, args, warmUp + seconds * 1000 + grace);
    if (!run.ok) return this.#fail(load, run.reason);
    this.memory.afterLoad = memoryOf(pid, 'VmRSS');
    this.memory.peak = Math.max(this.memory.peak, memoryOf(pid, 'VmHWM'));
    this.#rounds.set(load.name, [...(this.#rounds.get(load.name) ?? []), figuresOf(run)]);
  }

  /**
   * The median of each figure over the rounds.
   * @param {Load} load
   * @returns {Figures | undefined}
   */
  figures(load) {
    const rounds = this.#rounds.get(load.name);
    if (!rounds || this.failures.has(load.name)) return undefined;
    const over = (/** @type {keyof Figures} */ key) => median(rounds.map((round) => round[key]));
    return {
      requestsPerSecond: over('requestsPerSecond'),
      requestsPerCpuSecond: over('requestsPerCpuSecond'),
      serverCpu: over('serverCpu'),
      loadgenCpu: over('loadgenCpu'),
      otherCpu: over('otherCpu'),
      medianMs: over('medianMs'),
      p99Ms: over('p99Ms'),
    };
  }

  async stop() {
    await this.#process?.stop();
    this.#process = undefined;
  }
}

/**
 * Rounds are interleaved and every second one runs backwards, so that a drift of the machine hits all servers alike.
 * @param {Contestant[]} contestants
 * @param {{ loads: Load[], loadgen: string, seconds: number, rounds: number, progress: (text: string) => void }} options
 */
export async function measureAll(contestants, { loads, loadgen, seconds, rounds, progress }) {
  for (let round = 0; round < rounds; round++) {
    for (const load of loads) {
      progress(`round ${round + 1} of ${rounds}, ${load.name}`);
      for (const contestant of round % 2 ? contestants.toReversed() : contestants) {
        await contestant.measure(loadgen, load, seconds);
      }
    }
  }
}
