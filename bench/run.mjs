// Speed and memory of Busbar beside its peers, on this machine, now. How to read it: README.md beside this file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Contestant, measureAll } from './lib/measure.mjs';
import { pinned } from './lib/process.mjs';
import { printReport, reportData } from './lib/report.mjs';
import { compileLoadgen, servers } from './lib/servers.mjs';

const usage = `usage: node bench/run.mjs [--seconds N] [--rounds N] [--only NAME,…] [--json FILE]
  --seconds  how long each measurement lasts (1)
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
 * @param {string} folder
 * @param {typeof servers} chosen
 */
function prepare(folder, chosen) {
  const contestants = [];
  /** @type {Record<string, string>} */
  const missing = {};
  for (const { name, prepare } of chosen) {
    const prepared = prepare(folder);
    if ('missing' in prepared) missing[name] = prepared.missing;
    else contestants.push(new Contestant(name, prepared.version, prepared.command));
  }
  return { contestants, missing };
}

/** @param {Contestant[]} contestants */
function describeMachine(contestants) {
  const placing = pinned ? 'servers on core 0, load generator on core 1' : 'NOT PINNED: needs taskset and two cores';
  console.log(`${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}; ${placing}`);
  console.log(`FC 03, 10 registers; ${contestants.map(({ name, version }) => `${name} ${version}`).join(', ')}\n`);
}

/**
 * @param {Contestant[]} contestants
 * @param {Record<string, string>} missing
 */
function busbarFailed(contestants, missing) {
  return 'busbar' in missing || contestants.some(({ name, failures }) => name === 'busbar' && failures.size > 0);
}

async function main() {
  const { seconds: secondsText, rounds: roundsText, only, json, help } = readArguments();
  if (help) return console.log(usage);
  const seconds = positive(secondsText, 1, 'seconds');
  const rounds = positive(roundsText, 3, 'rounds');
  const chosen = chosenServers(only);
  const folder = mkdtempSync(join(tmpdir(), 'busbar-bench-'));
  /** @type {Contestant[]} */
  let contestants = [];
  const cleanUp = async () => {
    for (const contestant of contestants) await contestant.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => cleanUp().then(() => process.exit(1)));
  try {
    const prepared = prepare(folder, chosen);
    const { missing } = prepared;
    contestants = prepared.contestants;
    describeMachine(contestants);
    const progress = (/** @type {string} */ text) => console.error(text);
    await measureAll(contestants, { loadgen: compileLoadgen(folder), seconds, rounds, progress });
    printReport(contestants, missing);
    const machine = { cpu: cpus()[0].model, cores: availableParallelism(), node: process.version, pinned };
    const data = { machine, seconds, rounds, ...reportData(contestants, missing) };
    if (json) writeFileSync(json, `${JSON.stringify(data, undefined, 2)}\n`);
    if (busbarFailed(contestants, missing)) process.exitCode = 1;
  } finally {
    await cleanUp();
  }
}

if (process.platform !== 'linux') refuse('the bench needs Linux: /proc and epoll');
await main().catch((error) => {
  console.error(`bench: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
