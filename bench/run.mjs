// Speed and memory of Busbar beside its peers, on this machine, now. How to read it: README.md beside this file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureIdle } from './lib/idle.mjs';
import { Contestant, loads, measureAll } from './lib/measure.mjs';
import { pinned } from './lib/process.mjs';
import { describeRun, printReport, reportData } from './lib/report.mjs';
import { compileLoadgen, prepareAll, servers } from './lib/servers.mjs';

const usage = `usage: node bench/run.mjs [--seconds N] [--rounds N] [--only NAME,…] [--json FILE]
       node bench/run.mjs --line [--seconds N] [--json FILE]
       node bench/run.mjs --tls-memory [--connections N] [--json FILE]
       node bench/run.mjs --simulation [--seconds N] [--json FILE]
       node bench/run.mjs --consoles [--seconds N] [--rounds N] [--json FILE]
       node bench/run.mjs --storage [--seconds N] [--rounds N] [--json FILE]
       node bench/run.mjs --sharing [--seconds N] [--rounds N] [--json FILE]
  --line     rubbish on a serial line, instead of requests over TCP
  --tls-memory   whether connections with client certificates leave memory behind; ends with 1 if they do
  --simulation   what points cost that move; ends with 1 if it is too much
  --consoles     what open consoles cost the clients; ends with 1 if it is too much
  --storage      what it costs the clients that values are kept on disk
  --sharing      what it costs to share an image over Redis; ends with 1 if reads cost too much
  --connections  how many of each kind (20000)
  --seconds  how long each measurement lasts (1, with --line 5, with --simulation 10, with --consoles 3)
  --rounds   how many measurements the median is taken of (3)
  --only     of ${servers.map(({ name }) => name).join(', ')}
  --json     also write all figures to this file`;

/** @returns {never} */
function refuse(/** @type {string} */ message) {
  console.error(`${message}\n${usage}`);
  process.exit(2);
}

/**
 * @param {string | undefined} text
 * @param {number} otherwise
 * @param {string} name
 */
