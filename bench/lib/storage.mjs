// What it costs the clients that values are kept on disk.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, writeSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { Contestant, measureAll, median } from './measure.mjs';
import { aimLine, describeRun, doubts, table, times, whole } from './report.mjs';
import { compileLoadgen, prepareBusbar } from './servers.mjs';

/** The requests of one load compete for one disk, so writes come together. */
const loads = [
  { name: '64x1 write 10', connections: 64, outstanding: 1, functionCode: 16, registers: 10 },
  { name: '64x16 write 10', connections: 64, outstanding: 16, functionCode: 16, registers: 10 },
  { name: '1x1 write 10', connections: 1, outstanding: 1, functionCode: 16, registers: 10 },
  { name: '64x1 read 10', connections: 64, outstanding: 1, functionCode: 3, registers: 10 },
];
const [writes, , , reads] = loads;
const sqlite = isBuiltin('node:sqlite')
  ? [
      { name: 'SQLite, durable', kind: 'sqlite', mode: 'durable' },
      { name: 'SQLite, interval', kind: 'sqlite', mode: 'interval' },
    ]
  : [];
const variants = [
  { name: 'not kept', kind: 'none', mode: '-' },
  { name: 'LevelDB, durable', kind: 'level', mode: 'durable' },
  { name: 'LevelDB, interval', kind: 'level', mode: 'interval' },
  ...sqlite,
];
const SYNCS = 200;
/** The least of what is reached without a store. */
const WRITES_AIM = 0.25;
const READS_AIM = 0.95;

/**
 * What the disk takes for one small write that it keeps, in ms. Where it is nothing, the disk is memory.
 * @param {string} folder
 */
function syncTime(folder) {
  const file = openSync(join(folder, 'sync'), 'w');
  const durations = Array.from({ length: SYNCS }, () => {
    const start = performance.now();
    writeSync(file, Buffer.alloc(512));
    fdatasyncSync(file);
    return performance.now() - start;
  });
  closeSync(file);
  return median(durations);
}

/**
 * @param {Contestant} contestant
 * @param {Contestant} bare the same without a store
 * @param {typeof loads[number]} load
 */
function row(contestant, bare, load) {
  const figures = contestant.figures(load);
  const without = bare.figures(load);
  if (!figures) return [contestant.name, contestant.failures.get(load.name) ?? 'not measured'];
  return [
    contestant.name,
    whole(figures.requestsPerSecond),
    times(without && figures.requestsPerSecond / without.requestsPerSecond),
    whole(figures.requestsPerCpuSecond),
    times(without && figures.requestsPerCpuSecond / without.requestsPerCpuSecond),
    figures.medianMs.toFixed(2),
    figures.p99Ms.toFixed(2),
  ];
}

/**
 * @param {Contestant[]} contestants
 * @param {number} sync
 */
function printFigures(contestants, sync) {
  const [bare, durable] = contestants;
  console.log(`A small write, synced: ${sync.toFixed(2)} ms\n`);
  const heads = ['requests/s', 'it / bare', 'per CPU-s', 'it / bare', 'median ms', 'p99 ms'];
  for (const load of loads) {
    console.log(
      `${load.name} registers\n${table([['', ...heads], ...contestants.map((one) => row(one, bare, load))])}\n`,
    );
  }
  const ratio = (
    /** @type {typeof loads[number]} */ load,
    /** @type {'requestsPerSecond' | 'requestsPerCpuSecond'} */ key,
  ) => {
    const [ours, without] = [durable.figures(load)?.[key], bare.figures(load)?.[key]];
    return ours && without && ours / without;
  };
  const aims = [
    {
      text: `requests/s at ${writes.name}, durable / not kept`,
      aim: WRITES_AIM,
      ratio: ratio(writes, 'requestsPerSecond'),
    },
    {
      text: `requests per CPU-second at ${reads.name}, durable / not kept`,
      aim: READS_AIM,
      ratio: ratio(reads, 'requestsPerCpuSecond'),
    },
  ];
  console.log(['Aims', ...aims.map(aimLine), '', doubts(contestants, loads)].join('\n').trimEnd());
  return aims;
}

/**
 * Measures, and prints what it found.
 * @param {{ folder: string, seconds: number, rounds: number, progress: (text: string) => void,
 *   atEnd: (stop: () => Promise<void>) => void }} options
 */
export async function benchStorage({ folder, seconds, rounds, progress, atEnd }) {
  const busbar = prepareBusbar('storage');
  if ('missing' in busbar) throw new Error(busbar.missing);
  const { version } = busbar;
  const contestants = variants.map(({ name, kind, mode }) => {
    const command = [...busbar.command, kind, mode, mkdtempSync(join(folder, 'kept-'))];
    return new Contestant(name, version, command);
  });
  atEnd(async () => {
    for (const contestant of contestants) await contestant.stop();
  });
  const where = 'servers on core 0, load generator on core 1';
  describeRun(where, 'functions 03 and 10 (hexadecimal)', [{ name: 'busbar', version }]);
  const sync = syncTime(folder);
  await measureAll(contestants, { loads, loadgen: compileLoadgen(folder), seconds, rounds, progress });
  const aims = printFigures(contestants, sync);
  const failed = contestants.some(({ failures }) => failures.size > 0);
  const figuresOf = (/** @type {Contestant} */ one) =>
    Object.fromEntries(loads.map((load) => [load.name, one.figures(load)]));
  const servers = Object.fromEntries(contestants.map((one) => [one.name, figuresOf(one)]));
  return { data: { seconds, rounds, sync, servers, aims }, failed };
}
