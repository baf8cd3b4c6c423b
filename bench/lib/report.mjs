import { availableParallelism, cpus } from 'node:os';
import { loads } from './measure.mjs';
import { pinned } from './process.mjs';

/**
 * @typedef {import('./measure.mjs').Contestant} Contestant
 * @typedef {import('./measure.mjs').Load} Load
 * @typedef {{ text: string, aim: number, ratio: number | undefined }} Aim
 */

const aims = [
  { peer: 'ceiling', load: '64x1', key: 'requestsPerSecond', aim: 0.7, text: 'requests/s' },
  { peer: 'pymodbus', load: '64x1', key: 'requestsPerCpuSecond', aim: 2, text: 'requests per CPU-second' },
  { peer: 'ceiling', load: '64x16 read 125', key: 'requestsPerCpuSecond', aim: 0.8, text: 'requests per CPU-second' },
  { peer: 'ceiling', load: '64x16 write 100', key: 'requestsPerCpuSecond', aim: 0.8, text: 'requests per CPU-second' },
  { peer: 'libmodbus', load: '64x16', key: 'requestsPerSecond', aim: 5, text: 'requests/s' },
];

/** @param {number} value */
export const whole = (value) => Math.round(value).toLocaleString('en');
/** @param {number} value */
const percent = (value) => `${Math.round(value * 100)} %`;
/** @param {number | undefined} value */
export const times = (value) => (value === undefined ? '–' : value.toFixed(2));

/**
 * What the report begins with.
 * @param {string} placing
 * @param {string} load
 * @param {{ name: string, version: string }[]} contestants
 */
export function describeRun(placing, load, contestants) {
  const where = pinned ? placing : 'NOT PINNED: needs taskset and two cores';
  console.log(`${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}; ${where}`);
  console.log(`${load}; ${contestants.map(({ name, version }) => `${name} ${version}`).join(', ')}\n`);
}

/**
 * How many times the other's figure ours is; undefined where either has none.
 * @param {Contestant[]} contestants
 * @param {string} peer
 * @param {Load} load
 * @param {'requestsPerSecond' | 'requestsPerCpuSecond'} key
 */
function ratio(contestants, peer, load, key) {
  const figure = (/** @type {string} */ name) => contestants.find((one) => one.name === name)?.figures(load)?.[key];
  const ours = figure('busbar');
  const theirs = figure(peer);
  return ours === undefined || theirs === undefined ? undefined : ours / theirs;
}

/** @param {string[][]} rows */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (/** @type {string[]} */ row) =>
    row.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join('  ');
  return rows.map((row) => `  ${line(row)}`.trimEnd()).join('\n');
}

/**
 * @param {Contestant[]} contestants
 * @param {Load} load
 */
function loadTable(contestants, load) {
  const rows = [['', 'requests/s', 'per CPU-s', 'us / it', 'per CPU-s', 'server CPU', 'loadgen CPU', 'others']];
  const failures = [];
  for (const contestant of contestants) {
    const figures = contestant.figures(load);
    if (!figures) {
      failures.push(`  ${contestant.name} fails at this load: ${contestant.failures.get(load.name) ?? 'not measured'}`);
      continue;
    }
    rows.push([
      contestant.name,
      whole(figures.requestsPerSecond),
      whole(figures.requestsPerCpuSecond),
      times(ratio(contestants, contestant.name, load, 'requestsPerSecond')),
      times(ratio(contestants, contestant.name, load, 'requestsPerCpuSecond')),
      percent(figures.serverCpu),
      percent(figures.loadgenCpu),
      percent(figures.otherCpu),
    ]);
  }
  const { connections, outstanding, functionCode, registers } = load;
  const task = functionCode === 3 ? 'reads' : 'writes';
  return [
    `${connections} × ${outstanding} (connections × outstanding), ${task} of ${registers} registers`,
    table(rows),
    ...failures,
  ].join('\n');
}

/** What an idle connection may cost: times a bare server's. */
const idleAim = 1.6;

/** @typedef {Awaited<ReturnType<typeof import('./idle.mjs').measureIdle>>} Idle */

/** @param {Idle} idle */
function idleTable({ busbar, net }) {
  const row = (/** @type {string} */ name, /** @type {Idle['net']} */ { heap, rss }) => [
    name,
    heap.toFixed(2),
    times(busbar.heap / heap),
    rss.toFixed(2),
    times(busbar.rss / rss),
  ];
  const rows = [['', 'heap', 'us / it', 'RSS', 'us / it'], row('busbar', busbar), row('a bare net server', net)];
  return ['Memory of an idle connection, KiB', table(rows)].join('\n');
}