function positive(text, otherwise, name) {
  const value = text === undefined ? otherwise : Number(text);
  return value > 0 && Number.isFinite(value) ? value : refuse(`--${name} must be a number above 0, not "${text}"`);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        line: { type: 'boolean' },
        'tls-memory': { type: 'boolean' },
        simulation: { type: 'boolean' },
        consoles: { type: 'boolean' },
        storage: { type: 'boolean' },
        sharing: { type: 'boolean' },
        connections: { type: 'string' },
        seconds: { type: 'string' },
        rounds: { type: 'string' },
        only: { type: 'string' },
        json: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** @param {string | undefined} only */
function chosenServers(only) {
  const names = only?.split(',') ?? servers.map(({ name }) => name);
  const unknown = names.find((name) => !servers.some((server) => server.name === name));
  if (unknown !== undefined) refuse(`--only: there is no "${unknown}"`);
  return servers.filter(({ name }) => names.includes(name));
}

/**
 * @param {Contestant[]} contestants
 * @param {Record<string, string>} missing
 */
function busbarFailed(contestants, missing) {
  return 'busbar' in missing || contestants.some(({ name, failures }) => name === 'busbar' && failures.size > 0);
}

/**
 * @typedef {ReturnType<typeof readArguments>} Arguments
 * @typedef {{ folder: string, progress: (text: string) => void, atEnd: (stop: () => Promise<void>) => void }} Surroundings
 */

/** Requests over TCP. @param {Arguments} options */
function tcpBench({ seconds: secondsText, rounds: roundsText, only }) {
  const seconds = positive(secondsText, 1, 'seconds');
  const rounds = positive(roundsText, 3, 'rounds');
  const chosen = chosenServers(only);
  return async (/** @type {Surroundings} */ { folder, progress, atEnd }) => {
    const { ready, missing } = prepareAll(chosen, folder);
    const contestants = ready.map(({ name, version, command }) => new Contestant(name, version, command));
    atEnd(async () => {
      for (const contestant of contestants) await contestant.stop();
    });
    describeRun('servers on core 0, load generator on core 1', 'functions 03 and 10 (hexadecimal)', contestants);
    await measureAll(contestants, { loads, loadgen: compileLoadgen(folder), seconds, rounds, progress });
    progress('idle connections');
    const idle = 'busbar' in missing ? undefined : await measureIdle();
    printReport(contestants, missing, idle);
    const data = { seconds, rounds, ...reportData(contestants, missing), idle };
    return { data, failed: busbarFailed(contestants, missing) };
  };
}

/** Rubbish on a serial line. @param {Arguments} options */
function lineBench({ seconds: secondsText, rounds, only }) {
  if (rounds !== undefined || only !== undefined) refuse('--rounds and --only have no meaning with --line');
  const seconds = positive(secondsText, 5, 'seconds');
  return async (/** @type {Surroundings} */ surroundings) => {
    // Loads the library, which the other bench does without in this process.
    const { benchLine } = await import('./lib/line.mjs');
    return benchLine({ seconds, ...surroundings });
  };
}

/** Connections over TLS that come and go. @param {Arguments} options */
function tlsMemoryBench({ connections: text, seconds, rounds, only }) {
  if ((seconds ?? rounds ?? only) !== undefined)
    refuse('--seconds, --rounds and --only have no meaning with --tls-memory');
  const connections = positive(text, 20_000, 'connections');
  return async (/** @type {Surroundings} */ { folder, progress }) => {
    const { benchTlsMemory } = await import('./lib/tls-memory.mjs');
    return benchTlsMemory({ folder, connections, progress });
  };
}

/** Points that move. @param {Arguments} options */
function simulationBench({ seconds: secondsText, rounds, only }) {
  if (rounds !== undefined || only !== undefined) refuse('--rounds and --only have no meaning with --simulation');
  const seconds = positive(secondsText, 10, 'seconds');
  return async (/** @type {Surroundings} */ { progress }) => {
    const { benchSimulation } = await import('./lib/simulation.mjs');
    return benchSimulation({ seconds, progress });
  };
}

/** Open consoles. @param {Arguments} options */
function consolesBench({ seconds: secondsText, rounds: roundsText, only }) {
  if (only !== undefined) refuse('--only has no meaning with --consoles');
  const seconds = positive(secondsText, 3, 'seconds');
  const rounds = positive(roundsText, 3, 'rounds');
  return async (/** @type {Surroundings} */ { folder, progress }) => {
    const { benchConsoles } = await import('./lib/consoles.mjs');
    return benchConsoles({ folder, seconds, rounds, progress });
  };
}

/** Values that are kept on disk. @param {Arguments} options */
function storageBench({ seconds: secondsText, rounds: roundsText, only }) {
  if (only !== undefined) refuse('--only has no meaning with --storage');
  const seconds = positive(secondsText, 1, 'seconds');
  const rounds = positive(roundsText, 3, 'rounds');
  return async (/** @type {Surroundings} */ surroundings) => {
    const { benchStorage } = await import('./lib/storage.mjs');
    return benchStorage({ seconds, rounds, ...surroundings });
  };
}

/** One image on many servers. @param {Arguments} options */
function sharingBench({ seconds: secondsText, rounds: roundsText, only }) {
  if (only !== undefined) refuse('--only has no meaning with --sharing');
  const seconds = positive(secondsText, 1, 'seconds');
  const rounds = positive(roundsText, 3, 'rounds');
  return async (/** @type {Surroundings} */ surroundings) => {
    const { benchSharing } = await import('./lib/sharing.mjs');
    return benchSharing({ seconds, rounds, ...surroundings });
  };
}

/** @param {Arguments} options */
function chooseBench(options) {
  if (options['tls-memory']) return tlsMemoryBench(options);
  if (options.connections !== undefined) refuse('--connections is for --tls-memory');
  if (options.simulation) return simulationBench(options);
  if (options.consoles) return consolesBench(options);
  if (options.storage) return storageBench(options);
  if (options.sharing) return sharingBench(options);
  return options.line ? lineBench(options) : tcpBench(options);
}

async function main() {
  const options = readArguments();
  if (options.help) return console.log(usage);
  const bench = chooseBench(options);
  const folder = mkdtempSync(join(tmpdir(), 'busbar-bench-'));
  let stop = async () => {};
  const cleanUp = async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => cleanUp().then(() => process.exit(1)));
  const atEnd = (/** @type {typeof stop} */ action) => {
    stop = action;
  };
  try {
    const progress = (/** @type {string} */ text) => console.error(text);
    const { data, failed } = await bench({ folder, progress, atEnd });
    const machine = { cpu: cpus()[0].model, cores: availableParallelism(), node: process.version, pinned };
    if (options.json) writeFileSync(options.json, `${JSON.stringify({ machine, ...data }, undefined, 2)}\n`);
    if (failed) process.exitCode = 1;
  } finally {
    await cleanUp();
  }
}

if (process.platform !== 'linux') refuse('the bench needs Linux: /proc and epoll');
await main().catch((error) => {
  console.error(`bench: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