/** @param {Idle} idle */
function idleAims({ busbar, net }) {
  return /** @type {const} */ (['heap', 'rss']).map((key) => {
    const reached = busbar[key] / net[key];
    const verdict = reached <= idleAim ? 'met' : 'NOT MET';
    return `  ${verdict.padEnd(12)}  ${key} of an idle connection, us / net: ${times(reached)}, aim at most ${idleAim}`;
  });
}

/** @param {Contestant[]} contestants */
function memoryTable(contestants) {
  const rows = contestants.map(({ name, memory }) => [
    name,
    memory.idle.toFixed(1),
    memory.afterLoad.toFixed(1),
    memory.peak.toFixed(1),
  ]);
  return ['Memory of the server, MiB', table([['', 'idle', 'after load', 'peak'], ...rows])].join('\n');
}

/**
 * @param {Contestant[]} contestants
 * @returns {Aim[]}
 */
function judgeAims(contestants) {
  return aims.map(({ peer, load: name, key, aim, text }) => {
    const load = loads.find((one) => one.name === name);
    const figure = key === 'requestsPerSecond' ? 'requestsPerSecond' : 'requestsPerCpuSecond';
    const reached = load && ratio(contestants, peer, load, figure);
    return { text: `${text} at ${name}, us / ${peer}`, aim, ratio: reached };
  });
}

/** @param {Aim} aim */
export function aimLine({ text, aim, ratio: reached }) {
  const verdict = reached === undefined ? 'not measured' : reached >= aim ? 'met' : 'NOT MET';
  return `  ${verdict.padEnd(12)}  ${text}: ${times(reached)}, aim ${aim}`;
}

/**
 * The load generator or other programs can spoil a figure; say so rather than let it pass for the server's.
 * @param {Contestant[]} contestants
 * @param {Load[]} measured
 */
export function doubts(contestants, measured) {
  const lines = [];
  for (const load of measured) {
    for (const contestant of contestants) {
      const figures = contestant.figures(load);
      if (!figures) continue;
      if (figures.loadgenCpu > 0.9 && figures.serverCpu < 0.9) {
        lines.push(`  ${contestant.name} at ${load.name}: the load generator was the limit, not the server`);
      }
      if (figures.otherCpu > 0.1) {
        lines.push(`  ${contestant.name} at ${load.name}: other programs took ${percent(figures.otherCpu)} of a core`);
      }
    }
  }
  return lines.length ? ['Doubtful figures', ...lines].join('\n') : '';
}

/**
 * @param {Contestant[]} contestants
 * @param {Record<string, string>} missing
 * @param {Idle | undefined} idle
 */
export function printReport(contestants, missing, idle) {
  const parts = [
    ...loads.map((load) => loadTable(contestants, load)),
    memoryTable(contestants),
    idle && idleTable(idle),
    ['Aims', ...judgeAims(contestants).map(aimLine), ...(idle ? idleAims(idle) : [])].join('\n'),
    doubts(contestants, loads),
    Object.entries(missing)
      .map(([name, reason]) => `Not measured: ${name} (${reason})`)
      .join('\n'),
  ];
  console.log(parts.filter(Boolean).join('\n\n'));
}

/**
 * All the figures, for --json.
 * @param {Contestant[]} contestants
 * @param {Record<string, string>} missing
 */
export function reportData(contestants, missing) {
  const loadData = (/** @type {Contestant} */ contestant, /** @type {Load} */ load) => ({
    ...(contestant.figures(load) ?? { fails: contestant.failures.get(load.name) ?? 'not measured' }),
    usOverIt: ratio(contestants, contestant.name, load, 'requestsPerSecond'),
    usOverItPerCpuSecond: ratio(contestants, contestant.name, load, 'requestsPerCpuSecond'),
  });
  const serverData = (/** @type {Contestant} */ contestant) => ({
    version: contestant.version,
    memoryMiB: contestant.memory,
    loads: Object.fromEntries(loads.map((load) => [load.name, loadData(contestant, load)])),
  });
  return {
    servers: Object.fromEntries(contestants.map((contestant) => [contestant.name, serverData(contestant)])),
    aims: judgeAims(contestants).map((aim) => ({ ...aim, met: aim.ratio !== undefined && aim.ratio >= aim.aim })),
    missing,
  };
}
